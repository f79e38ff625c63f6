import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { decode, encode, FormatError, loadModel, loadTableModel, saveModel } from "chainrule/io";
import { batchNorm, dense, dropout, initialize, Module, relu, sequential, tanh } from "chainrule/nn";
import { type Cell, inferColumns, type Row, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const size = 300;
const cell = (i: number, k: number): number => Math.sin(i * 12.9898 + k * 78.233) * 3;
const rows: Row[] = Array.from({ length: size }, (_, i) => ({
  length: i % 11 === 0 ? null : cell(i, 0),
  width: `${cell(i, 1)}`,
  colour: ["red", "green", "blue"][i % 3] as string,
  paid: i % 5 < 2 ? "yes" : "no",
  day: new Date(1.7e12 + i * 1e9).toISOString(),
  kind: (["a", "b", "c"] as const)[Math.floor((cell(i, 0) + 3) / 2.001)] as string,
  price: cell(i, 0) + cell(i, 1),
}));
const table = Table.fromRows(rows);

function modelOf(targetName: "kind" | "price" | "paid"): TableModel {
  const others = table.select(
    table.names.filter((name) => name === targetName || !["kind", "price", "paid"].includes(name)),
  );
  const input = TableEncoder.fit(others, inferColumns(others, { target: targetName }));
  const target = TargetEncoder.fit(targetName, table.column(targetName));
  const hidden = sequential(dense(input.features.length, 37), batchNorm(37), relu, dropout(0.3), dense(37, 21), tanh);
  const network = sequential(hidden, dense(21, target.outputs));
  return initialize(new TableModel({ network, input, target }), { seed: 7 });
}

const bits = async (model: TableModel, part: Table | readonly Row[]): Promise<ArrayLike<number>> =>
  (await model.predict(part)).outputs.dataSync();

describe("TableModel", () => {
  test("predicts classes by name with their probabilities, or numbers on their own scale", async () => {
    const kinds = await modelOf("kind").predict(rows.slice(0, 4));
    expect(kinds.outputs.shape).toEqual([4, 3]);
    expect(kinds.classes).toHaveLength(4);
    kinds.probabilities?.forEach((p, i) => {
      expect(p.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 12);
      expect(["a", "b", "c"][p.indexOf(Math.max(...p))]).toBe(kinds.classes?.[i]);
    });
    const model = modelOf("price");
    const { values, outputs, classes } = await model.predict(table.take([0, 1]));
    expect(classes).toBeUndefined();
    outputs.dataSync().forEach((z, i) => {
      expect(values?.[i]).toBe(z * model.target.deviation + model.target.mean);
    });
    expect([model.task, modelOf("paid").task]).toEqual(["regression", "binary"]);
  });

  test("tells of strange cells and unused columns, and moves the threshold", async () => {
    const model = modelOf("paid");
    const strange = { ...rows[0], length: "long", colour: "mauve" } as Row;
    const { notes, ignored } = await model.predict([rows[1] as Row, strange]);
    expect(notes.map(({ column, what, row }) => [column, what, row])).toEqual([
      ["length", "unreadable", 1],
      ["colour", "unseen", 1],
    ]);
    expect(ignored).toEqual(["paid", "kind", "price"]);
    const { classes } = await model.predict(table, { threshold: 1 });
    expect(new Set(classes)).toEqual(new Set(["no"]));
  });

  test("gives the same bits for a row whatever rows are beside it", async () => {
    for (const name of ["kind", "price"] as const) {
      const model = modelOf(name);
      const all = await bits(model, table);
      const width = model.target.outputs;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 280 }), async (positions) => {
          const part = await bits(model, table.take(positions));
          positions.forEach((row, i) => {
            for (let k = 0; k < width; k++) expect(part[i * width + k]).toBe(all[row * width + k]);
          });
        }),
        { numRuns: 25 },
      );
    }
  });

  test("predicts nothing for no rows", async () => {
    for (const part of [[], table.take([])]) {
      const none = await modelOf("kind").predict(part);
      expect([none.classes, none.probabilities, none.outputs.shape]).toEqual([[], [], [0, 3]]);
      expect((await modelOf("price").predict(part)).values).toEqual(new Float64Array(0));
    }
  });

  test("refuses what is no row, no threshold, or a network of other outputs", async () => {
    const model = modelOf("paid");
    await expect(model.predict({ length: 1 } as never)).rejects.toThrow(
      "TableModel.predict: takes a Table or an array of rows, not an object.",
    );
    await expect(model.predict([], { threshold: 2 })).rejects.toThrow(
      "TableModel.predict: threshold must be a finite number ≥ 0 and ≤ 1; it is 2.",
    );
    await expect(model.predict([{ length: 1 }])).rejects.toThrow(
      'the table lacks the columns "width", "colour", "day"; it has "length".',
    );
    const { input, target } = model;
    const wide = new TableModel({ network: dense(input.features.length, 2), input, target });
    await expect(wide.predict(rows)).rejects.toThrow('a binary model of "paid" must give [rows, 1]; it gave [300, 2].');
    expect(() => new TableModel({ network: relu as never, input, target })).toThrow(
      "TableModel: the network must be a model such as sequential(…); it is the function relu.",
    );
    expect(() => new TableModel({ network: dense(1, 1), input: {} as never, target })).toThrow(
      "TableModel: needs { network, input: a TableEncoder, target: a TargetEncoder }.",
    );
  });
});

describe("a saved TableModel", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "chainrule-table-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("predicts the same bits of raw rows, in whatever form they come", async () => {
    for (const name of ["kind", "price", "paid"] as const) {
      const model = modelOf(name);
      const before = await model.predict(table);
      const path = join(folder, `${name}.safetensors`);
      await saveModel(model, path);
      const again = await loadTableModel(path);
      expect(again).toBeInstanceOf(TableModel);
      const after = await again.predict(rows);
      expect(after.outputs.dataSync()).toEqual(before.outputs.dataSync());
      expect([after.classes, after.values, after.notes]).toEqual([before.classes, before.values, before.notes]);
      const texts = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? "" : String(value)])),
      );
      expect(await bits(again, texts)).toEqual(before.outputs.dataSync());
    }
  });

  test("is made by loadModel in a program that imports nothing else", async () => {
    const model = modelOf("kind");
    const path = join(folder, "alone.safetensors");
    await saveModel(model, path);
    const program = `import { loadModel } from "chainrule/io";
      const model = await loadModel(${JSON.stringify(path)});
      const { outputs } = await model.predict(${JSON.stringify(rows.slice(0, 3))});
      console.log(JSON.stringify([...outputs.dataSync()]));`;
    const args = [...process.execArgv, "--input-type=module", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
    expect(JSON.parse(stdout)).toEqual([...(await model.predict(rows.slice(0, 3))).outputs.dataSync()]);
  });

  test("has the header of the format, which other programs read", async () => {
    const bytes = await saveModel(modelOf("paid"));
    // As the README of safetensors lays it out: 8 bytes of length, JSON, numbers without gaps up to the end.
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    const { __metadata__: metadata, ...tensors } = header as Record<string, { data_offsets: [number, number] }>;
    expect(Object.values(metadata as object).every((value) => typeof value === "string")).toBe(true);
    expect(Object.keys(tensors)).toContain("network.0.0.weight");
    const ends = Object.values(tensors).map(({ data_offsets: [, end] }) => end);
    expect(Math.max(...ends)).toBe(bytes.length - 8 - length);
    const { layers, ...architecture } = JSON.parse(
      (metadata as unknown as Record<string, string>).architecture as string,
    );
    expect([architecture.type, architecture.config.version, Object.keys(layers)]).toEqual([
      "tableModel",
      1,
      ["network"],
    ]);
    expect(architecture.config.target).toEqual({ name: "paid", task: "binary", classes: ["no", "yes"] });
  });

  test("is refused with a reason if it is newer, or its preprocessing is damaged", async () => {
    const { tensors, metadata } = decode(await saveModel(modelOf("paid")));
    const changed = (from: string, to: string) => {
      const architecture = (metadata.architecture as string).replace(from, to);
      expect(architecture).not.toBe(metadata.architecture);
      return loadModel(encode(tensors, { ...metadata, architecture }));
    };
    const newer = changed('"config":{"version":1', '"config":{"version":2');
    await expect(newer).rejects.toThrow(FormatError);
    await expect(newer).rejects.toThrow(
      "the file holds a model that cannot be made: the preprocessing has the version 2, and this library reads up to 1. Install a newer chainrule.",
    );
    await expect(changed('"config":{"version":1', '"config":{"version":"x"')).rejects.toThrow(
      'tableModel: the config.version must be a finite number; it is "x".',
    );
    await expect(changed('"kind":"number"', '"kind":"image"')).rejects.toThrow(
      'TableEncoder.fromJSON: the encoder.columns.0.kind must be one of "number", "date", "boolean", "category"; it is "image".',
    );
    await expect(changed('"layers":{"network"', '"layers":{"net"')).rejects.toThrow("the network must be a model");
  });

  test("is not what a file without preprocessing holds", async () => {
    const bytes = await saveModel(dense(2, 1));
    expect(await loadModel(bytes)).toBeInstanceOf(Module);
    await expect(loadTableModel(bytes)).rejects.toThrow(FormatError);
    await expect(loadTableModel(bytes)).rejects.toThrow(
      "the file holds a plain network, without the preprocessing that rows of a table need. " +
        "Use loadModel and give it tensors, or train and save a TableModel.",
    );
  });

  test("keeps names of columns and categories whatever they are", async () => {
    const odd = ["__proto__", "constructor", 'quo"te', "zero\u0000", "🙂", "a.b", " x "];
    const cells = odd.map((_, j): Cell[] => odd.map((word, i) => (j % 2 ? word : (i + j) * 1.5)));
    const strange = new Table([...odd, "y"], [...cells, odd.map((_, i) => i / 2)]);
    const input = TableEncoder.fit(strange, inferColumns(strange, { target: "y" }));
    const network = dense(input.features.length, 1);
    const model = new TableModel({ network, input, target: TargetEncoder.fit("y", strange.column("y")) });
    const before = await bits(model, strange);
    expect(await bits(await loadTableModel(await saveModel(model)), strange)).toEqual(before);
  });
});
