/** `chainrule train`: what it says, what it writes, and that the options do what they say. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTableModel, readModelFile } from "chainrule/io";
import type { TableModel } from "chainrule/table";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadTable, splitTable } from "../../src/prepare/index.ts";
import type { Finished } from "../support/command.ts";
import { chainrule, MAIN } from "../support/command.ts";
import { runHere } from "../support/in-process.ts";

const EXAMPLES = new URL("../../../../examples/data/", import.meta.url);

/** Training that takes no time. */
const QUICK = ["--hidden", "8", "--epochs", "20", "--l2", "0.01", "--validation", "0"];
const IRIS = ["train", "iris.csv", "--target", "species", ...QUICK];
const WINE = ["train", "wine.csv", "--target", "alcohol", ...QUICK];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-train-"));
  for (const name of ["iris.csv", "wine.csv"]) copyFileSync(fileURLToPath(new URL(name, EXAMPLES)), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** A name that no other test uses. */
const fresh = (): string => `model-${++files}.safetensors`;

/** Trains, and gives what was said and the name of the model file. */
async function train(...args: string[]): Promise<Finished & { readonly out: string }> {
  const out = fresh();
  const finished = await runHere([...args, "--out", out], folder);
  expect(finished.status, finished.stderr).toBe(0);
  return { ...finished, out };
}

const bytes = (name: string): Buffer => readFileSync(join(folder, name));
const modelOf = (name: string): Promise<TableModel> => loadTableModel(join(folder, name));

interface Result {
  readonly event: "epoch" | "choice" | "result";
  readonly [key: string]: unknown;
}

/** The JSON lines of a training. */
async function events(...args: string[]) {
  const { stdout, out } = await train(...args, "--json", "--quiet");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Result);
  const choice = (name: string) => lines.find((line) => line.event === "choice" && line.name === name)?.value;
  return { lines, choice, out, result: lines.at(-1) as Result & { readonly test: Record<string, unknown> } };
}

describe("what it says", () => {
  test("columns, choices, the course, the test, the file, in this order", async () => {
    const { stdout, stderr, out } = await train(...IRIS);
    const parts = [
      "Data: iris.csv, 150 rows of 5 columns\n",
      "\n petal_width number 0.1 … 2.5; all values are numbers\n",
      "\nChosen\n task ",
      "\n hidden units 8 ",
      "20 epoch\n",
      "\nTrained in ",
      "On the 30 rows held back for the test\n",
      "\nConfusion matrix ",
      `\nModel file: ${out}\n`,
    ];
    const places = parts.map((part) => stdout.replace(/ +/g, " ").indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(stdout.endsWith(parts.at(-1) as string)).toBe(true);
    // Neither is a terminal: a line for an epoch, and nothing that steers one.
    expect(
      stderr
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(0, 17)),
    ).toEqual(Array.from({ length: 20 }, (_, i) => `training  epoch ${i + 1}/20`.slice(0, 17)));
    expect(stdout + stderr).not.toContain("\u001b");
  });

  test("--quiet: the answer and the files", async () => {
    const { stdout, stderr, out } = await train(...IRIS, "--quiet");
    expect(stdout).toMatch(
      /^Right: \d+\.\d\d % \(\d+ of 30 rows\); always saying “setosa”, the most frequent: 33\.33 %\nModel file: .*\n$/,
    );
    expect(stdout).toContain(`Model file: ${out}\n`);
    expect(stderr).toBe("");
  });

  test("--json: an object a line on standard output, all else on standard error", async () => {
    const { stdout, stderr, out } = await train(...IRIS, "--json");
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Result);
    expect(lines.filter(({ event }) => event === "epoch").map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(lines.filter(({ event }) => event === "choice").map(({ name }) => name)).toContain("learning rate");
    expect(lines.at(-1)).toMatchObject({
      event: "result",
      model: out,
      task: "classification",
      seed: 0,
      epochs: 20,
      stopped: "all epochs done",
    });
    expect(stderr).toContain("Data: iris.csv");
    expect(stderr).toContain("On the 30 rows held back for the test");
  });

  test.skipIf(spawnSync("script", ["--version"]).status !== 0)(
    "on a terminal the progress is one line that is rewritten",
    () => {
      const words = [
        process.execPath,
        "--conditions=@chainrule/source",
        MAIN,
        ...IRIS,
        "--epochs",
        "2000",
        "--out",
        fresh(),
      ];
      const { stdout, status } = spawnSync("script", ["-qec", words.join(" "), "/dev/null"], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(status).toBe(0);
      const updates = stdout.split("\r\u001b[2K").slice(1);
      // At most ten in a second, and at the end the last epoch, before a line break.
      expect(updates.length).toBeLessThan(200);
      expect(updates.every((text) => text.startsWith("training  epoch "))).toBe(true);
      expect(updates.at(-1)).toMatch(/^training {2}epoch 2000\/2000 {2}loss \d\.\d+\r\n/);
      expect(updates.slice(0, -1).some((text) => text.includes("\n"))).toBe(false);
    },
  );
});

describe("the model file", () => {
  test("predicts in the library what was reported, bit for bit", async () => {
    const { result, out } = await events(...IRIS);
    // The rows held back, by the same rule; log loss and accuracy by their definitions.
    const loaded = await loadTable(join(folder, "iris.csv"), "species", { read: {}, kinds: {}, drop: [], impute: {} });
    const rows = loaded.table.take(splitTable(loaded, { test: 0.2, seed: 0 }).test);
    const { classes = [], probabilities } = await (await modelOf(out)).predict(rows);
    const truth = rows.column("species") as string[];
    const names = (await modelOf(out)).target.classes as string[];
    const losses = truth.map((name, i) => -Math.log(probabilities?.[i]?.[names.indexOf(name)] as number));
    const right = truth.filter((name, i) => classes[i] === name).length;
    expect(result.test).toMatchObject({ rows: 30, right, accuracy: right / 30 });
    expect(result.test.logLoss).toBeCloseTo(losses.reduce((a, b) => a + b) / 30, 12);
  });

  test("is the same for the same seed, however many threads, and another for another seed", async () => {
    const [one, two, again, other] = [
      await train(...IRIS, "--threads", "1"),
      await train(...IRIS, "--threads", "2"),
      await train(...IRIS, "--no-wide-simd"),
      await train(...IRIS, "--seed", "1"),
    ].map(({ out }) => bytes(out)) as [Buffer, Buffer, Buffer, Buffer];
    expect(two.equals(one)).toBe(true);
    expect(again.equals(one)).toBe(true);
    expect(other.equals(one)).toBe(false);
  });

  test("keeps the record of the training", async () => {
    const { out } = await train(...IRIS);
    const { record } = await readModelFile(join(folder, out));
    expect(record).toMatchObject({
      made_by: "chainrule train",
      // sha256sum examples/data/iris.csv
      data: { file: "iris.csv", sha256: "9cc1c345c71bcc9b486b74cbf6063fa66f4bb5e0f603a4b3c3471ec2e5e8e355", rows: 150 },
      rows: { train: 120, test: 30 },
      target: "species",
      options: { seed: 0, hidden: [8], epochs: 20, l2: 0.01, validation: 0, test: 0.2 },
      epochs: 20,
    });
    expect((record.history as unknown[]).length).toBe(20);
  });

  test("is replaced by --force", async () => {
    const { out } = await train(...IRIS);
    const before = bytes(out);
    const { status } = await runHere([...IRIS, "--seed", "5", "--out", out, "--force", "--quiet"], folder);
    expect(status).toBe(0);
    expect(bytes(out).equals(before)).toBe(false);
  });

  test("from standard input is that of the file, but for its name", async () => {
    const out = fresh();
    const args = ["train", "-", "--target", "species", ...QUICK, "--quiet", "--out", out];
    const { status, stderr } = await chainrule(args, { cwd: folder, input: readFileSync(join(folder, "iris.csv")) });
    expect([status, stderr]).toEqual([0, ""]);
    const [piped, read] = [
      await readModelFile(join(folder, out)),
      await readModelFile(join(folder, (await train(...IRIS)).out)),
    ];
    expect(piped.tensors).toEqual(read.tensors);
    expect(piped.record).toEqual({ ...read.record, data: { ...(read.record.data as object), file: "standard input" } });
  });
});

describe("--report", () => {
  test("writes one page that needs nothing else, with a command that makes the same model again", async () => {
    const { stdout, out } = await train(...WINE, "--unit", "% vol", "--report", "wine.html");
    expect(stdout).toContain("\nReport: wine.html\n");
    const page = readFileSync(join(folder, "wine.html"), "utf8");
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain("<svg");
    expect(page).not.toMatch(/<(script|iframe)\b|(src|href)="(?!#|data:)|@import|url\((?!#|data:)/i);
    const command = /chainrule (train [^<]*)/.exec(page)?.[1] as string;
    const plain = command.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
    const before = bytes(out);
    // As it stands there, over the files that it has made.
    const shell = `'${process.execPath}' --conditions=@chainrule/source '${MAIN}' ${plain}`;
    const { status, stderr } = spawnSync("sh", ["-c", shell], { cwd: folder, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(bytes(out).equals(before)).toBe(true);
  });
});

describe("tasks", () => {
  test("numbers are predicted as numbers, in their unit", async () => {
    const { stdout, out } = await train(...WINE, "--unit", "%");
    expect(stdout).toMatch(/^mean absolute error +0\.\d+ % +the mean alone: 0\.\d+ %$/m);
    const model = await modelOf(out);
    expect([model.target.task, model.target.unit]).toEqual(["regression", "%"]);
  });

  test("--task makes classes of numbers", async () => {
    writeFileSync(
      join(folder, "marks.csv"),
      `hours,mark\n${Array.from({ length: 60 }, (_, i) => `${i},${4 + (i % 3)}`).join("\n")}\n`,
    );
    const { out } = await train("train", "marks.csv", "--target", "mark", ...QUICK, "--task", "classification");
    expect((await modelOf(out)).target.classes).toEqual(["4", "5", "6"]);
    const numbers = await train("train", "marks.csv", "--target", "mark", ...QUICK, "--task", "regression");
    expect((await modelOf(numbers.out)).target.task).toBe("regression");
  });
});

describe("columns", () => {
  const shops = `name,zip,size,rent\n${Array.from({ length: 40 }, (_, i) => `shop ${i % 4},${8000 + (i % 5)},${i % 7 === 0 ? "" : i},${i * 3 + (i % 5) * 40}`).join("\n")}\n`;
  const shop = ["train", "shops.csv", "--target", "rent", ...QUICK, "--quiet"];
  beforeAll(() => writeFileSync(join(folder, "shops.csv"), shops));

  test("--drop leaves them out", async () => {
    const { out } = await train(...shop, "--drop", "name", "--drop", "zip");
    expect((await modelOf(out)).input.columns.map(({ name }) => name)).toEqual(["size"]);
  });

  test("--kind settles what they hold", async () => {
    const kinds = async (...options: string[]) =>
      (await modelOf((await train(...shop, ...options)).out)).input.columns.map(({ name, kind }) => `${name}: ${kind}`);
    expect(await kinds()).toEqual(["name: category", "zip: category", "size: number"]);
    expect(await kinds("--kind", "zip=number")).toEqual(["name: category", "zip: number", "size: number"]);
  });

  test("--impute settles what stands for missing values", async () => {
    const model = await modelOf((await train(...shop, "--impute", "size=1000")).out);
    const column = model.input.columns.find(({ name }) => name === "size");
    expect(column?.toJSON()).toMatchObject({ impute: { rule: "constant", value: 1000 } });
  });
});

describe("which rows are held back", () => {
  test("none by --test 0", async () => {
    const { stdout } = await train(...IRIS, "--test", "0");
    expect(stdout).toContain("No rows were held back, so nothing is said here about how good the model is.");
  });

  test("a share by --test, each class in its proportion", async () => {
    const { result, choice } = await events(...IRIS, "--test", "0.4");
    expect(choice("test")).toBe("60 of 150 rows, stratified");
    expect((result.test.perClass as { support: number }[]).map(({ support }) => support)).toEqual([20, 20, 20]);
  });

  test("--split group holds whole groups back, and does not learn from their names", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `patient ${i % 12},${i % 7},${(i * 5) % 11},${i % 12 < 6 ? "ill" : "well"}`,
    );
    writeFileSync(join(folder, "visits.csv"), `patient,a,b,state\n${rows.join("\n")}\n`);
    const args = ["train", "visits.csv", "--target", "state", ...QUICK, "--split", "group", "--by", "patient"];
    const { result, out } = await events(...args);
    // Five visits of each patient.
    expect((result.test.rows as number) % 5).toBe(0);
    expect((await modelOf(out)).input.columns.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("--split time holds the latest back, however the file is sorted", async () => {
    // The class "late" is that of the last fifth of the days, but for one row; the file begins with the latest.
    const rows = Array.from({ length: 50 }, (_, i) => {
      const day = 50 - i;
      return `2024-${String(1 + Math.floor(day / 28)).padStart(2, "0")}-${String(1 + (day % 28)).padStart(2, "0")},${i % 7},${day > 40 || day === 1 ? "late" : "early"}`;
    });
    writeFileSync(join(folder, "days.csv"), `day,a,when\n${rows.join("\n")}\n`);
    const { result } = await events(
      "train",
      "days.csv",
      "--target",
      "when",
      ...QUICK,
      "--split",
      "time",
      "--by",
      "day",
    );
    expect(
      (result.test.perClass as { name: string; support: number }[]).map(({ name, support }) => [name, support]),
    ).toEqual([
      ["early", 0],
      ["late", 10],
    ]);
  });
});

describe("--folds", () => {
  test("are the answer of the report", async () => {
    const { stdout } = await train(...IRIS, "--folds", "3", "--report", "folds.html");
    const [, mean, deviation] = /accuracy ([\d.]+ %) ± ([\d.]+ %)/.exec(stdout) as RegExpExecArray;
    const page = readFileSync(join(folder, "folds.html"), "utf8")
      .replace(/<[^>]+>/g, "")
      .replace(/\s+/g, " ");
    expect(page).toContain(
      `the accuracy of predicting species is ${mean} ± ${deviation} (mean and standard deviation)`,
    );
    expect(page).not.toContain("No rows were held back for a test");
  });

  test("tests on every row once, and trains the model on all", async () => {
    const { result, lines, choice, out } = await events(...IRIS, "--folds", "3");
    const { metric, folds, scores, mean, deviation } = result.folds as {
      metric: string;
      folds: number;
      scores: number[];
      mean: number;
      deviation: number;
    };
    expect([metric, folds, scores.length]).toEqual(["accuracy", 3, 3]);
    // Each fold has 50 rows.
    expect(scores.every((score) => Number.isInteger(Math.round(score * 50e9) / 1e9))).toBe(true);
    const average = scores.reduce((a, b) => a + b) / 3;
    expect(mean).toBeCloseTo(average, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(scores.reduce((sum, score) => sum + (score - average) ** 2, 0) / 2), 12);
    expect(choice("test")).toBe("3 folds, stratified");
    expect(new Set(lines.flatMap(({ part }) => (part === undefined ? [] : [part])))).toEqual(
      new Set(["fold 1/3", "fold 2/3", "fold 3/3"]),
    );
    expect((await readModelFile(join(folder, out))).record).toMatchObject({ rows: { train: 150, test: 0 } });
  });
});

test("--balanced lets rare classes count as much", async () => {
  const rows = Array.from(
    { length: 120 },
    (_, i) => `${i % 10 === 0 ? 3 + (i % 4) : i % 6},${i % 10 === 0 ? "rare" : "usual"}`,
  );
  writeFileSync(join(folder, "rare.csv"), `size,kind\n${rows.join("\n")}\n`);
  const args = ["train", "rare.csv", "--target", "kind", ...QUICK];
  const recall = async (...options: string[]): Promise<number> => {
    const { result } = await events(...args, ...options);
    return (result.test.perClass as { name: string; recall: number }[]).find(({ name }) => name === "rare")
      ?.recall as number;
  };
  expect(await recall("--balanced")).toBeGreaterThan(await recall("--no-balanced"));
});
