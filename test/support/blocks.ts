/**
 * The TypeScript blocks of a Markdown file as modules that check themselves.
 *
 * - A block fenced by ```ts is one module. ```ts continued goes on where the block before it ended, and
 *   ```ts no-run is type-checked only.
 * - A line `expression; // → text` (also `const name = expression; // → text` and `console.log(expression); // → text`)
 *   promises what util.inspect shows of the awaited value. A `…` in the text stands for anything.
 */
export interface Block {
  /** The Markdown file, relative to the repository. */
  readonly file: string;
  /** Of the opening fence, counted from 1. */
  readonly line: number;
  readonly run: boolean;
  readonly promises: number;
  /** The module, with every line where it is in the Markdown file. */
  readonly code: string;
}

const fence = /^(\s*)```(.*)$/;
/** What the rewritten lines call; it stands in the first line, which no block uses. */
const preamble = 'import { check as __check } from "./check.ts";';

export function blocksOf(file: string, markdown: string): Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  let previous: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const opening = fence.exec(lines[i] as string);
    if (!opening) continue;
    const [language, ...words] = (opening[2] as string).trim().split(/\s+/);
    const unknown = words.filter((word) => word !== "continued" && word !== "no-run");
    if (language === "ts" && unknown.length > 0) {
      throw new Error(`${file}:${i + 1}: "${unknown.join(" ")}" is neither "continued" nor "no-run".`);
    }
    const start = i;
    const module = language === "ts" && words.includes("continued") ? [...previous] : [preamble];
    let promises = 0;
    for (i++; i < lines.length && !/^\s*```\s*$/.test(lines[i] as string); i++) {
      const { code, promised } = withCheck(lines[i] as string, `${file}:${i + 1}`);
      module[i] = code;
      if (promised) promises++;
    }
    if (i === lines.length) throw new Error(`${file}:${start + 1}: the fence is never closed.`);
    if (language !== "ts") continue;
    previous = module;
    const code = Array.from(module, (line) => line ?? "").join("\n");
    blocks.push({ file, line: start + 1, run: !words.includes("no-run"), promises, code: `${code}\nexport {};\n` });
  }
  return blocks;
}

/** The documentation comments of a TypeScript file as Markdown, every line where it is in the file. */
export function commentsOf(source: string): string {
  let inside = false;
  const lines = source.split("\n").map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = !line.includes("*/");
    else if (inside && line.includes("*/")) inside = false;
    else if (inside) return line.replace(/^\s*\* ?/, "");
    return "";
  });
  return lines.join("\n");
}

/** Turns a line with a promise into one that keeps it; leaves every other line as it is. */
export function withCheck(line: string, place: string): { code: string; promised: boolean } {
  const parts = /^(\s*)(\S.*?);?\s*\/\/ → (.*)$/.exec(line);
  if (!parts) return { code: line, promised: false };
  const [, indent, statement = "", promise = ""] = parts;
  const tail = `${JSON.stringify(promise.trim())}, ${JSON.stringify(place)});`;
  const declaration = /^(?:const|let)\s+(\w+)\b/.exec(statement);
  if (declaration) return { code: `${indent}${statement}; await __check(${declaration[1]}, ${tail}`, promised: true };
  const logged = /^console\.log\((.*)\)$/.exec(statement);
  return { code: `${indent}await __check(${logged ? logged[1] : statement}, ${tail}`, promised: true };
}
