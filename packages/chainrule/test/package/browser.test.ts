/** The installed library in a real browser: plain module scripts and an import map, no bundler. */
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launchChromium, requireChromium } from "../../../../test/support/chromium.ts";
import { expectXor } from "./expect-xor.ts";

const installed = inject("installed");
const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));
const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".map": "application/json" };

/** What the import map must say for a page without a bundler: each export of package.json under its name. */
function importMap(): string {
  const manifest = JSON.parse(readFileSync(join(installed, "node_modules/chainrule/package.json"), "utf8"));
  const imports: Record<string, string> = {};
  for (const [name, target] of Object.entries<{ default?: string }>(manifest.exports)) {
    if (target.default) imports[join("chainrule", name).split(sep).join("/")] = `/chainrule/${target.default.slice(2)}`;
  }
  return JSON.stringify({ imports });
}

const page = () =>
  `<!doctype html><title>XOR</title><link rel="icon" href="data:,"><script type="importmap">${importMap()}</script>` +
  '<script type="module" src="/page.js"></script>';

/** Serves the page, the fixtures and the installed library; `isolated` adds the headers that shared memory needs. */
function serve(isolated: boolean): Promise<Server> {
  const headers: Record<string, string> = isolated
    ? { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }
    : {};
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    if (path === sep) {
      response.writeHead(200, { ...headers, "Content-Type": "text/html" }).end(page());
      return;
    }
    const library = join(sep, "chainrule", sep);
    const file = path.startsWith(library) ? join(installed, "node_modules", path) : join(fixtures, path);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, headers).end();
      return;
    }
    response.writeHead(200, { ...headers, "Content-Type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** Squares a matrix many times: the most threads that took part, and how many results were not those of one thread. */
const squareTogether = `import("chainrule").then(async ({ compile, setThreads, tensor }) => {
  const used = new Set([1]);
  // A program for several threads is told at each run how many there are.
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (module, imports) {
    const { exports } = new Instance(module, imports);
    const run = (thread, threads = 1) => {
      used.add(threads);
      return exports.run(thread, threads);
    };
    return { exports: { ...exports, run } };
  };
  const rows = Array.from({ length: 256 }, (_, i) => Array.from({ length: 256 }, (_, j) => Math.sin(i + 2 * j)));
  const x = tensor(rows);
  const square = compile((x) => x.matmul(x).tanh());
  setThreads("auto");
  const alone = square(x).dataSync();
  let different = 0;
  for (let turn = 0; turn < 100 || (turn < 2000 && crossOriginIsolated && used.size === 1); turn++) {
    const found = square(x).dataSync();
    if (!found.every((value, i) => value === alone[i])) different++;
    if (turn % 10 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return { threads: Math.max(...used), different, cores: navigator.hardwareConcurrency };
})`;

describe.skipIf(!requireChromium("the browser tests"))("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  for (const isolated of [false, true]) {
    it(`a page that is ${isolated ? "" : "not "}cross-origin isolated trains XOR, and shares work ${isolated ? "" : "not "}between threads`, async () => {
      const server = await serve(isolated);
      try {
        const tab = await browser.newPage();
        const complaints: string[] = [];
        tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        tab.on("pageerror", (error) => complaints.push(String(error)));
        tab.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
        tab.on("response", (reply) => {
          if (reply.status() >= 400) complaints.push(`${reply.status()} ${reply.url()}`);
        });
        await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        expect(await tab.evaluate("crossOriginIsolated")).toBe(isolated);
        await tab.waitForFunction("window.result !== undefined", undefined, { timeout: 45_000 }).catch(() => {
          throw new Error(`The page gave no result. It said: ${complaints.join("; ") || "nothing"}`);
        });
        const result = (await tab.evaluate("window.result")) as {
          value: Parameters<typeof expectXor>[0];
          error?: string;
        };
        expect(result.error).toBeUndefined();
        expectXor(result.value);
        const shared = (await tab.evaluate(squareTogether)) as { threads: number; different: number; cores: number };
        expect(shared.different).toBe(0);
        expect(shared.threads).toBe(isolated ? Math.min(shared.cores, 8) : 1);
        expect(complaints).toEqual([]);
        await tab.close();
      } finally {
        server.close();
      }
    });
  }
});
