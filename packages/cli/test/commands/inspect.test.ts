/** `chainrule inspect`: what it says of a file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { contentsOf, type Files, folderOf } from "../support/catalogue.ts";
import { chainrule } from "../support/command.ts";
import { runHere } from "../support/in-process.ts";

const EXAMPLES = fileURLToPath(new URL("../../../../examples/data", import.meta.url));

/** What is said of a file, which stays as it was. */
async function inspect(files: Files, ...args: string[]): Promise<string> {
  using folder = folderOf(files);
  const before = contentsOf(folder.path);
  const { status, stdout, stderr } = await runHere(["inspect", ...args], folder.path);
  expect([status, stderr]).toEqual([0, ""]);
  expect(contentsOf(folder.path)).toEqual(before);
  return stdout;
}

const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join("");

describe("columns", () => {
  test("their kinds, what is missing, and their values", async () => {
    // Every seventh size is missing: 6 of 40.
    const data = rows(
      40,
      (i) =>
        `${8000 + (i % 5)},${i % 7 === 0 ? "" : i},2024-01-${10 + (i % 9)},${i % 2 ? "yes" : "no"},shop ${i % 3},same`,
    );
    expect(await inspect({ "shops.csv": `zip,size,opened,open,name,country\n${data}` }, "shops.csv")).toBe(
      `shops.csv: 40 rows of 6 columns

  column   kind                missing  values
  zip      category                     5 values: 8000, 8001, 8002 …; whole
                                        numbers under the name of a code, not
                                        quantities
  size     number                    6  1 … 39; all values are numbers
  opened   date                         9 values: 2024-01-10, 2024-01-11,
                                        2024-01-12 …; dates written as
                                        year-month-day
  open     boolean                      no, yes; yes or no, written as "no" and
                                        "yes"
  name     category                     shop 0, shop 1, shop 2; words, 3
                                        different ones
  country  constant, not used           same; all rows have "same": nothing can
                                        be learned from it

Nothing else stands out.
`,
    );
  });

  test("a table of constants has rows, but nothing to learn from", async () => {
    const said = await inspect({ "data.csv": `a,b\n${rows(20, () => "1,2")}` }, "data.csv");
    expect(said.replace(/\s+/g, " ")).toContain("error: No column is left to learn from. Give columns that vary, or");
    expect(said).not.toContain("There are no rows");
  });

  test("what is strange about rows, with lines and options of the command", async () => {
    // A sum of irrational steps: no row is like another.
    const noise = (i: number, step: number): string => (100 * ((i * step) % 1)).toFixed(1);
    const line = (i: number): string => {
      const kilograms = Number(noise(i, Math.SQRT2)) + 40;
      const code = i % 6 === 3 ? "-999" : noise(i, Math.E);
      return `${kilograms},${Math.round(kilograms * 22.0462) / 10},${code},${i % 3 ? "" : noise(i, Math.PI)},${i % 40 ? "a" : "b"}`;
    };
    const once = rows(90, line);
    const said = await inspect({ "data.csv": `kg,lb,code,rare,kind\n${once}${once}` }, "data.csv", "--target", "kind");
    const text = said.replace(/\s+/g, " ");
    expect(text).toContain(
      '"lb" is, but for rounding, a linear function of "kg". It adds nothing; leave one of them out by --drop.',
    );
    expect(text).toContain('"code" is -999 in 30 rows (16.7 %; first: line 5), and ');
    expect(text).toContain('"rare" has no value in 120 rows (66.7 %; first: line 3). What is filled in tells little;');
    expect(text).toContain("90 rows (50.0 %) are the same as one before, the first being line 92, a copy of line 2.");
    expect(text).toContain("With --balanced all classes count alike.");
    expect(text).not.toMatch(/classWeights|Nothing else/);
  });

  test("values that do not fit, with the line of the first", async () => {
    const data = rows(40, (i) => `${i === 6 ? "tall" : i},${i % 3}`);
    const said = await inspect({ "data.csv": `height,leaves\n${data}` }, "data.csv");
    // The header is line 1.
    expect(said.replace(/\s+/g, " ")).toContain('but for one value that counts as missing, "tall" (line 8)');
  });

  test("many that are alike are one line", async () => {
    const said = await inspect(
      { "digits.csv": readFileSync(join(EXAMPLES, "digits.csv")) },
      "digits.csv",
      "--target",
      "digit",
    );
    // 65 columns, of which two are constant and stand between the others.
    expect(said.match(/^ {2}pixel_\d_\d … pixel_\d_\d +number .*\d+ columns; 0 … 16; all$/gm)?.length).toBeGreaterThan(
      1,
    );
    expect(said.split("\n").length).toBeLessThan(40);
  });
});

describe("the target", () => {
  test("what is to be learned, and what is left out", async () => {
    const data = `height,kind\n${rows(30, (i) => `${(i * 7) % 11},${i < 2 ? "" : ["rose", "oak", "fern"][i % 3]}`)}`;
    const said = await inspect({ "data.csv": data }, "data.csv", "--target", "kind");
    expect(said).toContain(
      'To predict "kind": classification, since the target has 3 values, which are words. 2 rows without a value will be left out.',
    );
  });

  test("numbers", async () => {
    const said = await inspect(
      { "data.csv": `a,y\n${rows(60, (i) => `${(i * 7) % 31},${i * 1.25}`)}` },
      "data.csv",
      "--target",
      "y",
    );
    expect(said).toContain('To predict "y": regression, since ');
  });
});

describe("what will go wrong", () => {
  const findings = async (data: string, ...args: string[]) =>
    (
      JSON.parse((await jsonOf(data, ...args)).stdout) as {
        findings: { kind: string; columns: string[]; message: string }[];
      }
    ).findings;

  async function jsonOf(data: string, ...args: string[]) {
    using folder = folderOf({ "data.csv": data });
    const finished = await runHere(["inspect", "data.csv", "--json", ...args], folder.path);
    expect(finished.status).toBe(0);
    return finished;
  }

  test("columns that tell the same", async () => {
    const found = await findings(
      `a,b,c\n${rows(20, (i) => `${(i * 7) % 11},${((i * 7) % 11) * 2 + 1},${(i * 3) % 13}`)}`,
    );
    expect(found.map(({ kind, columns }) => [kind, ...columns])).toEqual([["duplicate", "a", "b"]]);
  });

  test("a column that gives the target away", async () => {
    const data = `a,paid,bought\n${rows(40, (i) => `${(i * 7) % 11},${(i * 5) % 8 < 3 ? "yes" : "no"},${(i * 5) % 8 < 3 ? 1 : 0}`)}`;
    expect((await findings(data, "--target", "bought")).map(({ kind, columns }) => [kind, ...columns])).toContainEqual([
      "leak",
      "paid",
    ]);
    expect((await findings(data, "--target", "bought", "--drop", "paid")).map(({ kind }) => kind)).not.toContain(
      "leak",
    );
  });

  test("a class that is rare", async () => {
    const data = `a,kind\n${rows(100, (i) => `${(i * 7) % 23},${i % 20 === 7 ? "rare" : "usual"}`)}`;
    expect((await findings(data, "--target", "kind")).map(({ kind }) => kind)).toEqual(["imbalance"]);
  });

  test("rows in the order of the target", async () => {
    const data = `a,kind\n${rows(60, (i) => `${(i * 7) % 23},${i < 30 ? "oak" : "rose"}`)}`;
    const [sorted] = await findings(data, "--target", "kind");
    expect(sorted).toMatchObject({
      kind: "sorted",
      advice: "chainrule train shuffles the rows before it parts them; before you part them yourself, shuffle them.",
    });
  });
});

describe("output and input", () => {
  test("--json prints one object on standard output, and the words on standard error", async () => {
    using folder = folderOf({ "data.csv": `a,kind\n${rows(20, (i) => `${i % 7},${i % 2 ? "rose" : "oak"}`)}` });
    const { stdout, stderr } = await runHere(["inspect", "data.csv", "--target", "kind", "--json"], folder.path);
    expect(stdout.trimEnd().split("\n").length).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      file: "data.csv",
      format: "csv",
      rows: 20,
      columns: [
        // The mean of twice 0 … 6 and 0 … 5: (42 + 15) / 20.
        { name: "a", kind: "number", use: "feature", missing: 0, distinct: 7, numbers: { min: 0, max: 6, mean: 2.85 } },
        { name: "kind", kind: "category", use: "target", distinct: 2 },
      ],
      task: { task: "classification" },
    });
    expect(stderr).toContain("data.csv: 20 rows of 2 columns");
  });

  test("standard input, packed", async () => {
    const { status, stdout } = await chainrule(["inspect", "-"], { input: gzipSync("a;b\n1;x\n2;y\n3;x\n") });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^standard input: 3 rows of 2 columns; format csv; unpacked \(gzip\); delimiter ";"\n/);
  });
});
