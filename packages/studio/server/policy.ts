/**
 * What the page may do: run its own scripts and compile WebAssembly, and nothing else. Neither a request to another place nor
 * code made from text is possible. The build writes it into the page, so that it holds wherever the site is put; the server
 * sends it too, since a worker obeys the policy that its own file came with.
 */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  // Those of formulas.
  "font-src 'self'",
  // The icon.
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
