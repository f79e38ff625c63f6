/** `chainrule eval` on real files: its numbers are those of the library, and of counting by hand. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Row, Table, type TableModel } from "chainrule/table";
import { beforeAll, describe, expect, test } from "vitest";
import { assessModel, type ClassificationAssessment, type RegressionAssessment } from "../../src/assess/index.ts";
import { formatRow } from "../../src/files/index.ts";
import { chainrule } from "../support/command.ts";
import { PRICE, SOLD, shopFor, writeModel } from "../support/shop.ts";
import { fixture, temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const inside = (name: string): string => join(folder, name);
const IRIS = new URL("../../../../examples/data/iris.csv", import.meta.url).pathname;

const write = (name: string, rows: readonly Row[], delimiter = ","): string => {
  const { names } = Table.fromRows(rows);
  const lines = rows.map((row) => names.map((column) => row[column] ?? null));
  writeFileSync(inside(name), [names, ...lines].map((cells) => formatRow(cells, delimiter)).join(""));
  return name;
};

interface Result {
  readonly trainedOnThisFile: boolean;
  readonly rowsWithoutTarget: number;
  readonly notes: readonly object[];
  readonly assessment: (ClassificationAssessment | RegressionAssessment) & { readonly mistakes: readonly object[] };
}

async function evaluate(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await chainrule(["eval", ...args], { cwd: folder });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

async function numbers(...args: string[]): Promise<Result> {
  const { status, stdout } = await chainrule(["eval", ...args, "--json", "--quiet"], { cwd: folder });
  expect(status).toBe(0);
  // One object and nothing else.
  return JSON.parse(stdout) as Result;
}

async function fails(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await chainrule(["eval", ...args], { cwd: folder });
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).not.toContain("    at ");
  return stderr;
}

let [sold, price]: TableModel[] = [];
const many = shopFor(SOLD, 2345);
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const without = <T extends { mistakes: unknown }>({ mistakes, ...rest }: T) => rest;

beforeAll(async () => {
  sold = await writeModel(inside("sold.safetensors"), shopFor(SOLD, 120), SOLD);
  price = await writeModel(inside("price.safetensors"), shopFor(PRICE, 120), PRICE, { record: { baseline: 50 } });
  write("many.csv", many);
  write("prices.csv", shopFor(PRICE, 1500));
  const train = ["--hidden", "8", "--epochs", "20", "--l2", "0.01", "--validation", "0", "--quiet"];
  const { status } = await chainrule(["train", IRIS, "--target", "species", ...train], { cwd: folder });
  expect(status).toBe(0);
});

describe("classes", () => {
  test("over many batches the numbers are those of the whole table at once, and of counting", async () => {
    const { assessment, rowsWithoutTarget, trainedOnThisFile } = await numbers("sold.safetensors", "many.csv");
    const model = sold as TableModel;
    const whole = await assessModel(model, Table.fromRows(many));
    expect(without(assessment)).toEqual(without(plain(whole.assessment)));
    const { classes } = await model.predict(many);
    const right = classes?.filter((name, i) => name === many[i]?.[SOLD]).length;
    expect(assessment).toMatchObject({ rows: 2345, right, accuracy: (right as number) / 2345 });
    expect([rowsWithoutTarget, trainedOnThisFile]).toEqual([0, false]);
  });

  test("a threshold moves the confusion matrix and leaves what is of probabilities as it is", async () => {
    const { probabilities } = await (sold as TableModel).predict(many);
    const confusion = [
      [0, 0],
      [0, 0],
    ] as [[number, number], [number, number]];
    many.forEach((row, i) => {
      const actual = row[SOLD] === "yes\nplease" ? 1 : 0;
      confusion[actual][(probabilities?.[i]?.[1] as number) > 0.4 ? 1 : 0]++;
    });
    const moved = (await numbers("sold.safetensors", "many.csv", "--threshold", "0.4")).assessment;
    const usual = (await numbers("sold.safetensors", "many.csv")).assessment as ClassificationAssessment;
    expect(moved).toMatchObject({ confusion, rocAuc: usual.rocAuc, logLoss: usual.logLoss });
    expect(confusion).not.toEqual(usual.confusion);
  });

  test("the text has metrics, classes, confusion matrix and calibration, and says that the file was learned from", async () => {
    const text = await evaluate("model.safetensors", IRIS);
    expect(text.split("\n").slice(0, 5)).toEqual([
      expect.stringMatching(/iris\.csv: 150 rows$/),
      expect.stringMatching(
        /iris\.csv is the file that the model was trained on, and it has learned from 120 rows of it: on rows that it has not seen it will do worse\.$/,
      ),
      "",
      expect.stringMatching(/^Right: \d\d\.\d\d % \(\d+ of 150 rows\);$/),
      "always saying “setosa”, the most frequent: 33.33 %",
    ]);
    for (const part of [
      "accuracy  ",
      "log loss  ",
      "class       precision",
      "Confusion matrix (rows",
      "Calibration (the",
    ])
      expect(text).toContain(part);
    expect(await evaluate("model.safetensors", IRIS, "--quiet")).toMatch(/^Right: [^\n]+\n$/);
  });

  test("the most confident mistakes come with their place and row", async () => {
    const rows = shopFor(SOLD, 1200).map((row, i): Row => ({ id: `№ ${i}`, ...row }));
    write("named.csv", rows);
    const { classes, probabilities } = await (sold as TableModel).predict(rows);
    const wrong = rows
      .map((row, i) => {
        const [no, yes] = Array.from(probabilities?.[i] ?? []) as [number, number];
        return { row, i, said: classes?.[i], p: Math.max(no, yes), other: Math.min(no, yes) };
      })
      .filter(({ row, said }) => row[SOLD] !== said)
      .sort((a, b) => b.p - a.p || a.i - b.i);
    const { assessment } = await numbers("sold.safetensors", "named.csv", "--mistakes", "4");
    // A class has a line break: lines are counted as an editor does.
    const line = (i: number): number =>
      2 + i + rows.slice(0, i).filter((row) => String(row[SOLD]).includes("\n")).length;
    expect(assessment.mistakes).toEqual(
      wrong.slice(0, 4).map(({ row, i, said, p, other }) => ({
        place: `line ${line(i)}`,
        actual: row[SOLD],
        predicted: said,
        probability: p,
        actualProbability: other,
        row,
      })),
    );
    const text = await evaluate("sold.safetensors", "named.csv", "--mistakes", "1", "--quiet");
    const [first] = wrong as [(typeof wrong)[number]];
    expect(text).toContain(`The rows that it is most wrong about\n  line ${line(first.i)}: it is “`);
    expect(text).toContain(`      id № ${first.i}, size ${first.row.size ?? "–"}, color ${first.row.color}, day`);
  });

  test("rows without a target are left out, and told; so are strange cells of the others", async () => {
    const rows = many.slice(0, 1300).map((row, i) => ({
      ...row,
      [SOLD]: i % 100 === 7 ? (i === 7 ? "n/a" : null) : (row[SOLD] as string),
      color: i === 1250 || i === 7 ? "mauve" : (row.color as string),
      size: "3",
    }));
    write("gaps.csv", rows);
    const { assessment, rowsWithoutTarget, notes } = await numbers("sold.safetensors", "gaps.csv");
    expect([assessment.rows, rowsWithoutTarget]).toEqual([1287, 13]);
    const line = 2 + 1250 + rows.slice(0, 1250).filter((row) => String(row[SOLD]).includes("\n")).length;
    expect(notes).toEqual([{ column: "color", what: "unseen", count: 1, place: `line ${line}`, example: "mauve" }]);
    const text = await evaluate("sold.safetensors", "gaps.csv");
    expect(text.split("\n").slice(0, 2)).toEqual([
      `gaps.csv: 1,287 rows; 13 rows without "sold, \\"really\\"" left out`,
      `"color": 1 value that the training rows did not have, "mauve" in line ${line}; it counts as none of the known ones.`,
    ]);
  });

  test("a mark, UTF-16, gzip, another delimiter and standard input change nothing", async () => {
    const result = async (file: string, input?: Uint8Array): Promise<Result> => {
      const args = ["eval", "sold.safetensors", file, "--json", "--quiet", "--mistakes", "3"];
      const { stdout } = await chainrule(args, { cwd: folder, ...(input === undefined ? {} : { input }) });
      return JSON.parse(stdout) as Result;
    };
    const rows = many.slice(0, 300).map((row) => ({ "ört, 漢字": '🌲 "a"\r\nb', ...row }));
    const text = readFileSync(inside(write("plain.csv", rows)), "utf8");
    const { assessment } = await result("plain.csv");
    expect(assessment.mistakes[0]).toMatchObject({ row: { "ört, 漢字": '🌲 "a"\r\nb' } });
    writeFileSync(inside("mark.csv"), `\ufeff${text}`);
    writeFileSync(inside("wide.csv"), Buffer.from(`\ufeff${text}`, "utf16le"));
    writeFileSync(inside("packed.csv.gz"), gzipSync(text));
    write("semicolons.csv", rows, ";");
    for (const file of ["mark.csv", "wide.csv", "packed.csv.gz", "semicolons.csv"])
      expect((await result(file)).assessment).toEqual(assessment);
    expect((await result("-", Buffer.from(text))).assessment).toEqual(assessment);
  });

  test("standard input and Parquet are read too", async () => {
    const { stdout } = await chainrule(["eval", "price.safetensors", "-", "--quiet"], {
      cwd: folder,
      input: "size,color,day,price (CHF)\n1,red,2024-01-02,3\n",
    });
    expect(stdout).toMatch(/^Off by [\d.]+ CHF on average on 1 row; always saying the mean, 50 CHF: 47 CHF\n$/);
    const rows = Array.from({ length: 8 }, (_, i) => ({
      length: 4 + i / 4,
      ripe: i % 3 > 0,
      species: i % 2 ? "setosa" : "virginica",
    }));
    await writeModel(inside("plants.safetensors"), rows, "species", { kinds: { ripe: "boolean" } });
    const { assessment, rowsWithoutTarget } = await numbers("plants.safetensors", fixture("plants-zstd.parquet"));
    expect([assessment.rows, rowsWithoutTarget]).toEqual([3, 1]);
  });
});

describe("values", () => {
  test("the numbers are those of the whole table at once, beside the mean of the rows trained on", async () => {
    const { assessment } = await numbers("price.safetensors", "prices.csv", "--mistakes", "2");
    const table = Table.fromRows(shopFor(PRICE, 1500));
    const whole = await assessModel(price as TableModel, table, { value: 50 });
    expect(without(assessment)).toEqual(without(plain(whole.assessment)));
    expect(assessment.mistakes).toEqual(
      (whole.assessment as RegressionAssessment).mistakes
        .slice(0, 2)
        .map(({ row, ...rest }) => ({ ...rest, place: `line ${row + 2}`, row: textsOf(table.row(row)) })),
    );
  });

  test("the text has the unit, the residuals, and the rows that are farthest off", async () => {
    const text = await evaluate("price.safetensors", "prices.csv", "--mistakes", "1");
    expect(text).toMatch(/\nOff by [\d.]+ CHF on average on 1,500 rows;\nalways saying the mean, 50 CHF: [\d.]+ CHF\n/);
    expect(text).toContain("True less predicted: 90 of 100 rows between");
    expect(text).toMatch(/\n {2}line \d+: it is [\d.]+, predicted [−\d.]+, off by [−\d.]+\n {6}size /);
  });
});

/** As CSV has them. */
const textsOf = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell === null ? null : String(cell)]));

describe("mistakes", () => {
  test("a class that the model does not know, with its line", async () => {
    const rows = shopFor(SOLD, 1100).map((row) => ({ ...row, [SOLD]: 'no, "thanks"' }));
    write("maybe.csv", [...rows, { ...(rows[0] as Row), [SOLD]: "maybe" }]);
    expect(await fails("sold.safetensors", "maybe.csv")).toBe(
      `error: maybe.csv, line 1102: "sold, \\"really\\"" has the class "maybe", and the model knows "no, \\"thanks\\"", "yes\\nplease".\n`,
    );
  });

  test("a value that is no number, or infinite", async () => {
    write("word.csv", [...shopFor(PRICE, 3), { size: 1, color: "red", day: "2024-01-01", [PRICE]: "dear" }]);
    expect(await fails("price.safetensors", "word.csv")).toBe(
      'error: word.csv, line 5: "price (CHF)" is to be a number, and it holds "dear". Correct it, or drop the row.\n',
    );
    write("infinite.csv", [{ size: 1, color: "red", day: "2024-01-01", [PRICE]: "inf" }]);
    expect(await fails("price.safetensors", "infinite.csv")).toContain(
      'infinite.csv, line 2: column "price (CHF)" has Infinity',
    );
  });

  test("no target in the file, or no value of it", async () => {
    write(
      "untold.csv",
      many.slice(0, 9).map(({ size, color, day }) => ({ size, color, day }) as Row),
    );
    expect(await fails("sold.safetensors", "untold.csv")).toBe(
      'error: untold.csv lacks the column "sold, \\"really\\"" that sold.safetensors predicts, so there is nothing to compare with. ' +
        'It has "size", "color", "day". To predict it, use chainrule predict.\n',
    );
    write(
      "empty.csv",
      many.slice(0, 9).map((row) => ({ ...row, [SOLD]: null })),
    );
    expect(await fails("sold.safetensors", "empty.csv")).toBe(
      'error: empty.csv has no value of "sold, \\"really\\"" in any of its 9 rows. To predict it, use chainrule predict.\n',
    );
  });
});
