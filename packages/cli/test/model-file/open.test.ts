/** What is said about files that hold no model, or not the one that is needed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tensor } from "chainrule";
import { encode, saveModel } from "chainrule/io";
import { dense, sequential } from "chainrule/nn";
import { inferColumns, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { beforeAll, describe, expect, test } from "vitest";
import { openModel, requireTableModel } from "../../src/model-file/index.ts";
import { failureOf, temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const rows = Table.fromRows([
  { size: 1, kind: "a" },
  { size: 2, kind: "b" },
]);
const input = TableEncoder.fit(rows, inferColumns(rows, { target: "kind" }));
const target = TargetEncoder.fit("kind", rows.column("kind"));
const record = {
  made_by: "chainrule train",
  data: { file: "d.csv", sha256: "ab", rows: 2 },
  rows: { train: 2, test: 0 },
  history: [{ epoch: 1, loss: 0.5 }],
  choices: [
    { name: "l2", value: "0.1", reason: "told", option: "--l2" },
    { name: "damaged", value: 1, reason: "", option: "" },
  ],
  epochs: 7,
  best_epoch: "seven",
};
let bytes: Uint8Array;
beforeAll(async () => {
  const model = new TableModel({ network: dense(1, target.outputs), input, target });
  bytes = await saveModel(model, undefined, { record });
});

const write = (content: string | Uint8Array, name = "model.safetensors"): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const fail = (content: string | Uint8Array): Promise<string> => failureOf(openModel(write(content)), folder);

/** The file with a few characters replaced by as many others. */
function patched(from: string, to: string): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(from);
  expect([at >= 0, to.length]).toEqual([true, from.length]);
  copy.write(to, at);
  return copy;
}

describe("a model of rows", () => {
  test.each([
    ["as it is", (b: Uint8Array) => b],
    ["packed by gzip", (b: Uint8Array) => gzipSync(b)],
  ])("%s", async (_, packed) => {
    const opened = await openModel(write(packed(bytes)));
    expect(opened.table?.target.classes).toEqual(["a", "b"]);
    expect(opened.network).toBe(opened.table?.network);
    expect(requireTableModel(opened)).toBe(opened.model);
  });

  test("with what its record tells, as far as that is of its kind", async () => {
    const { record: found } = await openModel(write(bytes));
    expect(found).toMatchObject({
      madeBy: "chainrule train",
      data: { file: "d.csv", sha256: "ab", rows: 2 },
      rows: { train: 2, test: 0 },
      history: [{ epoch: 1, loss: 0.5 }],
      choices: [{ name: "l2", value: "0.1", reason: "told" }],
      epochs: 7,
      test: undefined,
    });
    expect([found.bestEpoch, found.target, found.validation]).toEqual([
      undefined,
      undefined,
      { loss: undefined, score: undefined },
    ]);
  });
});

describe("a plain network", () => {
  test("is opened, and refused where rows are needed", async () => {
    const path = join(folder, "plain.safetensors");
    await saveModel(sequential(dense(2, 1)), path);
    const opened = await openModel(path);
    expect([opened.table, opened.network === opened.model, opened.record.data]).toEqual([undefined, true, undefined]);
    expect(() => requireTableModel(opened)).toThrow(
      `${path} holds a plain network, without what makes numbers of the rows of a table and classes or values of its outputs. ` +
        "Train a model that has it by chainrule train; a program can use the network itself, with loadModel of chainrule/io.",
    );
  });
});

describe("mistakes", () => {
  test("no such file", async () => {
    expect(await failureOf(openModel(join(folder, "none.safetensors")), folder)).toMatch(
      /^there is no model file none\.safetensors \(the working folder is .*\)\. Check the spelling of its path, or make one by chainrule train\.$/,
    );
  });

  test("a folder", async () => {
    expect(await failureOf(openModel(folder))).toBe(`${folder} is a folder. Name a model file in it.`);
  });

  test("an empty file", async () => {
    expect(await fail("")).toBe("model.safetensors is empty, so it holds no model. Get it again, or train it again.");
  });

  test("a table in place of the model", async () => {
    expect(await fail("size,kind\n1,a\n2,b\n")).toMatch(
      /^model\.safetensors is not a valid safetensors file: its first 8 bytes claim a header of \d+ bytes\. Name a file that chainrule train has written, such as model\.safetensors\. The model file comes first, the data after it\.$/,
    );
  });

  test("tensors that are no model", async () => {
    expect(await fail(encode({ w: tensor([1]) }))).toBe(
      "model.safetensors is not a model file of Chainrule: its metadata have no format. Name a file that chainrule train has " +
        "written, such as model.safetensors. The model file comes first, the data after it.",
    );
  });

  test("a file that was cut off", async () => {
    expect(await fail(bytes.subarray(0, 300))).toMatch(
      /^model\.safetensors is not a valid safetensors file: it is truncated: .* It was damaged on its way: get it again, or train it again\.$/,
    );
  });

  test("damaged metadata", async () => {
    expect(await fail(patched('"architecture":"{', '"architecture":"['))).toBe(
      "model.safetensors is a damaged model file: the architecture in its metadata is not a JSON object. It was damaged on its " +
        "way: get it again, or train it again.",
    );
  });

  test.each([
    [
      "the file",
      '"format_version":"1"',
      '"format_version":"7"',
      "has the format version 7, and this library reads up to 1",
    ],
    [
      "the preprocessing",
      '\\"version\\":1',
      '\\"version\\":7',
      "holds a model that cannot be made: the preprocessing has the version 7, and this library reads up to 1",
    ],
  ])("a newer version of %s", async (_, from, to, what) => {
    expect(await fail(patched(from, to))).toBe(`model.safetensors ${what}. Install a newer chainrule.`);
  });

  test("a layer of someone's own", async () => {
    expect(await fail(patched('\\"dense\\"', '\\"dance\\"'))).toBe(
      'model.safetensors holds a model that cannot be made: layer "network" is of the type "dance", which is not registered. ' +
        "The command knows the layers of the library alone: use this model from the program that has the others.",
    );
  });
});
