import { describe, expect, it } from "vitest";
import {
  diagnoseLayers,
  judgeLayers,
  type LayerNumbers,
  type LayerReport,
  type LayerValues,
  layerMonitor,
} from "../../src/diagnose/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import {
  constant,
  dense,
  dropout,
  flatten,
  heNormal,
  initialize,
  normal,
  params,
  relu,
  sequential,
  sigmoid,
  tanh,
} from "../../src/nn/index.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import { tensor } from "../../src/tensor/index.ts";
import { fit } from "../../src/train/index.ts";

const xor = {
  loss: meanSquaredError,
  x: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  y: [[0], [1], [1], [0]],
};

/** 2 → 3 ReLU → 1, one unit of which is below 0 on all of xor. */
function network() {
  const [hidden, output] = [dense(2, 3), dense(3, 1)];
  hidden.weight.value = tensor([
    [0.5, -0.3, -0.8],
    [0.1, 0.7, -0.6],
  ]);
  (hidden.bias as typeof hidden.weight).value = tensor([0.1, -0.2, -0.05]);
  output.weight.value = tensor([[0.9], [-0.4], [0.3]]);
  (output.bias as typeof output.weight).value = tensor([0.2]);
  return sequential(hidden, relu, output);
}

const kinds = ({ verdicts }: LayerReport): string[] => verdicts.map(({ kind, path }) => `${kind} ${path}`);

describe("diagnoseLayers", () => {
  it("measures what PyTorch does: norms of weights, gradients and a step of Adam", () => {
    const model = network();
    const before = Object.values(params(model)).map(({ value }) => value.arraySync());
    const { layers } = diagnoseLayers(model, { ...xor, optimizer: adam(0.01), bins: 4 });
    // PyTorch 1.13 in float64: norms of the same network, of its gradients by mse, and of p − p₀ after optim.Adam(lr=0.01).step().
    const expected = [
      { path: "0", type: "dense", activation: "relu", parameters: 9, units: 3, deadUnits: 1, deadIndices: [2] },
      { path: "2", type: "dense", activation: undefined, parameters: 4, units: 1, deadUnits: undefined },
    ];
    expect(layers).toMatchObject(expected);
    const [first, last] = layers as [LayerNumbers, LayerNumbers];
    expect(first.weightNorm).toBeCloseTo(1.3756816492197603, 6);
    expect(first.gradientNorm).toBeCloseTo(0.26986756011051055, 6);
    expect(first.gradientRms).toBeCloseTo(0.26986756011051055 / 3, 6);
    expect(first.updateNorm).toBeCloseTo(0.024494887574335628, 6);
    expect(first.updateRatio).toBeCloseTo(0.024494887574335628 / 1.3756816492197603, 6);
    expect(last.weightNorm).toBeCloseTo(1.0488088481701516, 6);
    expect(last.gradientNorm).toBeCloseTo(0.1760369279441106, 6);
    expect(last.updateNorm).toBeCloseTo(0.017320504251361925, 6);
    // relu(x·W + b) is .1 0 0, .2 .5 0, .6 0 0, .7 .2 0: bins of 0.175.
    expect(first.activations.counts).toEqual([7, 2, 1, 2]);
    // Nine derivatives, of them three of the dead unit.
    expect(first.gradients.counts.reduce((a, b) => a + b, 0)).toBe(9);
    expect(Object.values(params(model)).map(({ value }) => value.arraySync())).toEqual(before);
  });

  it("finds units that are dead, through dropout and flatten too", () => {
    const dead = sequential(dense(2, 4, { biasInit: constant(-20) }), relu, dropout(0.5), flatten(), dense(4, 1));
    const report = diagnoseLayers(initialize(dead), xor);
    expect(report.layers[0]).toMatchObject({ activation: "relu", units: 4, deadUnits: 4, saturatedShare: undefined });
    expect(kinds(report)).toEqual(["vanishing 0", "dead 0"]);
    expect(String(report)).toContain(
      "dead: layer 0: 4 of 4 ReLU units are 0 for every example. Lower the learning rate",
    );
    // One of three.
    expect(kinds(diagnoseLayers(network(), { ...xor, thresholds: { dead: 0.3 } }))).toEqual(["dead 0"]);
    expect(kinds(diagnoseLayers(network(), xor))).toEqual([]);
  });

  it("finds units that are saturated, by the slope that is left", () => {
    // tanh(2) = 0.964 keeps 7 % of the slope, tanh(3) = 0.995 keeps 1 %; σ(4) and σ(6) the same, as σ(2z) = (1 + tanh z)/2.
    const model = (f: typeof tanh, factor: number) => {
      const layer = dense(2, 2, { bias: false });
      layer.weight.value = tensor([
        [2 * factor, 3 * factor],
        [0, 3 * factor],
      ]);
      return sequential(layer, f, dense(2, 1));
    };
    const data = { ...xor, x: xor.x.slice(2), y: xor.y.slice(2) };
    for (const net of [model(tanh, 1), model(sigmoid, 2)]) {
      const report = diagnoseLayers(net, data);
      expect(report.layers[0]).toMatchObject({ saturatedShare: 0.5, saturatedUnits: 1, deadUnits: undefined });
      expect(report.layers[0]?.saturatedIndices).toHaveLength(1);
      expect(kinds(report)).toEqual(["saturated 0"]);
      expect(report.verdicts[0]?.message).toMatch(/^50 % of the (tanh|sigmoid) values are saturated\.$/);
      expect(kinds(diagnoseLayers(net, { ...data, thresholds: { slope: 0.005 } }))).toEqual([]);
    }
    // At the output it is no fault.
    const sure = sequential(dense(2, 1, { biasInit: constant(9) }), sigmoid);
    expect(diagnoseLayers(sure, { ...xor, y: [[0.9], [1], [1], [1]] })).toMatchObject({
      layers: [{ saturatedShare: 1 }],
      verdicts: [],
    });
  });

  it("finds gradients that vanish through many layers of sigmoids, and not through those of relu", () => {
    const deep = (f: typeof tanh, deviation: number) =>
      initialize(
        sequential(
          ...Array.from({ length: 8 }, (_, i) => [
            dense(i === 0 ? 2 : 16, 16, { weightInit: normal({ deviation }) }),
            f,
          ]).flat(),
          dense(16, 1, { weightInit: normal({ deviation }) }),
        ),
        { seed: 1 },
      );
    const vanishing = diagnoseLayers(deep(sigmoid, 0.25), xor);
    expect(kinds(vanishing)).toContain("vanishing 0");
    expect(kinds(vanishing)).not.toContain("vanishing 16");
    expect(vanishing.verdicts[0]?.message).toMatch(/^The gradient is \S+ of the largest of any later layer\.$/);
    expect(kinds(diagnoseLayers(deep(relu, 0.35), xor)).filter((kind) => !kind.startsWith("dead"))).toEqual([]);
  });

  it("calls gradients that grow backwards, or are not finite, exploding", () => {
    // y = 10⁶·(w·x): ∂L/∂w is 10⁶ times as large as ∂L/∂(the weight 10⁶), up to w = 1.
    const model = sequential(
      dense(1, 1, { bias: false, weightInit: constant(1) }),
      dense(1, 1, { bias: false, weightInit: constant(1e6) }),
    );
    const data = { ...xor, x: [[1]], y: [[0]] };
    const [verdict] = diagnoseLayers(model, { ...data, thresholds: { vanishing: 1e-9 } }).verdicts;
    expect(verdict).toMatchObject({ kind: "exploding", path: "0" });
    expect(verdict?.message).toBe("The gradient ∂L/∂z is 1000000 times that of the last layer.");
    const huge = dense(1, 1, { bias: false, weightInit: constant(1e30) });
    expect(diagnoseLayers(huge, { ...data, x: [[1e10]] }).verdicts[0]).toMatchObject({
      kind: "exploding",
      message: "The gradient is not finite.",
    });
  });

  it("calls steps that are too large exploding, and those that are rounded away vanishing", () => {
    // The gradient of (w − 1)² at 2 is 2: a step of 0.2·2 is 20 % of the weight.
    const model = dense(1, 1, { bias: false, weightInit: constant(2) });
    const data = { ...xor, x: [[1]], y: [[1]] };
    const large = diagnoseLayers(model, { ...data, optimizer: sgd(0.2) });
    expect(large.layers[0]?.updateRatio).toBeCloseTo(0.2, 6);
    expect(large.verdicts).toMatchObject([{ kind: "exploding", message: "A step changes the weights by 20 %." }]);
    // Layers with weights 100 and 0.01, of which a step of 0.001 changes 2·10⁻⁷ and 20 parts: the first stands still.
    const two = sequential(
      dense(1, 1, { bias: false, weightInit: constant(100) }),
      dense(1, 1, { bias: false, weightInit: constant(0.01) }),
    );
    const still = { ...data, y: [[2]], optimizer: sgd(1e-3), thresholds: { smallestUpdate: 1e-6, largestUpdate: 100 } };
    const lost = diagnoseLayers(two, still);
    expect(kinds(lost)).toEqual(["vanishing 0"]);
    expect(lost.verdicts[0]?.message).toMatch(
      /^A step changes the weights by \S+ of them, which float32 rounds away\.$/,
    );
  });

  it("does not call gradients that are small in all layers together vanishing", async () => {
    // 2x + 1 is met exactly: every gradient is 0 or rounding.
    const q = { loss: meanSquaredError, x: [[0], [1], [2]], y: [[1], [3], [5]] };
    const exact = sequential(
      dense(1, 2, { weightInit: constant(1), biasInit: constant(1) }),
      dense(2, 1, { weightInit: constant(1), biasInit: constant(-1) }),
    );
    const met = diagnoseLayers(exact, { ...q, optimizer: sgd(0.1) });
    expect(met).toMatchObject({ loss: 0, verdicts: [] });
    expect(met.remarks).toEqual([
      "The gradients of all layers are 0, where the loss is 0: training has converged, or stands on a plateau such as that of saturated outputs.",
    ]);
    expect(String(met)).toContain(met.remarks[0] as string);
    expect(String(met)).not.toContain("All layers look well.");
    // A minimum with a residual: y = 0 and 2 at the same input. The parts of the two examples cancel in the gradient of w, not in δ.
    const twice = { loss: meanSquaredError, x: [[1], [1]], y: [[0], [2]] };
    const [first, last] = [dense(1, 1, { weightInit: constant(1) }), dense(1, 1, { weightInit: constant(1) })];
    const residual = diagnoseLayers(sequential(first, last), twice);
    expect(residual.layers.map(({ gradientRms, deltaRms }) => [gradientRms, deltaRms])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(residual.verdicts).toEqual([]);
    const trained = initialize(sequential(dense(1, 8), tanh, dense(8, 1)), { seed: 1 });
    await fit(trained, {
      train: q,
      loss: meanSquaredError,
      optimizer: sgd(0.1),
      epochs: 6000,
      batchSize: 3,
      progress: false,
    });
    const near = diagnoseLayers(trained, { ...q, optimizer: sgd(1), thresholds: { smallestUpdate: 0.01 } });
    expect(near.loss).toBeLessThan(1e-6);
    expect(near.verdicts).toEqual([]);
    expect(near.remarks[0]).toMatch(
      /^A step changes the weights of no layer by more than \S+ of them, which float32 rounds away: training has converged, or the learning rate is too small\.$/,
    );
    expect(diagnoseLayers(trained, { ...q, optimizer: sgd(1e-30) }).remarks).toEqual([
      "A step changes no weight: training has converged, or the learning rate is too small.",
    ]);
  });

  it("calls deep networks by what is wrong with them, and weights of 0 not exploding", () => {
    const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i + 1)]);
    const data = { loss: meanSquaredError, x, y: x.map(([a = 0, b = 0]) => [a * b]) };
    const deep = (f: typeof tanh, options: Parameters<typeof dense>[2]) =>
      initialize(
        sequential(
          ...Array.from({ length: 10 }, (_, i) => [dense(i === 0 ? 3 : 48, 48, options), f]).flat(),
          dense(48, 1, options),
        ),
        { seed: 3 },
      );
    const found = (f: typeof tanh, options: Parameters<typeof dense>[2] = {}): string[] =>
      [...new Set(diagnoseLayers(deep(f, options), data).verdicts.map(({ kind }) => kind))].sort();
    expect(found(sigmoid)).toEqual(["vanishing"]);
    expect(found(tanh)).toEqual([]);
    expect(found(tanh, { weightInit: normal({ deviation: 0.03 }) })).toEqual(["vanishing"]);
    expect(found(relu, { weightInit: heNormal })).toEqual([]);
    // The gradients of the weights are alike in all layers then, since activations grow forwards as δ does backwards.
    expect(found(relu, { weightInit: normal({ deviation: 1 }) })).toEqual(["exploding"]);
    const large = diagnoseLayers(deep(tanh, { weightInit: normal({ deviation: 4 }) }), data);
    expect(new Set(kinds(large).filter((kind) => !kind.startsWith("exploding")))).toEqual(
      new Set(large.layers.slice(0, -1).map(({ path }) => `saturated ${path}`)),
    );
    expect(kinds(diagnoseLayers(deep(relu, { biasInit: constant(-9) }), data))).toContain("dead 0");
    const zero = diagnoseLayers(dense(3, 1, { weightInit: constant(0) }), { ...data, optimizer: sgd(0.1) });
    expect(zero).toMatchObject({ layers: [{ updateRatio: undefined }], verdicts: [] });
    const thrown = diagnoseLayers(dense(3, 1), { ...data, y: x.map(() => [1e30]), optimizer: sgd(1e30) });
    expect(String(thrown)).toContain("exploding: layer of the model: A step makes weights that are not finite.");
  });

  it("prints a table, and histograms of a layer", () => {
    const report = diagnoseLayers(network(), { ...xor, optimizer: sgd(0.1) });
    const [head, first, last] = String(report).split("\n");
    expect(head).toMatch(/^layer +activation +‖w‖ +‖gradient‖ +‖update‖ +update\/w +dead +saturated$/);
    expect(first).toMatch(/^0 \(dense\) +relu +1\.38 +0\.27 +0\.027 +0\.0196 +1\/3$/);
    expect(last).toMatch(/^2 \(dense\) +1\.05 +0\.176 +0\.0176 +0\.0168$/);
    expect(report.histograms("0")).toMatch(/^Activations of 0 \(dense\)\n *0 … 0\.07 +6 │█+\n/);
    expect(() => report.histograms("1")).toThrow('histograms: there is no layer "1"; there are "0", "2".');
    const well = diagnoseLayers(dense(2, 1), xor);
    expect(String(well)).toContain("All layers look well.");
  });

  it("refuses what cannot be", () => {
    const model = dense(2, 1);
    expect(() => diagnoseLayers(model, { ...xor, bin: 3 } as never)).toThrow(
      'diagnoseLayers: unknown option "bin"; there are loss, x, y, optimizer, regularizer, thresholds, bins.',
    );
    expect(() => diagnoseLayers(model, { ...xor, bins: 0 })).toThrow(
      "diagnoseLayers: bins must be an integer ≥ 1; it is 0.",
    );
    expect(() => diagnoseLayers(model, { ...xor, thresholds: { dead: -1 } })).toThrow(
      "diagnoseLayers: thresholds: dead must be a finite number > 0; it is -1.",
    );
    expect(() => diagnoseLayers(model, { ...xor, thresholds: { died: 1 } as never })).toThrow(
      'diagnoseLayers: thresholds: unknown option "died"; there are vanishing, exploding, largestUpdate, smallestUpdate, dead, saturated, slope.',
    );
    const step = { ...xor };
    expect(() => diagnoseLayers(model, { ...step, optimizer: "adam" as never })).toThrow(
      'diagnoseLayers: optimizer must be one such as adam(1e-3); it is "adam".',
    );
    expect(() => diagnoseLayers(model, { ...step, regularizer: 0.1 as never })).toThrow(
      "diagnoseLayers: regularizer must be one such as l2(1e-4); it is 0.1.",
    );
    expect(() => diagnoseLayers(model, undefined as never)).toThrow('diagnoseLayers: the option "loss" is missing.');
    expect(() => diagnoseLayers(sequential(relu), xor)).toThrow("diagnoseLayers: the model has no parameters.");
    expect(() => diagnoseLayers("model" as never, xor)).toThrow("diagnoseLayers: the first argument must be a model");
  });
});

describe("layerMonitor", () => {
  const settings = { train: xor, loss: meanSquaredError, batchSize: 4, progress: false } as const;

  it("reports what the step before has changed, and does not disturb training", async () => {
    const weights = async (callbacks: Parameters<typeof fit>[1]["callbacks"]) => {
      const model = network();
      await fit(model, { ...settings, optimizer: sgd(0.1), epochs: 5, ...(callbacks && { callbacks }) });
      return Object.values(params(model)).map(({ value }) => value.arraySync());
    };
    const seen: number[] = [];
    const monitor = layerMonitor({ ...xor, every: 3, onReport: ({ step }) => void seen.push(step) });
    expect(await weights([monitor])).toEqual(await weights(undefined));
    expect(seen).toEqual([1, 4]);
    expect(monitor.entries.map(({ epoch }) => epoch)).toEqual([1, 4]);
    // The first step of plain descent changes the weights by 0.1 of the gradient there: see the numbers of PyTorch above.
    const [first] = monitor.entries;
    expect(first?.report.layers[0]?.updateNorm).toBeCloseTo(0.0269867560110511, 6);
    expect(first?.report.layers[1]?.updateNorm).toBeCloseTo(0.01760369279441106, 6);
    const every = layerMonitor({ ...xor, every: 1 });
    await weights([every]);
    expect(every.entries.length).toBe(5);
    expect(every.entries[3]?.report.layers[0]?.updateNorm).toBeCloseTo(
      monitor.entries[1]?.report.layers[0]?.updateNorm as number,
      7,
    );
  });

  it("prints a table of what it has seen", async () => {
    const monitor = layerMonitor({ ...xor, every: 2, thresholds: { dead: 0.3 } });
    expect(String(monitor)).toBe("No reports yet.");
    await fit(network(), { ...settings, optimizer: sgd(0.1), epochs: 4, callbacks: [monitor] });
    const [head, first, second, third] = String(monitor).split("\n");
    expect(head).toMatch(/^step +loss +layer +activation +‖w‖ +‖gradient‖ +‖update‖ +update\/w +dead +saturated$/);
    expect(first).toMatch(/^ +1 +0\.\d+ +0 \(dense\) +relu +1\.3\d +0\.\d+ +0\.027 +0\.0198 +1\/3$/);
    expect(second).toMatch(/^ +2 \(dense\) +1\.0\d +0\.1\d+ +0\.0176 +0\.0\d+$/);
    expect(third).toMatch(/^ +3 +0\.\d+ +0 \(dense\)/);
    expect(String(monitor).split("\n").at(-1)).toBe("dead: layer 0, in 2 of 2 reports, first after step 1.");
    const every = layerMonitor({ ...xor, every: 1 });
    await fit(network(), { ...settings, optimizer: sgd(0.1), epochs: 30, callbacks: [every] });
    const lines = String(every).split("\n");
    expect(lines.length).toBe(1 + 12 * 2 + 2);
    expect(lines.slice(-4).map((line) => line.trim().split(/ +/)[0])).toEqual(["30", "2", "12", "All"]);
    expect(lines.slice(-2)).toEqual(["12 of 30 reports.", "All layers looked well."]);
  });

  it("begins anew with each training, and tells of layers that die", async () => {
    const monitor = layerMonitor({ ...xor, every: 5 });
    for (let i = 0; i < 2; i++) {
      await fit(network(), { ...settings, optimizer: sgd(20), epochs: 6, callbacks: [monitor] }).catch(() => {});
    }
    expect(monitor.entries.map(({ step }) => step)).toEqual([1, 6]);
    expect(kinds(monitor.entries[0]?.report as LayerReport)).toContain("exploding 0");
  });

  it("refuses what cannot be", async () => {
    expect(() => layerMonitor({ ...xor, every: 0 })).toThrow("layerMonitor: every must be an integer ≥ 1; it is 0.");
    expect(() => layerMonitor(undefined as never)).toThrow('layerMonitor: the option "loss" is missing.');
    expect(() => layerMonitor({ ...xor, loss: "mse" as never })).toThrow("layerMonitor: loss must be a function");
    expect(() => layerMonitor({ ...xor, onReport: true as never })).toThrow(
      "layerMonitor: onReport must be a function; it is true.",
    );
    expect(() => layerMonitor({ ...xor, steps: 3 } as never)).toThrow('layerMonitor: unknown option "steps"');
    const monitor = layerMonitor({ ...xor, x: xor.x.map(([a = 0]) => [a, Number.NaN]) });
    await expect(fit(network(), { ...settings, optimizer: sgd(0.1), callbacks: [monitor] })).rejects.toThrow(
      "layerMonitor: x has NaN at row 0, column 1.",
    );
  });
});

describe("judgeLayers", () => {
  /** Two layers of two examples: 3 units, then 1. */
  const layer = (changes: Partial<LayerValues>): LayerValues => ({
    path: "0",
    type: "dense",
    activation: undefined,
    units: 1,
    weights: [3, 4],
    gradient: [1, 1],
    activations: [1, 2],
    deltas: [1, 1],
    ...changes,
  });

  it("says of numbers what diagnoseLayers says of a model", () => {
    const hidden = layer({ activation: "tanh", units: 3, activations: [0.99, 0, 1, -0.98, 0.99, -1], update: [3, 4] });
    const report = judgeLayers([hidden, layer({ path: "2" })], { loss: 2, bins: 2 });
    expect(report.loss).toBe(2);
    expect(report.layers[0]).toMatchObject({
      weightNorm: 5,
      gradientRms: 1,
      deltaRms: 1,
      updateRatio: 1,
      saturatedShare: 5 / 6,
      saturatedUnits: 2,
      saturatedIndices: [0, 2],
      deadIndices: [],
    });
    expect(report.layers[1]).toMatchObject({ path: "2", updateNorm: undefined, saturatedShare: undefined });
    expect(kinds(report)).toEqual(["exploding 0", "saturated 0"]);
  });

  it("sees what has vanished, and where nothing comes back", () => {
    const [last, small] = [layer({ path: "4" }), { gradient: [1e-5, 1e-5], deltas: [1e-5, 1e-5] }];
    const report = judgeLayers([layer({ deltas: [] }), layer({ path: "2", ...small }), last], { loss: Number.NaN });
    expect(report.verdicts.map(({ message }) => message)).toEqual([
      "The gradient is 0.",
      "The gradient is 1e−5 of the largest of any later layer.",
    ]);
    expect(kinds(judgeLayers([layer(small), last], { loss: 1, thresholds: { vanishing: 1e-6 } }))).toEqual([]);
  });

  it("refuses what cannot be right", () => {
    expect(() => judgeLayers([], {} as never)).toThrow("judgeLayers: loss must be a number; it is undefined.");
    expect(() => judgeLayers([], { loss: 1, bin: 2 } as never)).toThrow(
      'judgeLayers: unknown option "bin"; there are loss, thresholds, bins.',
    );
    expect(() => judgeLayers([layer({ units: 2, activations: [1, 2, 3] })], { loss: 1 })).toThrow(
      "judgeLayers: layer 0 has 2 units and 3 activations; they must be those of all examples.",
    );
  });
});
