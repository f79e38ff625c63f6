/** A formula, typeset. */
import { useEffect, useRef } from "preact/hooks";

/** Drawn by KaTeX with its own fonts, and MathML for screen readers; both are fetched when there is a formula. */
export function Formula({ tex }: { readonly tex: string }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    import("./katex.ts").then(
      ({ typeset }) => {
        if (current && place.current !== null) typeset(tex, place.current);
      },
      () => {
        // What it says can be read as it is written, too.
        if (current && place.current !== null) place.current.textContent = tex;
      },
    );
    return () => {
      current = false;
    };
  }, [tex]);
  return <span class="formula" ref={place} />;
}
