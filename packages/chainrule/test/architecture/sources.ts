/** The library's source files and who imports whom, read with a regular expression: the sources keep to plain forms. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const sourceFolder = join(packageFolder, "src");

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** The imported file relative to src, where the specifier is relative. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
  /** By `import(…)` inside code, so it is loaded when and if that runs. */
  readonly dynamic: boolean;
}

export interface Source {
  /** Relative to src, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Reads every TypeScript file of src. */
export function readSources(): Source[] {
  if (!existsSync(sourceFolder)) throw new Error(`${sourceFolder} does not exist.`);
  return globSync("**/*.ts", { cwd: sourceFolder })
    .map((path) => path.split(sep).join("/"))
    .sort()
    .map((path) => {
      const text = readFileSync(join(sourceFolder, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

/** The imports of one file. Comments are left out; a string that looks like an import statement would be taken for one. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, dynamic: boolean) => {
    const file = specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
    found.push({ specifier, file, typeOnly, dynamic });
  };
  for (const [, clause, specifier] of code.matchAll(/^(?:import|export)\s([^;"']*?)\sfrom\s*["']([^"']+)["']/gm)) {
    add(specifier as string, isTypeOnly(clause as string), false);
  }
  for (const [, specifier] of code.matchAll(/^import\s*["']([^"']+)["']/gm)) add(specifier as string, false, false);
  for (const [, before, specifier] of code.matchAll(/(.{0,8})\bimport\(\s*["']([^"']+)["']/g)) {
    // `import("./x.ts").Name` in a type position cannot be told apart cheaply; the sources use `import type` instead.
    if (!/\btypeof $/.test(before as string)) add(specifier as string, false, true);
  }
  return found;
}

/** `type { A }`, `{ type A, type B }`; `type` as the name of a value does not occur. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true;
  const named = /^\{([^}]*)\}$/.exec(clause.trim());
  if (!named) return false;
  const names = (named[1] as string).split(",").map((name) => name.trim());
  return names.filter((name) => name !== "").every((name) => name.startsWith("type "));
}

/** Blanks comments and keeps line breaks. A `//` inside a string ends the line's code, which no import contains. */
export function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  return text
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(^|[^:"'`])\/\/.*$/gm, (all, before) => before + blank(all.slice(before.length)));
}

/** The top folder of a file: `"nn"` for `"nn/dense.ts"`, `""` for `"index.ts"`. */
export const folderOf = (path: string): string => (path.includes("/") ? (path.split("/")[0] as string) : "");

/** A cycle in a directed graph as the list of its nodes, the first repeated at the end; undefined when there is none. */
export function findCycle(edges: ReadonlyMap<string, Iterable<string>>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (done.has(node)) return undefined;
    const start = path.indexOf(node);
    if (start >= 0) return [...path.slice(start), node];
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}
