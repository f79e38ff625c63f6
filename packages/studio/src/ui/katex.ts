/** KaTeX and its look: a file of its own, so that both are fetched together. */
import katex from "katex";
import "katex/dist/katex.min.css";

export const typeset = (tex: string, place: HTMLElement): void =>
  katex.render(tex, place, { output: "htmlAndMathml", throwOnError: false });
