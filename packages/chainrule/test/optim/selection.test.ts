/** A pattern of names that fits no parameter is a mistake, wherever it is given. */
import { describe, expect, it } from "vitest";
import { meanSquaredError } from "../../src/loss/index.ts";
import { dense, initialize, params } from "../../src/nn/index.ts";
import {
  adam,
  adamw,
  decoupledDecay,
  elasticNet,
  ema,
  groups,
  l1,
  l2,
  levenbergMarquardt,
  maxNorm,
  type Optimizer,
  type Regularizer,
  sgd,
} from "../../src/optim/index.ts";
import { fit, fitFullBatch } from "../../src/train/index.ts";
import { weightsOf } from "../train/toy.ts";

const parameters = /kernel/;
const train = { x: [[0], [1]], y: [[0], [1]] };
const model = () => initialize(dense(1, 1), { seed: 1 });
const names = 'no parameter fits /kernel/; there are "weight", "bias".';

async function refused(options: { optimizer?: Optimizer; regularizer?: Regularizer }, message: string): Promise<void> {
  const fitted = model();
  const before = weightsOf(fitted);
  const run = fit(fitted, {
    train,
    loss: meanSquaredError,
    optimizer: sgd(0.1),
    epochs: 1,
    progress: false,
    ...options,
  });
  await expect(run).rejects.toThrow(message);
  expect(weightsOf(fitted)).toEqual(before);
}

describe("a pattern that fits no parameter", () => {
  it.each([
    l2(0.1, { parameters }),
    l1(0.1, { parameters }),
    l1(0.1, { parameters, proximal: true }),
    elasticNet({ l1: 0.1, l2: 0.1, parameters }),
  ])("of a penalty: $config.name", async (regularizer) => {
    const message = `${regularizer.config?.name}: ${names}`;
    await refused({ regularizer }, message);
    expect(() => regularizer(params(model()))).toThrow(message);
  });

  it("of a penalty among residuals", async () => {
    const run = fitFullBatch(model(), {
      train,
      loss: meanSquaredError,
      method: levenbergMarquardt(),
      regularizer: l2(0.1, { parameters }),
    });
    await expect(run).rejects.toThrow(`l2: ${names}`);
  });

  it.each([
    decoupledDecay(sgd(0.1), { rate: 0.1, parameters }),
    adamw({ parameters }),
    maxNorm(adam(), { limit: 1, parameters }),
  ])("of an optimizer, also within others: $name", async (optimizer) => {
    await refused({ optimizer }, `${optimizer.name}: ${names}`);
    await refused({ optimizer: ema(optimizer) }, `${optimizer.name}: ${names}`);
  });

  it("of an optimizer for a group, in which it must fit some", async () => {
    const decayed = adamw({ parameters: /weight/ });
    const optimizer = groups([
      { parameters: /bias/, optimizer: decayed },
      { parameters: "all", optimizer: sgd(0.1) },
    ]);
    await refused({ optimizer }, 'adamw: no parameter fits /weight/; there are "bias".');
  });

  it("is none where it fits one", async () => {
    const options = { train, loss: meanSquaredError, epochs: 1, progress: false } as const;
    const optimizer = maxNorm(adamw({ parameters: /bias/ }), { limit: 1, parameters: /weight/ });
    const { epochs } = await fit(model(), { ...options, optimizer, regularizer: l2(0.1, { parameters: /^weight$/ }) });
    expect(epochs).toBe(1);
  });
});
