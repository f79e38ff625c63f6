/** `chainrule lr-find` as a user runs it. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { runHere } from "../../support/in-process.ts";
import { temporaryFolder } from "../../support/tables.ts";

const IRIS = fileURLToPath(new URL("../../../../../examples/data/iris.csv", import.meta.url));
const folder = temporaryFolder();
const find = (...args: string[]) => runHere(["lr-find", ...args], folder);
beforeAll(() => copyFileSync(IRIS, join(folder, "iris.csv")));

interface Result {
  readonly network: object;
  readonly train: number;
  readonly suggestions: { readonly valley: number; readonly steepest: number } | null;
  readonly command: string | null;
  readonly diverged: number | null;
  readonly curve: readonly { readonly rate: number; readonly loss: number; readonly smoothed: number }[];
}

describe("a table", () => {
  let result: Result;
  let told: string;
  beforeAll(async () => {
    const { status, stdout, stderr } = await find("iris.csv", "--target", "species", "--json", "--out", "curve.csv");
    expect(status).toBe(0);
    result = JSON.parse(stdout) as Result;
    told = stderr;
  });

  test("the network is that of the recipe for 120 rows", () => {
    expect(result.network).toEqual({ hidden: [64], l2: 0.01, optimizer: "adam", batchSize: 16 });
    expect(result.train).toBe(0.01);
    expect(told).toContain("4 features, 64 hidden units, l2 0.01;\nadam on batches of 16 of 120 rows");
  });

  test("the rate rises by the same factor with each step, from 1e-6", () => {
    // 100 steps from 1e-6 to 10 are 99 factors of 10^(7/99).
    result.curve.forEach(({ rate }, i) => {
      expect(rate / (1e-6 * 10 ** ((7 * i) / 99))).toBeCloseTo(1, 9);
    });
  });

  test("the smoothed loss is the mean of the losses so far, weighted by powers of 0.9", () => {
    const [first, second] = result.curve as [Result["curve"][0], Result["curve"][0]];
    expect(first.smoothed).toBeCloseTo(first.loss, 12);
    expect(second.smoothed).toBeCloseTo((0.9 * first.loss + second.loss) / 1.9, 12);
  });

  test("the same is in the file", () => {
    const [head, ...lines] = readFileSync(join(folder, "curve.csv"), "utf8").trimEnd().split("\n");
    expect(head).toBe("rate,loss,smoothed");
    expect(lines.map((line) => line.split(",").map(Number))).toEqual(
      result.curve.map(({ rate, loss, smoothed }) => [rate, loss, smoothed]),
    );
  });

  test("chart, rates and advice are told, and the command that is told trains", async () => {
    const valley = result.suggestions?.valley as number;
    expect(told).toMatch(/The smoothed loss by the learning rate\n *\d\.\d+ ┤.*•/);
    expect(told).toMatch(new RegExp(`v +valley +${valley} +in the middle of the longest fall`));
    expect(told).toContain("t  train                   0.01  what train takes unless told otherwise");
    expect(result.command).toBe(`chainrule train iris.csv --target species --learning-rate ${valley}`);
    expect(told).toContain(`  $ ${result.command}`);
    const words = (result.command as string).split(" ").slice(1);
    const { status, stdout } = await runHere([...words, "--epochs", "2"], folder);
    expect([status, stdout.replace(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining(`learning rate ${valley} told by --learning-rate`),
    ]);
  });

  test("the same again gives the same", async () => {
    const { stdout } = await find("iris.csv", "--target", "species", "--json", "--quiet");
    expect(JSON.parse(stdout)).toEqual(result);
  });
});

test("what is told about data and network goes into the network and the command", async () => {
  const options = [
    "--hidden",
    "8,4",
    "--l2",
    "0.1",
    "--optimizer",
    "sgd",
    "--batch-size",
    "40",
    "--learning-rate",
    "5",
  ];
  const { stdout, stderr } = await find(
    "iris.csv",
    "--target",
    "species",
    "--drop",
    "sepal_width",
    ...options,
    "--json",
  );
  const { network, train, command } = JSON.parse(stdout) as Result;
  expect(network).toEqual({ hidden: [8, 4], l2: 0.1, optimizer: "sgd", batchSize: 40 });
  expect([train, command]).toEqual([
    5,
    expect.stringMatching(
      /^chainrule train iris\.csv --target species --drop sepal_width --hidden 8,4 --l2 0\.1 --optimizer sgd --batch-size 40 --learning-rate 0\.\d+$/,
    ),
  ]);
  expect(stderr).toContain("told by --learning-rate");
  expect(stderr.replace(/\s+/g, " ")).toContain("5, what train takes, is above that.");
});

test("--quiet prints the rates alone", async () => {
  const { stdout } = await find("iris.csv", "--target", "species", "--quiet");
  expect(stdout).toMatch(
    /^ {2}s {2}steepest .*\n {2}m {2}tenth .*\n {2}v {2}valley .*\n {20,}choice\n {2}t {2}train .*\n$/,
  );
});

test("where the loss never falls none is suggested", async () => {
  // From a rate at which it grows at once.
  const { status, stdout, stderr } = await find(
    "iris.csv",
    "--target",
    "species",
    "--from",
    "1000",
    "--to",
    "2000",
    "--json",
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ suggestions: null, command: null });
  expect(stderr.replace(/\s+/g, " ")).toContain(
    "The loss did not fall at any rate, so none is suggested: begin at a lower rate by --from, and look at the data with chainrule inspect.",
  );
});

describe("mistakes", () => {
  const mistake = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await find(...args);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };

  test("a range that is none", async () => {
    expect(await mistake("iris.csv", "--target", "species", "--from", "1", "--to", "0.1")).toBe(
      "error: --from 1 must be below --to 0.1.\n",
    );
  });

  test("standard output for the curve", async () => {
    expect(await mistake("iris.csv", "--target", "species", "--out", "-")).toBe(
      "error: --out: standard output is for the chart. Name a file, or take --json, which has the curve.\n",
    );
  });

  test("a file that is there", async () => {
    writeFileSync(join(folder, "there.csv"), "mine");
    expect(await mistake("iris.csv", "--target", "species", "--out", "there.csv")).toBe(
      "error: there.csv exists already. Name another file, or replace it by --force.\n",
    );
    expect(readFileSync(join(folder, "there.csv"), "utf8")).toBe("mine");
  });

  test("a target that is not there", async () => {
    expect(await mistake("iris.csv", "--target", "specie")).toContain(
      'error: --target: there is no column "specie"; did you mean "species"?',
    );
  });
});
