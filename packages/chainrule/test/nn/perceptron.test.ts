import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../src/io/index.ts";
import { dense, Perceptron, perceptron, sequential, trainPerceptron, truthTable } from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

const corners = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, row) => Array.from({ length: n }, (_, i) => (row >> (n - 1 - i)) & 1));
const bits = (model: (x: Tensor) => Tensor, n: number): number[] => [...model(tensor(corners(n))).dataSync()];

describe("perceptron", () => {
  it("fires where x·W + b > 0, and not at 0", () => {
    const nand = perceptron(2, 1, { weight: [[-2], [-2]], bias: [3] });
    expect(bits(nand, 2)).toEqual([1, 1, 1, 0]);
    expect(perceptron(1, 1)(tensor([[5]])).itemSync()).toBe(0);
  });

  it("is saved and loaded", async () => {
    const model = sequential(perceptron(2, 1, { weight: [[1], [1]], bias: [-1.5] }));
    const again = await loadModel(await saveModel(model));
    expect((again as typeof model).layers[0]).toBeInstanceOf(Perceptron);
    expect(bits(again, 2)).toEqual([0, 0, 0, 1]);
  });

  it("goes by its own name in errors", () => {
    expect(() => perceptron(0, 1)).toThrow("perceptron: the number of inputs must be an integer ≥ 1; it is 0.");
    expect(() => perceptron(2, 1)(tensor([[1, 2, 3]]))).toThrow("perceptron: the input has 3 features");
    expect(() => perceptron(2, 1, { weight: [[1, 1]] })).toThrow("cannot take a value of shape [1, 2]");
    expect(() => perceptron(2, 1, { weights: [] } as never)).toThrow(
      'perceptron: unknown option "weights"; there are weight, bias, dtype.',
    );
  });
});

describe("trainPerceptron", () => {
  // By hand, from zero weights with η = 1; rows 00, 01, 10, 11 with the targets of AND:
  // epoch 1: 11 → w = (1, 1), b = 1; epoch 2: 00 wrong, b = 0; 01 wrong, w = (1, 0), b = −1; 10 right (0);
  // 11 wrong, w = (2, 1), b = 0; …
  it("makes the changes that one makes by hand", () => {
    const layer = perceptron(2, 1);
    const data = { x: corners(2), y: [0, 0, 0, 1] };
    const first = trainPerceptron(layer, data, { epochs: 1 });
    expect(first).toMatchObject({ converged: false, epochs: 1, updates: [1], mistakes: [1], bounds: [Infinity] });
    expect([...layer.weight.value.dataSync(), ...(layer.bias?.value.dataSync() ?? [])]).toEqual([1, 1, 1]);
    expect(trainPerceptron(layer, data, { epochs: 1 }).mistakes).toEqual([3]);
    expect([...layer.weight.value.dataSync(), ...(layer.bias?.value.dataSync() ?? [])]).toEqual([2, 1, 0]);
    expect(trainPerceptron(layer, data).converged).toBe(true);
    expect(bits(layer, 2)).toEqual([0, 0, 0, 1]);
  });

  it("trains several units, each on its column", () => {
    const layer = perceptron(2, 3);
    const y = [
      [0, 0, 1],
      [0, 1, 1],
      [0, 1, 1],
      [1, 1, 0],
    ];
    const result = trainPerceptron(layer, { x: corners(2), y: tensor(y, { dtype: "int32" }) });
    expect(result.converged).toBe(true);
    expect(result.updates).toHaveLength(3);
    expect(layer(tensor(corners(2))).arraySync()).toEqual(y);
  });

  it("goes in circles for XOR, and says so", () => {
    const result = trainPerceptron(perceptron(2, 1), { x: corners(2), y: [0, 1, 1, 0] }, { epochs: 50 });
    expect(result).toMatchObject({ converged: false, epochs: 50, bounds: [Infinity] });
  });

  it("does not make more mistakes than the convergence theorem allows (property)", () => {
    const point = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(point, { minLength: 2, maxLength: 20, selector: String }),
        point,
        fc.integer({ min: -9, max: 9 }),
        (x, w, b) => {
          const y = x.map(([p, q]) => Number(p * w[0] + q * w[1] + b > 0));
          const result = trainPerceptron(perceptron(2, 1, { dtype: "float64" }), { x, y }, { epochs: 100_000 });
          expect(result.converged).toBe(true);
          expect(result.bounds[0]).toBeLessThan(Number.POSITIVE_INFINITY);
          expect(result.updates[0]).toBeLessThanOrEqual(result.bounds[0] as number);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("refuses what does not fit", () => {
    const layer = perceptron(2, 1);
    expect(() => trainPerceptron(dense(2, 1) as never, { x: [[1, 2]], y: [1] })).toThrow(
      "trainPerceptron: takes a layer made by perceptron(…), not the function Dense.",
    );
    expect(() => trainPerceptron(layer, { x: [[1]], y: [1] })).toThrow(
      "trainPerceptron: x has shape [1, 1], but [rows, 2] is needed; the weight is [in=2, out=1].",
    );
    expect(() => trainPerceptron(layer, { x: [[1, 2]], y: [1, 0] })).toThrow("y has shape [2], but [1, 1] is needed");
    expect(() => trainPerceptron(layer, { x: [[1, 2]], y: [-1] })).toThrow("targets must be 0 or 1; row 0 has -1.");
    expect(() => trainPerceptron(layer, { x: [[1, 2]], y: [1] }, { epochs: 0 })).toThrow(
      "trainPerceptron: epochs must be an integer ≥ 1; it is 0.",
    );
  });
});

describe("truthTable", () => {
  it("is exact for every function of one, two and three inputs", () => {
    for (const n of [1, 2, 3]) {
      for (let number = 0; number < 2 ** (2 ** n); number++) {
        const table = Array.from({ length: 2 ** n }, (_, row) => (number >> row) & 1);
        expect(bits(truthTable(table), n)).toEqual(table);
      }
    }
  });

  it("is exact for functions of eight inputs, with at most 128 hidden units (property)", () => {
    const table = fc.array(fc.constantFrom(0, 1), { minLength: 256, maxLength: 256 });
    fc.assert(
      fc.property(table, (results) => {
        const model = truthTable(results);
        expect(bits(model, 8)).toEqual(results);
        expect((model.layers[0] as Perceptron).weight.shape[1]).toBeLessThanOrEqual(128);
      }),
      { numRuns: 20 },
    );
  });

  it("takes truth values, and needs one unit for a function that is always true", () => {
    const always = truthTable([true, true]);
    expect(bits(always, 1)).toEqual([1, 1]);
    expect((always.layers[0] as Perceptron).weight.shape).toEqual([1, 1]);
  });

  it("refuses what is no truth table", () => {
    expect(() => truthTable([0, 1, 1])).toThrow(
      "truthTable: the table must have 2ⁿ rows for n inputs, n from 1 to 12; it has 3.",
    );
    expect(() => truthTable([0, 2])).toThrow("truthTable: the results must be 0 or 1; row 1 has 2.");
    expect(() => truthTable("01" as never)).toThrow('row 0 has "0"');
    expect(() => truthTable([])).toThrow("truthTable: the number of rows must be an integer ≥ 2; it is 0.");
  });
});
