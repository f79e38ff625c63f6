/** What exported code carries along can stand alone, and can be told apart by its names. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../../src");
const own = readdirSync(join(src, "table/standalone")).filter((name) => name !== "index.ts");
const files = ["data/words.ts", "metrics/logits.ts", ...own.map((name) => `table/standalone/${name}`)];
const textOf = (file: string): string => readFileSync(join(src, file), "utf8");

test("imports nothing but each other", () => {
  const allowed = ["./cells.ts", "./dates.ts", "../../data/words.ts", "../../metrics/logits.ts"];
  for (const file of files) {
    const imported = [...textOf(file).matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, path]) => path);
    expect(imported.filter((path) => !allowed.includes(path as string) && path !== "chainrule/table")).toEqual([]);
  }
});

test("begins each declaration after a blank line, under a name of its own", () => {
  const all = files.flatMap((file) =>
    textOf(file)
      .split(/\n\n(?=\S)/)
      .map((part) =>
        [...part.matchAll(/^(?:export )?(?:const|function|type|interface|class|let) (\w+)/gm)].map(([, name]) => name),
      ),
  );
  expect(all.filter((names) => names.length > 1)).toEqual([]);
  const names = all.flat();
  expect(names).toContain("categoryWriter");
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
