/** Leaves out of the built library what objects hold for the tests and the documentation of this repository only. */
import type { Plugin } from "vite";

/** Properties that nothing reads when a program runs, and the sources in whose object literals they stand. */
const LEFT_OUT: readonly { readonly in: RegExp; readonly properties: readonly string[] }[] = [
  { in: /\/src\/(graph|ops)\//, properties: ["samples", "doc", "onnx"] },
  { in: /\/src\/compile\/rules\.ts$/, properties: ["name", "signOfZero"] },
];

/** What is used of a syntax tree (ESTree). */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly key?: { readonly name?: string };
  readonly properties?: readonly SyntaxNode[];
}

export const onlyWhatRuns: Plugin = {
  name: "only-what-runs",
  // Before TypeScript's types are removed.
  enforce: "pre",
  transform: {
    filter: { id: LEFT_OUT.map((rule) => rule.in) },
    handler(code, id) {
      const names = LEFT_OUT.filter((rule) => rule.in.test(id)).flatMap(({ properties }) => properties);
      const found = propertiesIn(this.parse(code, { lang: "ts" })).filter(({ key }) => names.includes(key?.name ?? ""));
      // Blanks in their place leave all positions as they are, for the source maps.
      const blanked = found.reduce((text, { start, end }) => {
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
  const { type, properties = [] } = node as SyntaxNode;
  const own = type === "ObjectExpression" ? properties.filter((property) => property.type === "Property") : [];
  return [...own, ...Object.values(node).flatMap(propertiesIn)];
}
