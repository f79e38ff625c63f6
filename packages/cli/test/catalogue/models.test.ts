/** Model files that are none, or not for these rows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, saveModel } from "chainrule/io";
import { dense, sequential } from "chainrule/nn";
import { beforeAll, describe, expect, test } from "vitest";
import { type BadInput, catalogue, contentsOf, type Files, folderOf, plants, QUICK } from "../support/catalogue.ts";
import { runHere } from "../support/in-process.ts";

/** Models of the plants' kinds, and of their heights; a network that knows nothing of tables. */
let models: Files;

beforeAll(async () => {
  using folder = folderOf({ "plants.csv": plants() });
  for (const target of ["kind", "height"]) {
    const args = ["train", "plants.csv", "--target", target, ...QUICK, "--out", `${target}.safetensors`];
    expect(await runHere(args, folder.path)).toMatchObject({ status: 0 });
  }
  const bytes = (name: string): Uint8Array => readFileSync(join(folder.path, name));
  models = {
    "kind.safetensors": bytes("kind.safetensors"),
    "height.safetensors": bytes("height.safetensors"),
    "network.safetensors": await saveModel(sequential(dense(2, 3))),
  };
});

const model = (name = "kind.safetensors"): Uint8Array => models[name] as Uint8Array;

/** The model of the kinds with other metadata. */
function changed(change: (metadata: Record<string, string>) => Record<string, string>): Uint8Array {
  const { tensors, metadata } = decode(model());
  return encode(tensors, change({ ...metadata }));
}

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  eval: ["eval", "model.safetensors", "plants.csv"],
  predict: ["predict", "model.safetensors", "plants.csv"],
  explain: ["explain", "model.safetensors"],
  gradcheck: ["gradcheck", "model.safetensors", "plants.csv"],
  export: ["export", "model.safetensors", "--to", "json"],
};

/** The same bad model file for every command that takes one. */
const forAll = (name: string, content: (() => string | Uint8Array) | undefined, says: BadInput["says"]): BadInput[] =>
  Object.entries(COMMANDS).map(([command, args]) => ({
    name: `${name}: ${command}`,
    files: () => ({ "plants.csv": plants(), ...(content === undefined ? {} : { "model.safetensors": content() }) }),
    args,
    says,
  }));

catalogue("model files", [
  ...forAll(
    "none",
    undefined,
    /^error: there is no model file model\.safetensors \(the working folder is .*\)\. Check the spelling of its path, or make one by chainrule train\.\n$/,
  ),
  ...forAll("empty", () => "", "model.safetensors is empty, so it holds no model. Get it again, or train it again."),
  ...forAll(
    "a table",
    () => plants(),
    /^error: model\.safetensors is not a valid safetensors file: its first 8 bytes claim a header of \d+ bytes\. Name a file that chainrule train has written/,
  ),
  ...forAll(
    "cut off",
    () => model().subarray(0, model().length - 40),
    "model.safetensors is not a valid safetensors file: it is truncated: its tensors need 108 bytes, and 68 are there. It was damaged on its way: get it again, or train it again.",
  ),
  ...forAll(
    "cut off in its header",
    () => model().subarray(0, 100),
    /^error: model\.safetensors is not a valid safetensors file: it is truncated: its header should end at byte \d+, and it has 100\. It was damaged on its way/,
  ),
  ...forAll(
    "of another program",
    () => encode(decode(model()).tensors, {}),
    "model.safetensors is not a model file of Chainrule: its metadata have no format. Name a file that chainrule train has written, such as model.safetensors. The model file comes first, the data after it.",
  ),
  ...forAll(
    "of a newer format",
    () => changed((m) => ({ ...m, format_version: "99" })),
    "model.safetensors has the format version 99, and this library reads up to 1. Install a newer chainrule.",
  ),
  ...forAll(
    "damaged in its architecture",
    () => changed((m) => ({ ...m, architecture: "{" })),
    "model.safetensors is a damaged model file: the architecture in its metadata is not a JSON object. It was damaged on its way: get it again, or train it again.",
  ),
]);

const line = (name: string, args: readonly string[], says: BadInput["says"], files: Files = {}): BadInput => ({
  name,
  files: () => ({ ...models, "plants.csv": plants(), ...files }),
  args,
  says,
});

catalogue("a network without a table", [
  line(
    "predict",
    ["predict", "network.safetensors", "plants.csv"],
    "network.safetensors holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs. Train a model that has it by chainrule train; a program can use the network itself, with loadModel of chainrule/io.",
  ),
  line(
    "eval",
    ["eval", "network.safetensors", "plants.csv"],
    "network.safetensors holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs. Train a model that has it by chainrule train; a program can use the network itself, with loadModel of chainrule/io.",
  ),
]);

const predict = (name: string, rows: string, says: BadInput["says"], ...options: string[]): BadInput =>
  line(name, ["predict", "kind.safetensors", "new.csv", "--out", "out.csv", ...options], says, { "new.csv": rows });

catalogue("rows to predict", [
  predict(
    "a column is missing",
    "height\n1\n2\n",
    'new.csv lacks 1 of the 2 columns that kind.safetensors needs, which was trained on plants.csv: "leaves". It has "height". Give a file that has the columns of the training data, or train a model on what this one has.',
  ),
  predict(
    "a column is misspelt",
    "heigth,leaves\n1,2\n",
    'new.csv lacks 1 of the 2 columns that kind.safetensors needs, which was trained on plants.csv: "height". It has "heigth", "leaves". If only their names differ, rename "heigth" to "height".',
  ),
  predict(
    "all columns are missing: a model for other rows",
    "alcohol,hue\n1,2\n",
    'new.csv lacks all 2 columns that kind.safetensors needs, which was trained on plants.csv: "height", "leaves". It has "alcohol", "hue". Give a file that has the columns of the training data, or train a model on what this one has.',
  ),
  predict(
    "a number is infinite, after good rows",
    `height,leaves\n${"1,2\n".repeat(3000)}inf,2\n`,
    'new.csv, line 3002: column "height" has Infinity. Correct it, drop the row, or leave the cell empty.',
  ),
  predict(
    "a row is ragged, after good rows",
    `height,leaves\n${"1,2\n".repeat(3000)}1\n`,
    "new.csv, line 3002: the row has 1 value and the header names 2 columns. It is the last one: the file may have been cut off.",
  ),
  predict("there is no row", "height,leaves\n", "new.csv has names of columns and no rows."),
  predict(
    "the output has the name of the model",
    "height,leaves\n1,2\n",
    "--out and the model are the same file, kind.safetensors. Give each a name of its own.",
    "--out",
    "kind.safetensors",
    "--force",
  ),
  predict(
    "the output is there",
    "height,leaves\n1,2\n",
    "plants.csv exists already. Name another file, or replace it by --force.",
    "--out",
    "plants.csv",
  ),
  predict(
    "the output has a format that cannot be written",
    "height,leaves\n1,2\n",
    "--out: a file is written as csv, tsv, jsonl, and out.parquet ends in .parquet. Say which one by --to, or name it otherwise.",
    "--out",
    "out.parquet",
  ),
  predict(
    "a threshold for three classes",
    "height,leaves\n1,2\n",
    '--threshold is for models of two classes, and this one predicts one of 3 classes for "kind". Leave it out.',
    "--threshold",
    "0.7",
  ),
  predict(
    "a threshold that is no probability",
    "height,leaves\n1,2\n",
    "option '--threshold <p>' argument '70' is invalid. It must be a number from 0 to 1, such as 0.3.",
    "--threshold",
    "70",
  ),
  predict(
    "nothing is left to write",
    "height,leaves\n1,2\n",
    "option '--to <format>' argument 'xlsx' is invalid. Allowed choices are csv, tsv, jsonl.",
    "--only-predictions",
    "--no-probabilities",
    "--to",
    "xlsx",
  ),
]);

const evaluate = (name: string, rows: string, says: BadInput["says"], ...options: string[]): BadInput =>
  line(name, ["eval", "kind.safetensors", "new.csv", ...options], says, { "new.csv": rows });

catalogue("rows to evaluate on", [
  evaluate(
    "no target",
    "height,leaves\n1,2\n",
    'new.csv lacks the column "kind" that kind.safetensors predicts, so there is nothing to compare with. It has "height", "leaves". To predict it, use chainrule predict.',
  ),
  evaluate(
    "no value of the target",
    "height,leaves,kind\n1,2,\n",
    'new.csv has no value of "kind" in any of its 1 row. To predict it, use chainrule predict.',
  ),
  evaluate(
    "a class that the model does not know",
    "height,leaves,kind\n1,2,rose\n2,3,moss\n",
    'new.csv, line 3: "kind" has the class "moss", and the model knows "fern", "oak", "rose".',
  ),
  evaluate(
    "a column is missing",
    "height,kind\n1,rose\n",
    'new.csv lacks 1 of the 2 columns that kind.safetensors needs, which was trained on plants.csv: "leaves". It has "height", "kind". Give a file that has the columns of the training data, or train a model on what this one has.',
  ),
  line(
    "words where the target is a number",
    ["eval", "height.safetensors", "new.csv"],
    'new.csv, line 3: "height" is to be a number, and it holds "tall". Correct it, or drop the row.',
    {
      "new.csv": "height,leaves,kind\n1,2,rose\ntall,3,rose\n",
    },
  ),
  line(
    "an infinite target",
    ["eval", "height.safetensors", "new.csv"],
    'new.csv, line 3: column "height" has Infinity. Correct it, drop the row, or leave the cell empty.',
    {
      "new.csv": "height,leaves,kind\n1,2,rose\ninf,3,rose\n",
    },
  ),
]);

catalogue("questions about a model", [
  line(
    "a row that is not there",
    ["explain", "kind.safetensors", "--data", "plants.csv", "--row", "1000"],
    "--row 1000: plants.csv has 36 rows. Take one of 1 … 36.",
  ),
  line(
    "row 0",
    ["explain", "kind.safetensors", "--data", "plants.csv", "--row", "0"],
    "option '--row <n>' argument '0' is invalid. It must be an integer ≥ 1.",
  ),
  line(
    "a row, when the training file is gone",
    ["explain", "kind.safetensors", "--row", "1", "--data", "gone.csv"],
    /there is no file gone\.csv/,
  ),
  line(
    "an export to another language",
    ["export", "kind.safetensors", "--to", "cobol"],
    "option '--to <form>' argument 'cobol' is invalid. Allowed choices are json, typescript.",
  ),
  line(
    "an export to nowhere",
    ["export", "kind.safetensors"],
    "required option '--to <form>' not specified\nChoose one of --to json, --to typescript.",
  ),
  line(
    "an export over the model",
    ["export", "kind.safetensors", "--to", "json", "--out", "kind.safetensors", "--force"],
    "--out and the model are the same file, kind.safetensors. Give each a name of its own.",
  ),
  line(
    "an export to a full device",
    ["export", "kind.safetensors", "--to", "json", "--out", "/dev/full"],
    "cannot write /dev/full: there is no space left on the disk. Nothing was changed; make room, or name a file on another disk.",
  ),
  line(
    "a check on rows without the target",
    ["gradcheck", "kind.safetensors", "new.csv"],
    'new.csv: there is no column "kind". The columns are "height", "leaves".',
    {
      "new.csv": "height,leaves\n1,2\n",
    },
  ),
]);

const search = (name: string, options: readonly string[], says: BadInput["says"]): BadInput =>
  line(name, ["search", "plants.csv", "--target", "kind", "--quiet", ...options], says);

const init = (name: string, args: readonly string[], says: BadInput["says"], files: Files = {}): BadInput =>
  line(name, ["init", ...args], says, files);

catalogue("new projects", [
  init(
    "in a folder that is not empty",
    ["project"],
    "project is not empty: it has notes.txt. Name a folder that is not there yet.",
    { "project/notes.txt": "mine" },
  ),
  init("in a file", ["plants.csv"], "plants.csv is a file. Name a folder that is not there yet."),
  init(
    "without the target",
    ["project", "--data", "plants.csv"],
    "--data needs the name of the column to predict, as in --target price. `chainrule inspect plants.csv` lists the columns.",
  ),
  init(
    "with a target that is not there",
    ["project", "--data", "plants.csv", "--target", "kinds"],
    '--target: there is no column "kinds"; did you mean "kind"? The columns are "height", "leaves", "kind".',
  ),
  init(
    "with data that is not there",
    ["project", "--data", "gone.csv", "--target", "kind"],
    /there is no file gone\.csv/,
  ),
]);

const rate = (name: string, options: readonly string[], says: BadInput["says"], rows = plants()): BadInput =>
  line(name, ["lr-find", "new.csv", "--target", "kind", "--quiet", ...options], says, { "new.csv": rows });

catalogue("learning rates", [
  rate(
    "a target that is not there",
    ["--target", "sort"],
    '--target: there is no column "sort". The columns are "height", "leaves", "kind".',
  ),
  rate(
    "one class",
    [],
    'new.csv: the target "kind" is "rose" in all 12 rows that have a value: there is nothing to tell apart. Give rows with other values, or another target.',
    plants(12, ["rose"]),
  ),
  rate("a range that runs backwards", ["--from", "1", "--to", "0.1"], "--from 1 must be below --to 0.1."),
  rate("no steps", ["--steps", "0"], "option '--steps <n>' argument '0' is invalid. It must be an integer ≥ 10."),
]);

catalogue("searches", [
  search("no trials", ["--trials", "0"], "option '--trials <n>' argument '0' is invalid. It must be an integer ≥ 1."),
  search(
    "a setting that does not exist",
    ["--space", "width=3|4"],
    "--space width=3|4 cannot be read: width is none of learning-rate, hidden, l2, dropout, batch-size, activation, optimizer. Write name=low..high or name=value|value, such as l2=0.001..0.1 or 'hidden=64|128,64'.",
  ),
  search(
    "a range that runs backwards",
    ["--space", "l2=0.1..0.01"],
    "--space l2=0.1..0.01 cannot be read: 0.1 is not below 0.01. Write name=low..high or name=value|value, such as l2=0.001..0.1 or 'hidden=64|128,64'.",
  ),
  search(
    "a value that is none",
    ["--space", "l2=small|large"],
    "--space l2=small|large cannot be read: small is not a number ≥ 0. Write name=low..high or name=value|value, such as l2=0.001..0.1 or 'hidden=64|128,64'.",
  ),
  search(
    "a grid of ranges",
    ["--grid", "--space", "l2=0.001..0.1"],
    "A grid needs a list of values for each setting, but l2 has the range 0.001..0.1. Write --space 'l2=value|value', or search at random.",
  ),
  search(
    "no validation",
    ["--validation", "0"],
    "A search needs rows held back to compare on: give more rows, and leave out --validation 0.",
  ),
  search(
    "the data for the model",
    ["--out", "plants.csv", "--force"],
    "--out and the data are the same file, plants.csv. Give each a name of its own.",
  ),
]);

describe("what is no error", () => {
  test("a category that was not there in training is told", async () => {
    const rows = (kind: (i: number) => string): string =>
      `colour,height,kind\n${Array.from({ length: 40 }, (_, i) => `${kind(i)},${i % 9},${i % 2 ? "rose" : "oak"}\n`).join("")}`;
    using folder = folderOf({
      "data.csv": rows((i) => (i % 3 ? "red" : "blue")),
      "new.csv": rows((i) => (i === 5 ? "green" : "red")),
    });
    expect(await runHere(["train", "data.csv", "--target", "kind", ...QUICK], folder.path)).toMatchObject({
      status: 0,
    });
    const { status, stderr } = await runHere(
      ["predict", "model.safetensors", "new.csv", "--out", "out.csv"],
      folder.path,
    );
    expect(status).toBe(0);
    expect(stderr).toContain("green");
    expect(Object.keys(contentsOf(folder.path))).toContain("out.csv");
  });

  test("names with odd characters", async () => {
    const names = ['a "b", c', "größe × 2\nzweite Zeile", "__proto__", "constructor", "🌵", "=1+1"];
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const rows = Array.from({ length: 40 }, (_, i) => names.map((_, j) => (i * (j + 3)) % 11).join(","));
    const kinds = ["'rose'", "a,b"];
    const data = rows.map((row, i) => `${row},${quote(kinds[i % 2] as string)}\n`);
    using folder = folderOf({
      "data.csv": `${[...names, "the \u001b[31mkind"].map(quote).join(",")}\n${data.join("")}`,
    });
    const trained = await runHere(
      ["train", "data.csv", "--target", "the \u001b[31mkind", ...QUICK.slice(0, -1)],
      folder.path,
    );
    expect(trained.status, trained.stderr).toBe(0);
    // Nothing in a name steers the terminal.
    expect(trained.stdout).not.toContain("\u001b");
    const args = ["predict", "model.safetensors", "data.csv", "--out", "out.jsonl"];
    expect(await runHere(args, folder.path)).toMatchObject({ status: 0 });
    const [first] = readFileSync(join(folder.path, "out.jsonl"), "utf8").split("\n");
    const row = JSON.parse(first as string) as Record<string, unknown>;
    expect(Object.keys(row).slice(0, names.length)).toEqual(names);
    expect(kinds).toContain(row["the \u001b[31mkind_predicted"]);
  });
});
