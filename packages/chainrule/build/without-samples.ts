/** Leaves out of the built library what primitives hold for the tests and the documentation of this repository only. */
import type { Plugin } from "vite";

const LEFT_OUT = ["samples", "doc"];

/** What is used of a syntax tree (ESTree). */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly key?: { readonly name?: string };
}

export const withoutSamples: Plugin = {
  name: "without-samples",
  // Of the source as it is written.
  enforce: "pre",
  transform: {
    filter: { id: /\/src\/(graph|ops)\/.*\.ts$/ },
    handler(code) {
      const properties = propertiesIn(this.parse(code, { lang: "ts" })).filter(({ key }) =>
        LEFT_OUT.includes(key?.name ?? ""),
      );
      // Blanks in their place leave all positions as they are, for the source maps.
      const blanked = properties.reduce((text, { start, end }) => {
        const upToComma = end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0);
        return text.slice(0, start) + text.slice(start, upToComma).replace(/\S/g, " ") + text.slice(upToComma);
      }, code);
      return { code: blanked, map: null };
    },
  },
};

/** The properties of all object literals below a node. */
function propertiesIn(node: unknown): SyntaxNode[] {
  if (typeof node !== "object" || node === null) return [];
  const inside = Object.values(node).flatMap(propertiesIn);
  return "type" in node && node.type === "Property" ? [node as SyntaxNode, ...inside] : inside;
}
