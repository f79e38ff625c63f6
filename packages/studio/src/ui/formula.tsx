/** A formula, typeset. */
import { useEffect, useRef } from "preact/hooks";

/** MathML, which browsers draw and screen readers read; KaTeX is fetched when there is a formula. */
export function Formula({ tex }: { readonly tex: string }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    void import("katex").then(({ default: katex }) => {
      if (current && place.current !== null)
        katex.render(tex, place.current, { output: "mathml", throwOnError: false });
    });
    return () => {
      current = false;
    };
  }, [tex]);
  return <span class="formula" ref={place} />;
}
