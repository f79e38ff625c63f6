import { describe, expect, it } from "vitest";
import {
  accumulate,
  adagrad,
  adam,
  adamw,
  clipByGlobalNorm,
  clipByValue,
  decoupledDecay,
  ema,
  frozen,
  groups,
  inverseTime,
  maxNorm,
  type Optimizer,
  type ParameterInfo,
  rmsprop,
  sgd,
  swa,
} from "../../src/optim/index.ts";
import { updateAll } from "../../src/optim/optimizer.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

interface Given extends ParameterInfo {
  readonly start: number[] | number[][];
  /** One gradient a step. */
  readonly gradients: (number[] | number[][])[];
}

/** The parameters after each step. */
function run(optimizer: Optimizer, all: readonly Given[]): (number[] | number[][])[][] {
  const state = all.map(({ start, ...info }) => {
    const parameter = tensor(start, { dtype: "float64" });
    return { parameter, state: optimizer.init(parameter, info) as Record<string, Tensor> };
  });
  return (all[0] as Given).gradients.map((_, i) => {
    const step = tensor(i, { dtype: "int32" });
    const updates = all.map(({ gradients, start: _, ...info }, p) => ({
      ...info,
      ...(state[p] as (typeof state)[number]),
      gradient: tensor(gradients[i] as number[], { dtype: "float64" }),
      step,
    }));
    updateAll(optimizer, updates).forEach((next, p) => {
      state[p] = next;
    });
    return state.map(({ parameter }) => parameter.arraySync() as number[]);
  });
}

const close = (found: unknown, expected: unknown): void => {
  const [a, b] = [[found].flat(9), [expected].flat(9)] as [number[], number[]];
  expect(a.length).toBe(b.length);
  b.forEach((value, i) => {
    expect(a[i]).toBeCloseTo(value, 12);
  });
};

describe("clipping", () => {
  it("by value limits each element", () => {
    close(run(clipByValue(sgd(1), 2), [{ start: [0, 0, 0], gradients: [[3, -5, 1]] }]), [-2, 2, -1]);
  });

  // ‖(3, −4), 12‖ = 13.
  it("by global norm scales all gradients by one factor, and only longer ones", () => {
    const all = [
      { start: [0, 0], gradients: [[3, -4]] },
      { start: [0], gradients: [[12]] },
    ];
    close(run(clipByGlobalNorm(sgd(1), 6.5), all), [-1.5, 2, -6]);
    close(run(clipByGlobalNorm(sgd(1), 13.5), all), [-3, 4, -12]);
    close(run(clipByGlobalNorm(sgd(1), 1), [{ start: [1], gradients: [[0]] }]), [1]);
  });
});

describe("accumulate", () => {
  const gradients = [[2], [4], [-1], [3], [7]];

  it("does one step with the mean of so many gradients", () => {
    close(run(accumulate(sgd(1), { batches: 2 }), [{ start: [10], gradients }]), [10, 7, 7, 6, 6]);
  });

  it("gives the optimizer in it its own steps and state", () => {
    const inner = () => adam({ learningRate: inverseTime(0.1, { decay: 1 }) });
    const means = run(inner(), [{ start: [1], gradients: [[3], [1]] }]);
    const found = run(accumulate(inner(), { batches: 2 }), [{ start: [1], gradients }]);
    close([found[1], found[3], found[4]], [means[0], means[1], means[1]]);
  });

  it("clips the mean when clipping is in it", () => {
    const optimizer = accumulate(clipByGlobalNorm(sgd(1), 1), { batches: 2 });
    close(run(optimizer, [{ start: [0], gradients: [[5], [-4]] }]), [0, -0.5]);
  });
});

describe("averages", () => {
  // Weights 1 − 0.5·(1, 2, 3…): after the steps 0.5, 0, −0.5.
  const line = [{ start: [1], gradients: [[1], [1], [1]] }];

  // By hand, β = ½: weights ½ and 1; ¼, ½, 1; … over their sums.
  it("ema is the weighted mean of all weights so far", () => {
    const found = run(ema(sgd(0.5), { decay: 0.5 }), line);
    close(found, [0.5, (0.5 * 0.5 + 0) / 1.5, (0.25 * 0.5 + 0.5 * 0 - 0.5) / 1.75]);
    close(run(ema(sgd(0.5), { decay: 0 }), line), [0.5, 0, -0.5]);
  });

  it("swa is the plain mean of every so many weights from its start on", () => {
    close(run(swa(sgd(0.5), { start: 1 }), line), [0.5, 0, -0.25]);
    const long = [{ start: [0], gradients: Array.from({ length: 8 }, () => [-1]) }];
    // Weights 1 … 8; every 2 after step 3: 5, 7.
    close(run(swa(sgd(1), { start: 3, every: 2 }), long), [1, 2, 3, 3, 5, 5, 6, 6]);
    close(run(swa(sgd(1), { start: 0 }), long), [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
  });

  it("say where gradients are taken: at the weights themselves", () => {
    const optimizer = clipByValue(ema(sgd(0.5), { decay: 0.5 }), 10);
    const average = tensor([3]);
    expect(optimizer.gradientAt?.(average, { weights: tensor([5]) }, {}).arraySync()).toEqual([5]);
    expect(sgd(1).gradientAt).toBeUndefined();
  });
});

describe("decay and limits", () => {
  it("decoupledDecay takes a share of weights before the step, by a schedule, not of biases", () => {
    const optimizer = decoupledDecay(sgd(1), { rate: inverseTime(0.5, { decay: 1 }) });
    const gradients = [[1], [0]];
    close(run(optimizer, [{ start: [8], gradients }]), [3, 2.25]);
    close(run(optimizer, [{ start: [8], gradients, regularize: false }]), [7, 7]);
    const all = decoupledDecay(sgd(1), { rate: 0.5, parameters: "all" });
    close(run(all, [{ start: [8], gradients, regularize: false }]), [3, 1.5]);
  });

  it("adamw leaves biases alone unless told", () => {
    const gradients = [[0], [0]];
    const found = (options: object) =>
      run(adamw({ learningRate: 0.5, weightDecay: 0.2, ...options }), [{ start: [100], gradients, regularize: false }]);
    close(found({}), [100, 100]);
    close(found({ parameters: "all" }), [90, 81]);
    expect(adamw(0.1).config).toEqual({
      learningRate: 0.1,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.01,
      parameters: "weights",
    });
  });

  it("maxNorm shortens the weights into a unit that are longer", () => {
    const weight = {
      start: [
        [6, 0.5],
        [8, 0.5],
      ],
      gradients: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
    };
    const shorter = [
      [3, 0.5],
      [4, 0.5],
    ];
    close(run(maxNorm(sgd(1), { limit: 5 }), [weight]), shorter);
    close(run(maxNorm(sgd(1), { limit: 5 }), [{ ...weight, regularize: false }]), weight.start);
  });
});

describe("groups", () => {
  const gradients = [[1]];
  const all = [
    { name: "0.weight", start: [1], gradients },
    { name: "0.bias", start: [1], gradients, regularize: false },
    { name: "1.weight", start: [1], gradients },
  ];
  const optimizer = groups([
    { parameters: /^1\./, optimizer: frozen },
    { parameters: "weights", optimizer: sgd(0.25) },
    { parameters: "all", optimizer: adagrad({ learningRate: 0.5, epsilon: 1e-20 }) },
  ]);

  it("give each parameter to the first group that it fits", () => {
    close(run(optimizer, all), [0.75, 0.5, 1]);
    expect(optimizer.trains?.(all)).toEqual([true, true, false]);
    expect(optimizer.config).toEqual({
      groups: [
        { parameters: "/^1\\./", optimizer: { name: "frozen" } },
        { parameters: "weights", optimizer: { name: "sgd", ...sgd(0.25).config } },
        { parameters: "all", optimizer: { name: "adagrad", learningRate: 0.5, initialSum: 0, epsilon: 1e-20 } },
      ],
    });
  });

  it("have norms of their own where they clip", () => {
    const each = groups([
      { parameters: /^0/, optimizer: clipByGlobalNorm(sgd(1), Math.SQRT1_2) },
      { parameters: "all", optimizer: sgd(1) },
    ]);
    close(run(each, all), [0.5, 0.5, 0]);
  });

  it("refuse a parameter without a group and a group without parameters", () => {
    const some = groups([{ parameters: /weight/, optimizer: sgd(1) }]);
    expect(() => some.trains?.(all)).toThrow(
      'groups: the parameter "0.bias" is in no group. End the list with { parameters: "all", optimizer: … }.',
    );
    const more = groups([
      { parameters: "all", optimizer: sgd(1) },
      { parameters: /bias/, optimizer: sgd(2) },
    ]);
    expect(() => more.trains?.(all)).toThrow(
      'groups: no parameter is in the group /bias/; there are "0.weight", "0.bias", "1.weight", and a parameter belongs to the first group that it fits.',
    );
    expect(() => groups([])).toThrow("groups: takes an array of groups such as");
    expect(() => groups([{ parameters: "bias" as never, optimizer: sgd(1) }])).toThrow(
      'groups: parameters must be "weights", "all" or a pattern of names such as /^0\\./; it is "bias".',
    );
    expect(() => groups([{ parameters: "all" } as never])).toThrow(
      "groups: takes an optimizer such as adam(1e-3), not undefined.",
    );
  });
});

describe("settings of optimizers", () => {
  it("are recorded with the optimizer inside", () => {
    expect(accumulate(clipByValue(sgd(1), 2), { batches: 3 }).config).toEqual({
      batches: 3,
      optimizer: { name: "clipByValue", limit: 2, optimizer: { name: "sgd", ...sgd(1).config } },
    });
    expect(rmsprop().config).toEqual({ learningRate: 0.01, decay: 0.99, momentum: 0, centered: false, epsilon: 1e-8 });
    expect(adagrad().config).toEqual({ learningRate: 0.01, initialSum: 0, epsilon: 1e-10 });
  });

  it("are refused when they make no sense", () => {
    expect(() => rmsprop({ decay: 1 })).toThrow("rmsprop: decay must be a finite number ≥ 0 and < 1; it is 1.");
    expect(() => rmsprop({ centered: 1 as never })).toThrow("rmsprop: centered must be true or false; it is 1.");
    expect(() => adagrad({ initialSum: -1 })).toThrow("adagrad: initialSum must be a finite number ≥ 0; it is -1.");
    expect(() => adamw({ weightDecay: -1 })).toThrow("adamw: weightDecay must be a finite number ≥ 0; it is -1.");
    expect(() => adamw({ decay: 1 } as never)).toThrow(
      'adamw: unknown option "decay"; there are learningRate, beta1, beta2, epsilon, weightDecay, parameters.',
    );
    expect(() => clipByValue(sgd(1), 0)).toThrow("clipByValue: the limit must be a finite number > 0; it is 0.");
    expect(() => clipByGlobalNorm(1 as never, 1)).toThrow(
      "clipByGlobalNorm: takes an optimizer such as adam(1e-3), not 1.",
    );
    expect(() => accumulate(sgd(1), { batches: 0.5 })).toThrow(
      "accumulate: batches must be an integer ≥ 1; it is 0.5.",
    );
    expect(() => ema(sgd(1), { decay: 1 })).toThrow("ema: decay must be a finite number ≥ 0 and < 1; it is 1.");
    expect(() => swa(sgd(1), {} as never)).toThrow("swa: start must be an integer ≥ 0; it is undefined.");
    expect(() => maxNorm(sgd(1), { limit: -1 })).toThrow("maxNorm: limit must be a finite number > 0; it is -1.");
    expect(() => decoupledDecay(sgd(1), {} as never)).toThrow(
      "decoupledDecay: rate must be a positive number or a schedule",
    );
    expect(() => ema(ema(sgd(1))).init(tensor([1]))).toThrow(
      'ema: the optimizer in it keeps a "weights" already. Of wrappers that keep the same, such as ema and swa, use one, once.',
    );
  });
});
