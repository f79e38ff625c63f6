/** The command on a small data set, as a user runs it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "chainrule";
import { loadModel, readModelFile } from "chainrule/io";
import { softmaxCrossEntropy } from "chainrule/loss";
import { classes } from "chainrule/metrics";
import { predict } from "chainrule/train";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chainrule, type Finished } from "../support/command.ts";
import { makeDigits, SIZE, writeDigits } from "../support/digits.ts";

const TRAINED = 360;
const TESTED = 200;
const SETTINGS = ["--hidden", "16", "--epochs", "3", "--batch-size", "20", "--seed", "7"];

let folder: string;
const digits = { train: makeDigits(TRAINED, 1), test: makeDigits(TESTED, 2) };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-mnist-"));
  writeDigits(folder, digits);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mnist = (...args: string[]): Promise<Finished> =>
  chainrule(["mnist", "--data", folder, ...SETTINGS, ...args], { cwd: folder });

describe("for people", () => {
  let run: Finished;
  const model = (): string => join(folder, "mnist.safetensors");
  beforeAll(async () => {
    run = await mnist();
  });

  test("succeeds and says what it did", () => {
    expect(run.status).toBe(0);
    expect(run.stdout).toContain(`360 training and 200 test images, 28×28, from ${folder}`);
    // 784·16 + 16 + 16·10 + 10
    expect(run.stdout).toContain("784 → 16 → 10");
    expect(run.stdout).toContain("12,730 parameters");
    expect(run.stdout).toMatch(/Trained 3 epochs in [\d.]+ s, [\d,]+ images\/s/);
    expect(run.stdout).toContain(`Model file: ${model()}`);
    expect(run.stdout).toMatch(/Gradient check passed: \d+ elements/);
  });

  test("shows progress on standard error, in lines", () => {
    const lines = run.stderr.trimEnd().split("\n");
    // Epochs that follow too quickly are left out, but never the last. 330 of the 360 images are trained on, 20 in a step.
    expect(lines.at(-1)).toContain("epoch 3/3");
    for (const line of lines) {
      expect(line).toMatch(
        /^epoch \d\/3 +step 17\/17 +loss [\d.]+ .*validation accuracy [\d.]+ .*[\d,]+ \w+\/s .*\d+ s left$/,
      );
    }
  });

  test("prints a confusion matrix that holds all test images, and an accuracy that belongs to it", () => {
    const rows = run.stdout.split("\n").filter((line) => /^\d( +(\d+|·)){10} +\S+ %$/.test(line));
    const matrix = rows.map((line) =>
      line
        .split(/ +/)
        .slice(1, 11)
        .map((cell) => (cell === "·" ? 0 : Number(cell))),
    );
    expect(rows.map((line) => Number(line[0]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const labelled = Array.from(
      { length: 10 },
      (_, digit) => digits.test.labels.filter((label) => label === digit).length,
    );
    expect(matrix.map((row) => row.reduce((sum, n) => sum + n, 0))).toEqual(labelled);
    const right = matrix.reduce((sum, row, digit) => sum + (row[digit] as number), 0);
    expect(run.stdout).toContain(`Test accuracy: ${(right / 2).toFixed(2)} % (${right} of 200)`);
    // Nine in ten labels are right, and chance would find one in ten.
    expect(right).toBeGreaterThan(100);
    expect(right).toBeLessThan(200);
  });

  test("draws the worst mistakes, most certain first", () => {
    const probabilities = [...run.stdout.matchAll(/probability ([\d.]+) %/g)].map((match) => Number(match[1]));
    expect(probabilities).toHaveLength(6);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    const captions = [...run.stdout.matchAll(/true (\d), predicted (\d)/g)];
    expect(captions).toHaveLength(6);
    for (const [, label, predicted] of captions) expect(label).not.toBe(predicted);
    const shown = [...run.stdout.matchAll(/test image (\d+)/g)].map((match) => digits.test.labels[Number(match[1])]);
    expect(captions.map((match) => Number(match[1]))).toEqual(shown);
    expect(run.stdout).toContain("█");
  });

  test("writes the model file and nothing else", () => {
    expect(readdirSync(folder).filter((name) => name.includes("safetensors"))).toEqual(["mnist.safetensors"]);
  });
});

describe("--json", () => {
  const file = (): string => join(folder, "named.safetensors");
  let run: Finished;
  let result: Record<string, unknown>;
  beforeAll(async () => {
    run = await mnist("--json", "--out", "named.safetensors");
    result = JSON.parse(run.stdout);
  });

  test("prints one object and keeps all else off standard output", () => {
    expect(run.status).toBe(0);
    expect(run.stdout.split("\n")).toHaveLength(2);
    expect(result).toMatchObject({
      epochs: 3,
      model_path: file(),
      seed: 7,
      gradcheck_passed: true,
      stopped: "all epochs done",
    });
    expect(result.train_seconds).toBeGreaterThan(0);
    expect(result.gradcheck_max_relative_error).toBeLessThan(1e-6);
    expect(run.stderr).toContain("Test accuracy");
    expect(run.stderr).toContain("epoch 3/3");
  });

  test("the model file loads and gives the same predictions", async () => {
    const model = await loadModel(file());
    const x = tensor(
      Float32Array.from(digits.test.images, (grey) => grey / 255),
      { shape: [TESTED, SIZE * SIZE] },
    );
    const y = tensor(Int32Array.from(digits.test.labels));
    const logits = await predict(model, x);
    const right = classes(logits).filter((digit, i) => digit === digits.test.labels[i]).length;
    expect(result.test_accuracy).toBe(right / TESTED);
    expect(result.test_loss).toBeCloseTo(softmaxCrossEntropy(logits, y).itemSync(), 6);
  });

  test("the model file says where it comes from", async () => {
    const { record } = await readModelFile(file());
    expect(record).toMatchObject({
      settings: { seed: 7, hidden: [16], epochs: 3, batchSize: 20, learningRate: 0.1 },
      bestEpoch: result.best_epoch,
      testAccuracy: result.test_accuracy,
    });
  });

  test("threads and wide vectors are told, and change nothing", async () => {
    const { stdout, stderr } = await mnist("--json", "--out", "plain.safetensors", "--threads", "1", "--no-wide-simd");
    const plain = JSON.parse(stdout) as Record<string, unknown>;
    expect(stderr).toContain("Engine: 1 thread, vectors of 128 bits");
    expect([plain.threads, plain.wide_simd]).toEqual([1, false]);
    expect(run.stderr).toMatch(/Engine: \d+ threads?, vectors of (128|256) bits/);
    expect(result.threads).toBe(Math.min(availableParallelism(), 8));
    expect(plain.test_loss).toBe(result.test_loss);
  });

  test("the same seed gives the same file, another seed another", async () => {
    await mnist("--quiet", "--out", "again.safetensors");
    await mnist("--quiet", "--out", "other.safetensors", "--seed", "8");
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    expect(read("again.safetensors").equals(read("named.safetensors"))).toBe(true);
    expect(read("other.safetensors").equals(read("named.safetensors"))).toBe(false);
  });
});

test("--quiet leaves the results only", async () => {
  const { status, stdout, stderr } = await mnist("--quiet");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Test accuracy: [\d.]+ % \(\d+ of 200\)\nModel file: \S+\n$/);
  expect(stderr).toBe("");
});

test("--quiet --json leaves the object only", async () => {
  const { stdout, stderr } = await mnist("--quiet", "--json");
  expect(Object.keys(JSON.parse(stdout))).toEqual(
    expect.arrayContaining(["test_accuracy", "epochs", "train_seconds", "model_path", "gradcheck_max_relative_error"]),
  );
  expect(stderr).toBe("");
});
