import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataset } from "../../src/data/index.ts";
import { meanSquaredError } from "../../src/loss/index.ts";
import { batchNorm, dense, gaussianNoise, layerNorm, type Sequential, sequential, tanh } from "../../src/nn/index.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import { tensor } from "../../src/tensor/index.ts";
import {
  type Callback,
  checkpoint,
  earlyStopping,
  evaluate,
  type FitOptions,
  fit,
  predict,
  trainStep,
  trainSteps,
} from "../../src/train/index.ts";
import { boxesOf, valuesOf } from "../../src/train/snapshot.ts";
import { course, regression } from "./toy.ts";

const folder = mkdtempSync(join(tmpdir(), "chainrule-normalization-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const network = (): Sequential =>
  sequential(gaussianNoise(0.05), dense(3, 8, { bias: false }), batchNorm(8), tanh, layerNorm(8), dense(8, 1));

/** Parameters, running statistics and random keys. */
const everythingIn = (model: Sequential): Record<string, number[]> =>
  Object.fromEntries(Object.entries(valuesOf(boxesOf(model))).map(([name, t]) => [name, [...t.dataSync()]]));

const options = (...callbacks: Callback[]): FitOptions => ({
  train: regression(26),
  validation: { fraction: 0.2, seed: 3 },
  loss: meanSquaredError,
  optimizer: adam(0.02),
  batchSize: 8,
  epochs: 8,
  seed: 4,
  progress: false,
  callbacks,
});

describe("the last batch of fit", () => {
  const model = (): Sequential => sequential(dense(3, 4), batchNorm(4), tanh, dense(4, 1));
  const settings = { loss: meanSquaredError, optimizer: sgd(0.1), batchSize: 4, shuffle: false, progress: false };

  it("counts as what it is: training is that of PyTorch, which fills nothing up", async () => {
    // PyTorch 1.13.0 in float64: Sequential(Linear(2, 3, bias=False), BatchNorm1d(3), Tanh(), Linear(3, 1)), SGD(lr=0.1,
    // momentum=0.9), 4 epochs of batches of the rows 0, 1, 2 and 3, 4; state_dict() in the end, and the model in eval mode.
    const [first, last] = [dense(2, 3, { bias: false }), dense(3, 1)];
    first.weight.value = tensor([
      [0.5, -0.25, 1],
      [0.75, 0.5, -0.5],
    ]);
    last.weight.value = tensor([[0.5], [-1], [0.25]]);
    const fitted = sequential(first, batchNorm(3), tanh, last);
    const x = [
      [1, -2],
      [0.5, 1],
      [3, 0.25],
      [-1.5, 2],
      [0, -0.75],
    ];
    const losses: number[] = [];
    await fit(fitted, {
      ...settings,
      train: { x, y: [[1], [-1], [0.5], [2], [0]] },
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      batchSize: 3,
      epochs: 4,
      callbacks: [{ onBatchEnd: ({ loss }) => void losses.push(loss) }],
    });
    const expected: Record<string, number[]> = {
      "0.weight": [
        1.3088177936959053, 0.0372688937155396, 1.0964223225728293, -0.07296247500379476, 0.6624503053413774,
        -0.3178079990153933,
      ],
      "1.gamma": [0.9799072152257626, 0.5600447676992256, 0.8500177248245008],
      "1.beta": [-0.44343788417266244, -0.24393339450698767, 0.08121866470000379],
      "1.mean": [0.1394935838209248, 0.05042779188663798, 0.1197928102322412],
      "1.variance": [1.1309175896138366, 1.106500994451124, 2.228107752511862],
      "3.weight": [0.7796304237061106, -0.2932430265711523, -0.9058507841104247],
      "3.bias": [0.9402356419419097],
    };
    const predictions = [
      0.9720557105468012, 0.7554365082629534, 0.8907885048034034, 0.8352633789743369, 0.5766473464753834,
    ];
    const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4));
    expect(losses).toEqual(
      near([
        0.12850885510896545, 3.678608969065877, 0.43248990277457017, 0.8652322203927517, 1.9734139112086808,
        0.04499048495540155, 1.7213883755618322, 2.6336135332522286,
      ]),
    );
    expect(everythingIn(fitted)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, values]) => [name, near(values)])),
    );
    expect([...(await predict(fitted, x)).dataSync()]).toEqual(near(predictions));
  });

  it("may have one example, which tells nothing of a variance", async () => {
    const fitted = model();
    const steps: number[][] = [];
    const look: Callback = {
      onBatchEnd: () => void steps.push(everythingIn(fitted)["1.variance"] as number[]),
    };
    await fit(fitted, { ...settings, train: regression(9), epochs: 1, callbacks: [look] });
    expect(steps.length).toBe(3);
    expect(steps[2]).toEqual(steps[1]);
    expect(steps[1]).not.toEqual(steps[0]);
  });

  it("must have more than one by its size", async () => {
    await expect(fit(model(), { ...settings, train: regression(11), batchSize: 1 })).rejects.toThrow(
      "batchNorm: in training mode a feature's variance needs 2 examples or more; the input has shape [1, 4].",
    );
  });
});

describe("a model with normalizations and noise", () => {
  it("trains with trainSteps as with trainStep, to the bit", () => {
    const data = regression(23);
    const order = Array.from({ length: 9 }, (_, i) => [0, 1, 2, 3].map((j) => (7 * i + 5 * j) % 23));
    const [together, apart] = [network(), network()];
    const steps = trainSteps(together, adam(0.05), ({ x, y }) => meanSquaredError(together(x), y), data);
    const step = trainStep(apart, adam(0.05), ({ x, y }) => meanSquaredError(apart(x), y));
    const losses = [order.slice(0, 2), order.slice(2)].flatMap((part) => [
      ...steps(tensor(part, { dtype: "int32" })).losses.dataSync(),
    ]);
    const set = dataset(data.x, data.y);
    expect(
      order.map((rows) => {
        const { x, y } = set.take(rows);
        return step({ x, y }).loss.itemSync();
      }),
    ).toEqual(losses);
    expect(everythingIn(together)).toEqual(everythingIn(apart));
  });

  it("goes on from a checkpoint as if nothing had happened", async () => {
    const run = async (settings: FitOptions) => {
      const model = network();
      const { history } = await fit(model, settings);
      return { history, values: everythingIn(model) };
    };
    const path = join(folder, "run.checkpoint");
    const whole = await run(options(earlyStopping({ patience: 8 })));
    const stop: Callback = { onEpochEnd: ({ epoch }, context) => (epoch === 3 ? context.stop("enough") : undefined) };
    await run(options(earlyStopping({ patience: 8 }), stop, checkpoint({ path })));
    expect(await run({ ...options(earlyStopping({ patience: 8 })), resume: path })).toEqual(whole);
  });

  it("gets the running statistics of its best epoch back, also when stopping never fires", async () => {
    const model = network();
    const after: Record<string, number[]>[] = [];
    const look: Callback = { onEpochEnd: () => void after.push(everythingIn(model)) };
    const { bestEpoch, epochs } = await fit(model, {
      ...options(look, earlyStopping({ monitor: "score", patience: 20 })),
      validation: undefined,
      metrics: [course([5, 4, 1, 3, 4, 5, 6, 7])],
    });
    expect({ bestEpoch, epochs }).toEqual({ bestEpoch: 3, epochs: 8 });
    expect(everythingIn(model)).toEqual(after[2]);
    expect(after[2]?.["2.mean"]).not.toEqual(after[7]?.["2.mean"]);
  });

  it("learns, and gives the same for each row alone as for all", async () => {
    const model = network();
    const data = regression(64);
    await fit(model, { ...options(), train: data, validation: undefined, batchSize: 16, epochs: 60 });
    const { r2 } = await evaluate(model, data, { metrics: ["r2"] });
    expect(r2).toBeGreaterThan(0.9);
    const all = (await predict(model, data.x)).arraySync() as number[][];
    const rows = data.x.arraySync() as number[][];
    for (const i of [0, 17, 63]) {
      expect((model(tensor([rows[i] as number[]])).arraySync() as number[][])[0]?.[0]).toBeCloseTo(
        all[i]?.[0] as number,
        5,
      );
    }
  });
});
