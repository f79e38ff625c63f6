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
  ...forAll("none", undefined, "?"),
  ...forAll("empty", () => "", "?"),
  ...forAll("a table", () => plants(), "?"),
  ...forAll("cut off", () => model().subarray(0, model().length - 40), "?"),
  ...forAll("cut off in its header", () => model().subarray(0, 100), "?"),
  ...forAll("of another program", () => encode(decode(model()).tensors, {}), "?"),
  ...forAll("of a newer format", () => changed((m) => ({ ...m, format_version: "99" })), "?"),
  ...forAll("damaged in its architecture", () => changed((m) => ({ ...m, architecture: "{" })), "?"),
]);

const line = (name: string, args: readonly string[], says: BadInput["says"], files: Files = {}): BadInput => ({
  name,
  files: () => ({ ...models, "plants.csv": plants(), ...files }),
  args,
  says,
});

catalogue("a network without a table", [
  line("predict", ["predict", "network.safetensors", "plants.csv"], "?"),
  line("eval", ["eval", "network.safetensors", "plants.csv"], "?"),
]);

const predict = (name: string, rows: string, says: BadInput["says"], ...options: string[]): BadInput =>
  line(name, ["predict", "kind.safetensors", "new.csv", "--out", "out.csv", ...options], says, { "new.csv": rows });

catalogue("rows to predict", [
  predict("a column is missing", "height\n1\n2\n", "?"),
  predict("a column is misspelt", "heigth,leaves\n1,2\n", "?"),
  predict("all columns are missing: a model for other rows", "alcohol,hue\n1,2\n", "?"),
  predict("a number is infinite, after good rows", `height,leaves\n${"1,2\n".repeat(3000)}inf,2\n`, "?"),
  predict("a row is ragged, after good rows", `height,leaves\n${"1,2\n".repeat(3000)}1\n`, "?"),
  predict("there is no row", "height,leaves\n", "?"),
  predict("the output has the name of the rows", "height,leaves\n1,2\n", "?", "--out", "new.csv", "--force"),
  predict("the output has the name of the model", "height,leaves\n1,2\n", "?", "--out", "kind.safetensors", "--force"),
  predict("the output is there", "height,leaves\n1,2\n", "?", "--out", "plants.csv"),
  predict("the output has a format that cannot be written", "height,leaves\n1,2\n", "?", "--out", "out.parquet"),
  predict("a threshold for three classes", "height,leaves\n1,2\n", "?", "--threshold", "0.7"),
  predict("a threshold that is no probability", "height,leaves\n1,2\n", "?", "--threshold", "70"),
  predict("a column has the name of a prediction", "height,leaves,kind_predicted\n1,2,rose\n", "?"),
  predict(
    "nothing is left to write",
    "height,leaves\n1,2\n",
    "?",
    "--only-predictions",
    "--no-probabilities",
    "--to",
    "xlsx",
  ),
]);

const evaluate = (name: string, rows: string, says: BadInput["says"], ...options: string[]): BadInput =>
  line(name, ["eval", "kind.safetensors", "new.csv", ...options], says, { "new.csv": rows });

catalogue("rows to evaluate on", [
  evaluate("no target", "height,leaves\n1,2\n", "?"),
  evaluate("no value of the target", "height,leaves,kind\n1,2,\n", "?"),
  evaluate("a class that the model does not know", "height,leaves,kind\n1,2,rose\n2,3,moss\n", "?"),
  evaluate("a column is missing", "height,kind\n1,rose\n", "?"),
  line("words where the target is a number", ["eval", "height.safetensors", "new.csv"], "?", {
    "new.csv": "height,leaves,kind\n1,2,rose\ntall,3,rose\n",
  }),
  line("an infinite target", ["eval", "height.safetensors", "new.csv"], "?", {
    "new.csv": "height,leaves,kind\n1,2,rose\ninf,3,rose\n",
  }),
]);

catalogue("questions about a model", [
  line("a row that is not there", ["explain", "kind.safetensors", "--data", "plants.csv", "--row", "1000"], "?"),
  line("row 0", ["explain", "kind.safetensors", "--data", "plants.csv", "--row", "0"], "?"),
  line(
    "a row, when the training file is gone",
    ["explain", "kind.safetensors", "--row", "1", "--data", "gone.csv"],
    /there is no file gone\.csv/,
  ),
  line("an export to another language", ["export", "kind.safetensors", "--to", "cobol"], "?"),
  line("an export to nowhere", ["export", "kind.safetensors"], "?"),
  line(
    "an export over the model",
    ["export", "kind.safetensors", "--to", "json", "--out", "kind.safetensors", "--force"],
    "?",
  ),
  line("an export to a full device", ["export", "kind.safetensors", "--to", "json", "--out", "/dev/full"], "?"),
  line("a check on rows without the target", ["gradcheck", "kind.safetensors", "new.csv"], "?", {
    "new.csv": "height,leaves\n1,2\n",
  }),
]);

const search = (name: string, options: readonly string[], says: BadInput["says"]): BadInput =>
  line(name, ["search", "plants.csv", "--target", "kind", ...options], says);

catalogue("searches", [
  search("no trials", ["--trials", "0"], "?"),
  search("a setting that does not exist", ["--space", "width=3|4"], "?"),
  search("a range that runs backwards", ["--space", "l2=0.1..0.01"], "?"),
  search("a value that is none", ["--space", "l2=small|large"], "?"),
  search("a grid of ranges", ["--grid", "--space", "l2=0.001..0.1"], "?"),
  search("no validation", ["--validation", "0"], "?"),
  search("the data for the model", ["--out", "plants.csv", "--force"], "?"),
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
});
