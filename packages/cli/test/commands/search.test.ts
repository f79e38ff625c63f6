/** `chainrule search`, as a process: what it tries, what it keeps, and what it says of settings that cannot be searched. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTableModel, readModelFile } from "chainrule/io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chainrule, type Finished } from "../support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-search-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const IRIS = fileURLToPath(new URL("../../../../examples/data/iris.csv", import.meta.url));
const search = (...args: string[]): Promise<Finished> => chainrule(["search", ...args], { cwd: folder });
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

/** What each test adds: small networks, few epochs. */
const QUICK = ["--target", "species", "--epochs", "6", "--batch-size", "16"];
const GRID = ["--grid", "--space", "hidden=4|8,4|none", "--space", "learning-rate=0.01|0.03"];

interface Event {
  readonly event: string;
  readonly [key: string]: unknown;
}

const eventsOf = (stdout: string, event: string): Event[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Event)
    .filter((one) => one.event === event);

/** The rows of a file written by --csv, without quotes that hold commas but those of settings and failures. */
const rowsOf = (name: string): string[] => read(name).trimEnd().split("\n");

/** A table of two columns from which y follows, with as many rows as asked for. */
function line(name: string, rows: number): string {
  const cells = Array.from({ length: rows }, (_, i) => `${i},${(3 * i + (i % 5)) / 10}`);
  writeFileSync(join(folder, name), `x,y\n${cells.join("\n")}\n`);
  return name;
}

describe("a grid", () => {
  let told: Finished;
  beforeAll(async () => {
    told = await search(
      IRIS,
      ...QUICK,
      ...GRID,
      "--out",
      "grid.safetensors",
      "--csv",
      "grid.csv",
      "--report",
      "grid.html",
    );
  });

  test("tries all combinations, and tells the best first", async () => {
    expect([told.status, told.stderr.split("\n").length]).toEqual([0, 7]);
    const trials = rowsOf("grid.csv");
    expect(trials[0]).toBe("trial,hidden,learning-rate,seed,validation_loss,validation_score,epochs,failure");
    expect(trials.slice(1).map((row) => row.match(/^\d+,("[^"]*"|[^,]*),[^,]*/)?.[0])).toEqual([
      "1,4,0.01",
      "2,4,0.03",
      '3,"8,4",0.01',
      '4,"8,4",0.03',
      "5,none,0.01",
      "6,none,0.03",
    ]);
    const table = told.stdout.split("\n").slice(told.stdout.split("\n").findIndex((l) => l.startsWith("trial ")));
    expect(table[0]).toBe("trial  hidden  learning-rate    loss  accuracy");
    const losses = table.slice(1, 7).map((l) => Number(l.trim().split(/ +/)[3]));
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    const lowest = table[1]?.trim().split(/ +/)[0];
    expect(told.stdout).toMatch(new RegExp(`^Best: trial ${lowest} \\(hidden .*on validation data$`, "m"));
  });

  test("keeps the winner as train would, with all trials in its record", async () => {
    const file = await readModelFile(readFileSync(join(folder, "grid.safetensors")));
    const record = file.record as Record<string, unknown>;
    const { trials, best, planned } = record.search as {
      trials: { trial: number; validationLoss: number; settings: object }[];
      best: number;
      planned: number;
    };
    expect([record.made_by, planned, trials.length]).toEqual(["chainrule search", 6, 6]);
    const lowest = Math.min(...trials.map((trial) => trial.validationLoss));
    expect(trials[best - 1]?.validationLoss).toBe(lowest);
    expect(record.settings).toMatchObject({ ...trials[best - 1]?.settings, epochs: 6, batchSize: 16, dropout: 0 });
    const rows = rowsOf("grid.csv");
    expect(rows[best]).toContain(`,${lowest},`);
    // The test rows were not among those that the trials saw, and were looked at with the model that was written.
    expect(record.rows).toEqual({ train: 120, test: 30 });
    const model = await loadTableModel(readFileSync(join(folder, "grid.safetensors")));
    const flower = { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 };
    expect((await model.predict([flower])).classes).toEqual(["setosa"]);
  });

  test("has its reasons told, and a page", () => {
    const words = told.stdout.replace(/\s+/g, " ");
    expect(words).toContain("search 6 combinations each with a seed that follows from --seed and its number");
    expect(words).toMatch(/best trial \d, seed \d+ the lowest validation loss of 6 trials/);
    expect(words).toMatch(/learning rate 0\.0[13] of the best trial; searched in 0\.01 \| 0\.03/);
    expect(words).toContain("dropout 0 usual where it is not searched");
    expect(words).toContain("batch size 16 told by --batch-size");
    expect(words).toContain("Model file: grid.safetensors Report: grid.html Trials: grid.csv");
    const page = read("grid.html");
    expect(page).toContain("What was tried");
    expect(page).toContain("chainrule search ");
    expect(page).toContain("--grid --space &#39;hidden=4|8,4|none&#39; --space &#39;learning-rate=0.01|0.03&#39;");
  });

  test("is the same again, to the last bit", async () => {
    const again = await search(IRIS, ...QUICK, ...GRID, "--out", "again.safetensors", "--csv", "again.csv", "--quiet");
    expect(again.status).toBe(0);
    expect(read("again.csv")).toBe(read("grid.csv"));
    expect(readFileSync(join(folder, "again.safetensors"))).toEqual(readFileSync(join(folder, "grid.safetensors")));
  });
});

describe("a random search", () => {
  const space = ["--space", "l2=0.001..0.1", "--space", "dropout=0..0.4", "--hidden", "4"];

  test("prints a line of JSON for each trial, and looks at the test rows once", async () => {
    const { status, stdout } = await search(IRIS, ...QUICK, ...space, "--trials", "4", "--json", "--quiet");
    expect(status).toBe(0);
    const trials = eventsOf(stdout, "trial");
    expect(trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4]);
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(4);
    for (const { settings } of trials) {
      const { l2, dropout } = settings as { l2: number; dropout: number };
      expect(l2).toBeGreaterThan(0.001);
      expect(l2).toBeLessThan(0.1);
      expect(dropout).toBeLessThan(0.4);
    }
    const [result] = eventsOf(stdout, "result") as [Event];
    const best = trials.toSorted((a, b) => (a.validationLoss as number) - (b.validationLoss as number))[0] as Event;
    expect(result.search).toMatchObject({ method: "random", planned: 4, trials: 4, failed: 0, best: best.trial });
    expect(result.validationLoss).toBe(best.validationLoss);
    expect(result.test).toMatchObject({ rows: 30 });
    expect(trials.every((trial) => !("test" in trial))).toBe(true);
  });

  test("with more trials has the same ones first; with another seed it has others", async () => {
    const run = async (...args: string[]): Promise<unknown[]> => {
      const { stdout } = await search(IRIS, ...QUICK, ...space, "--json", "--quiet", "--force", ...args);
      return eventsOf(stdout, "trial").map(({ settings, seed, validationLoss }) => [settings, seed, validationLoss]);
    };
    const [two, three, other] = await Promise.all([
      run("--trials", "2", "--out", "two.safetensors"),
      run("--trials", "3", "--out", "three.safetensors"),
      run("--trials", "2", "--out", "other.safetensors", "--seed", "1"),
    ]);
    expect(three.slice(0, 2)).toEqual(two);
    expect(other[0]).not.toEqual(two[0]);
  });

  test("compares by folds, or by a share of the rows", async () => {
    const words = async (...args: string[]): Promise<string> =>
      (await search(IRIS, ...QUICK, ...space, "--trials", "1", "--force", ...args)).stdout.replace(/\s+/g, " ");
    expect(await words("--folds", "4")).toContain("validation 4 folds, stratified told by --folds");
    expect(await words("--validation", "0.25")).toContain(
      "validation 25 % of the rows, stratified told by --validation",
    );
  });

  test("of numbers is judged by R²", async () => {
    const { status, stdout } = await search(
      line("line.csv", 60),
      "--target",
      "y",
      "--trials",
      "2",
      "--epochs",
      "5",
      "--test",
      "0",
      "--force",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^trial {2}learning-rate .* loss {6}R²$/m);
    expect(stdout).toContain("No rows were held back, so nothing is said here about how good the model is.");
  });

  test("tells of trials that failed, which are no end of it", async () => {
    const wild = ["--space", "learning-rate=1e30|0.01", "--optimizer", "sgd", "--hidden", "4", "--grid"];
    const { status, stdout } = await search(IRIS, ...QUICK, ...wild, "--out", "wild.safetensors", "--csv", "wild.csv");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ +2 +0\.01 .*\n +1 +1e\+30 +failed +–\n1 trial failed; trial 1: Training met NaN or/m);
    expect(rowsOf("wild.csv")[1]).toMatch(
      /^1,1e\+30,\d+,,,,"Training met NaN or infinity at a learning rate of 1e\+30/,
    );
  });
});

test("Ctrl-C ends the search, and keeps the best so far", async () => {
  const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
  const args = [
    "search",
    IRIS,
    "--target",
    "species",
    "--trials",
    "500",
    "--json",
    "--out",
    "cut.safetensors",
    "--report",
    "cut.html",
  ];
  const child = spawn(process.execPath, ["--conditions=@chainrule/source", main, ...args], { cwd: folder });
  let [stdout, stderr] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const isFirst = !stdout.includes('"trial":2');
    stdout += text;
    if (isFirst && stdout.includes('"trial":2')) child.kill("SIGINT");
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect(status).toBe(0);
  expect(stderr).toContain("Ending the search; the best so far will be kept; Ctrl-C again stops at once.");
  expect(stderr).toMatch(/interrupted after \d+ of 500/);
  const [result] = eventsOf(stdout, "result") as [Event];
  const { trials, best, planned } = result.search as { trials: number; best: number; planned: number };
  expect(trials).toBe(eventsOf(stdout, "trial").length);
  expect([planned, trials < planned, best <= trials]).toEqual([500, true, true]);
  expect(result.test).toMatchObject({ rows: 30 });
  expect(existsSync(join(folder, "cut.safetensors"))).toBe(true);
  expect(read("cut.html")).toContain(`The search was interrupted after ${trials} of 500 trials.`);
});

describe("what cannot be searched", () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await search(...args);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };

  test.each([
    [
      ["--grid"],
      "--grid needs to know which values to combine. List them by --space, as in --space 'hidden=64|128,64'",
    ],
    [
      ["--grid", "--trials", "3", "--space", "l2=0.1"],
      "--grid tries all combinations, so --trials has nothing to say. Leave one of them out.",
    ],
    [["--folds", "3", "--validation", "0.2"], "--folds and --validation are two ways to hold rows back"],
    [["--csv", "-"], "--csv: standard output is for the results. Name a file, or take --json"],
    [
      ["--csv", "a.csv", "--report", "a.csv"],
      "--csv and --report are the same file, a.csv. Give each a name of its own.",
    ],
    [["--out", "-"], "--out: a model file is not for standard output."],
    [["--out", "a", "--report", "a"], "--report and --out are the same file, a."],
    [["--space", "width=3"], "--space width=3 cannot be read: width is none of learning-rate, hidden, l2, dropout"],
    [["--space", "l2=0.1", "--space", "l2=0.2"], "--space l2=0.2 cannot be read: l2 is there already"],
    [
      ["--space", "l2=0.1|0.2", "--l2", "0.1"],
      "--space l2=0.1|0.2 cannot be read: --l2 settles it, so leave one of them out.",
    ],
    [
      ["--hidden", "8", "--l2", "0.1", "--learning-rate", "0.01", "--dropout", "0", "--batch-size", "8"],
      "--learning-rate, --hidden, --l2, --dropout, --batch-size are all told, so nothing is left to search.",
    ],
    [["--trials", "0"], "argument '0' is invalid. It must be an integer ≥ 1."],
    [["--folds", "1"], "argument '1' is invalid. It must be an integer ≥ 2."],
  ])("%j", async (args, message) => {
    expect(await refused(IRIS, "--target", "species", ...args)).toContain(message);
  });

  /** The data has been described by then. */
  const failed = async (...args: string[]): Promise<string> => {
    const before = readdirSync(folder);
    const { status, stderr } = await search(...args, "--out", "none.safetensors", "--quiet");
    expect(status).toBe(2);
    // Neither the model nor what was begun of it.
    expect(readdirSync(folder)).toEqual(before);
    return stderr;
  };

  test("a grid over a range", async () => {
    expect(await failed(IRIS, "--target", "species", "--grid", "--space", "l2=0.01..0.1")).toBe(
      "error: A grid needs a list of values for each setting, but l2 has the range 0.01..0.1. " +
        "Write --space 'l2=value|value', or search at random.\n",
    );
  });

  test("without rows to compare on", async () => {
    const message = "A search needs rows held back to compare on: give more rows, and leave out --validation 0.";
    expect(await failed(IRIS, "--target", "species", "--validation", "0")).toContain(message);
    expect(await failed(line("few.csv", 12), "--target", "y")).toContain(message);
  });

  test("in more folds than there are rows", async () => {
    expect(await failed(line("twelve.csv", 12), "--target", "y", "--test", "0", "--folds", "13")).toBe(
      "error: The 12 rows to train on cannot be parted into 13 folds. Use fewer with --folds, or more data.\n",
    );
  });

  test("where every trial fails", async () => {
    const wild = ["--space", "learning-rate=1e30|1e31", "--optimizer", "sgd", "--hidden", "4", "--grid"];
    expect(await failed(IRIS, "--target", "species", ...wild)).toContain(
      "error: None of the 2 trials gave a network. The first failed so: Training met NaN or infinity at a learning rate of 1e+30",
    );
  });

  test("with a model that is there already", async () => {
    writeFileSync(join(folder, "there.safetensors"), "kept");
    expect(await refused(IRIS, "--target", "species", "--out", "there.safetensors")).toBe(
      "error: there.safetensors exists already. Name another file, or replace it by --force.\n",
    );
    expect(read("there.safetensors")).toBe("kept");
  });
});
