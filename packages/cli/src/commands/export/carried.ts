/**
 * The library's own text, where printed code does what the library does: the declarations that are asked for and those that they
 * need, out of the few files that depend on nothing else (packages/chainrule/src/table/standalone/index.ts says more).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const FILES = [
  "data/words.ts",
  "table/standalone/cells.ts",
  "table/standalone/dates.ts",
  "table/standalone/writers.ts",
  "metrics/logits.ts",
  "table/standalone/classes.ts",
];

/** The published library holds its sources; its package.json says where they are. */
const sources = (): URL =>
  new URL("src/", pathToFileURL(createRequire(import.meta.url).resolve("chainrule/package.json")));

/** @param exported names that the printed module exports too */
export function carried(names: readonly string[], exported: readonly string[] = []): string {
  const declarations = new Map(FILES.flatMap((file) => declarationsOf(readFileSync(new URL(file, sources()), "utf8"))));
  const needed = new Set<string>();
  const need = (name: string): void => {
    const text = declarations.get(name);
    if (text === undefined) throw new Error(`the library has no standalone ${name}`);
    if (needed.has(name)) return;
    needed.add(name);
    const words = withoutComments(text).match(/[A-Za-z_$][\w$]*/g) ?? [];
    for (const word of words) if (declarations.has(word)) need(word);
  };
  for (const name of [...names, ...exported]) need(name);
  return [...declarations]
    .filter(([name]) => needed.has(name))
    .map(([name, text]) => (exported.includes(name) ? text : text.replace(/^export /m, "")))
    .join("\n\n");
}

/** Declarations by name, each with its comment, but for examples of how the library is used. */
const declarationsOf = (text: string): [string, string][] =>
  text.split(/\n\n(?=\S)/).flatMap((part): [string, string][] => {
    const [, name] = /^(?:export )?(?:const|function|type|interface) (\w+)/m.exec(part) ?? [];
    return name === undefined ? [] : [[name, part.trim().replace(/\n \*\n \* @example[\s\S]*?```\n(?= \*\/)/, "\n")]];
  });

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
