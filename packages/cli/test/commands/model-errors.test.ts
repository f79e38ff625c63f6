/** What can be wrong with a model file, and with a data file for it: eval and predict tell the same. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode, saveModel } from "chainrule/io";
import { dense, params } from "chainrule/nn";
import { beforeAll, describe, expect, test } from "vitest";
import { chainrule } from "../support/command.ts";
import { PRICE, SOLD, shopFor, writeModel } from "../support/shop.ts";
import { temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const inside = (name: string): string => join(folder, name);
const MODEL = "price.safetensors";
const COLUMNS = '"size", "color", "day"';

/** What both commands say, which is the same. */
async function both(...args: string[]): Promise<string> {
  const before = readdirSync(folder);
  const told = await Promise.all(
    ["eval", "predict"].map(async (command) => {
      const { status, stdout, stderr } = await chainrule([command, ...args], { cwd: folder });
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).not.toContain("    at ");
      return stderr;
    }),
  );
  expect(told[0]).toBe(told[1]);
  expect(readdirSync(folder)).toEqual(before);
  return told[0] as string;
}

beforeAll(async () => {
  await writeModel(inside(MODEL), shopFor(PRICE, 60), PRICE, { record: { data: { file: "shop 2024.csv" } } });
  await writeModel(inside("sold.safetensors"), shopFor(SOLD, 60), SOLD);
  await writeModel(
    inside("three.safetensors"),
    shopFor(PRICE, 60).map(({ size, day, color }) => ({ size, day, color })),
    "color",
  );
  writeFileSync(inside("new.csv"), "size,color,day,price (CHF)\n1,red,2024-01-02,5\n");
});

describe("the model file", () => {
  test("is not there, is a folder, is something else", async () => {
    expect(await both("nowhere.safetensors", "new.csv")).toBe(
      `error: there is no model file nowhere.safetensors (the working folder is ${folder}). Check the spelling of its path, or ` +
        "make one by chainrule train.\n",
    );
    mkdirSync(inside("models"));
    expect(await both("models", "new.csv")).toBe("error: models is a folder. Name a model file in it.\n");
    expect(await both("new.csv", MODEL)).toMatch(
      /^error: new\.csv is not a valid safetensors file: .* The model file comes first, the data after it\.\n$/,
    );
    writeFileSync(inside("cut.safetensors"), readFileSync(inside(MODEL)).subarray(0, 2000));
    expect(await both("cut.safetensors", "new.csv")).toMatch(
      /^error: cut\.safetensors is not a valid safetensors file: /,
    );
  });

  test("holds a plain network", async () => {
    await saveModel(dense(3, 1), inside("plain.safetensors"));
    expect(await both("plain.safetensors", "new.csv")).toBe(
      "error: plain.safetensors holds a plain network, without what makes numbers of the rows of a table and classes or values of its " +
        "outputs. Train a model that has it by chainrule train; a program can use the network itself, with loadModel of chainrule/io.\n",
    );
  });

  test("is of another program, or of a newer version", async () => {
    writeFileSync(inside("other.safetensors"), encode({}, { format: "pt" }));
    expect(await both("other.safetensors", "new.csv")).toContain(
      'error: other.safetensors is not a model file of Chainrule: its metadata have the format "pt".',
    );
    writeFileSync(inside("newer.safetensors"), encode({}, { format: "chainrule", format_version: "2" }));
    expect(await both("newer.safetensors", "new.csv")).toBe(
      "error: newer.safetensors has the format version 2, and this library reads up to 1. Install a newer chainrule.\n",
    );
  });

  test("holds weights that are no numbers", async () => {
    const model = await writeModel(inside("nan.safetensors"), shopFor(PRICE, 60), PRICE);
    const [weights] = Object.values(params(model)) as [ReturnType<typeof params>[string]];
    weights.value = weights.value.mul(Number.NaN);
    await saveModel(model, inside("nan.safetensors"));
    const { status, stdout, stderr } = await chainrule(["predict", "nan.safetensors", "new.csv"], { cwd: folder });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(
      "error: The model's outputs for new.csv, line 2, are not all finite numbers: its weights are damaged, or the row holds extreme values.\n",
    );
  });

  test("has no threshold", async () => {
    expect(await both(MODEL, "new.csv", "--threshold", "0.3")).toBe(
      'error: --threshold is for models of two classes, and this one predicts numbers for "price (CHF)". Leave it out.\n',
    );
    expect(await both("three.safetensors", "new.csv", "--threshold", "0.3")).toBe(
      'error: --threshold is for models of two classes, and this one predicts one of 3 classes for "color". Leave it out.\n',
    );
    for (const value of ["1.5", ""])
      expect(await both("sold.safetensors", "new.csv", `--threshold=${value}`)).toContain(
        `error: option '--threshold <p>' argument '${value}' is invalid. It must be a number from 0 to 1, such as 0.3.\n`,
      );
  });
});

describe("the columns of the data", () => {
  const data = (name: string, text: string): string => {
    writeFileSync(inside(name), text);
    return name;
  };

  test("are others: those that are missing and those that are there are listed, and what the model was trained on", async () => {
    expect(await both(MODEL, data("other.csv", "height,weight\n1,2\n"))).toBe(
      `error: other.csv lacks all 3 columns that ${MODEL} needs, which was trained on shop 2024.csv: ${COLUMNS}. ` +
        'It has "height", "weight". Give a file that has the columns of the training data, or train a model on what this one has.\n',
    );
    expect(await both("sold.safetensors", "other.csv")).toContain(
      `other.csv lacks all 3 columns that sold.safetensors needs: ${COLUMNS}.`,
    );
  });

  test("are spelt otherwise", async () => {
    expect(await both(MODEL, data("spelt.csv", "Size,colour,day\n1,red,2024-01-01\n"))).toBe(
      `error: spelt.csv lacks 2 of the 3 columns that ${MODEL} needs, which was trained on shop 2024.csv: "size", "color". ` +
        'It has "Size", "colour", "day". If only their names differ, rename "Size" to "size", "colour" to "color".\n',
    );
  });

  test("have no names", async () => {
    expect(await both(MODEL, data("bare.csv", "1,2\n3,4\n"))).toContain(
      `It has "column_1", "column_2". If its first row holds no names, give them by --columns; the model's are ${COLUMNS}.\n`,
    );
  });

  test("are many: twenty are listed", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `number ${i}`).join(",");
    expect(await both(MODEL, data("wide.csv", `${names}\n${names.replace(/number /g, "")}\n`))).toContain(
      '"number 19" and 10 more. Give a file',
    );
  });
});

test("the data file is not there, is empty, or has a binary content", async () => {
  expect(await both(MODEL, "nowhere.csv")).toContain("error: there is no file nowhere.csv");
  writeFileSync(inside("nothing.csv"), "");
  expect(await both(MODEL, "nothing.csv")).toContain("error: nothing.csv");
  writeFileSync(
    inside("binary.csv"),
    Uint8Array.from({ length: 4000 }, (_, i) => (i * 31) % 256),
  );
  expect(await both(MODEL, "binary.csv")).toContain("error: binary.csv");
});
