/**
 * Whole training steps with wrappers, schedules and penalties against PyTorch 1.13 in float64: Linear(2, 2) with mse_loss, batches of
 * the rows 0, 1 and 2, 3 in turn; weight (transposed) and bias after the last of the steps.
 */
import { describe, expect, it } from "vitest";
import { meanSquaredError } from "../../src/loss/index.ts";
import { dense, type Param, params } from "../../src/nn/index.ts";
import {
  accumulate,
  adagrad,
  adam,
  adamw,
  clipByGlobalNorm,
  clipByValue,
  cosine,
  exponential,
  l1,
  l2,
  type Optimizer,
  oneCycle,
  type Regularizer,
  rmsprop,
  sgd,
  stepDecay,
  swa,
} from "../../src/optim/index.ts";
import { tensor } from "../../src/tensor/index.ts";
import { trainStep } from "../../src/train/index.ts";

const f64 = (rows: number[] | number[][]) => tensor(rows, { dtype: "float64" });
const batches = [
  {
    x: f64([
      [1, -2],
      [0.5, 1],
    ]),
    y: f64([
      [1, 0],
      [-1, 2],
    ]),
  },
  {
    x: f64([
      [3, 0.25],
      [-1.5, 2],
    ]),
    y: f64([
      [0.5, 0.5],
      [2, -3],
    ]),
  },
];

interface Case {
  /** The calls, in torch.optim and torch.optim.lr_scheduler. */
  readonly call: string;
  readonly optimizer: Optimizer;
  readonly regularizer?: Regularizer;
  readonly steps: number;
  readonly expected: readonly number[];
  readonly tolerance?: number;
}

const cases: Case[] = [
  {
    call: "Adam(lr=0.1), weight_decay=0.1 of the weight",
    optimizer: adam(0.1),
    regularizer: l2(0.1),
    steps: 12,
    expected: [
      0.09961414959744565, 0.6347987483801257, 0.449605673063116, -0.09091477171077728, 0.07363516197882697,
      -0.15751753063316237,
    ],
  },
  {
    call: "AdamW(lr=0.1, betas=(0.8, 0.95), eps=1e-6), weight_decay=0.3 of the weight; CosineAnnealingLR(T_max=10, eta_min=0.01)",
    optimizer: adamw({
      learningRate: cosine(0.1, { steps: 10, floor: 0.01 }),
      beta1: 0.8,
      beta2: 0.95,
      epsilon: 1e-6,
      weightDecay: 0.3,
    }),
    steps: 10,
    expected: [
      0.28318139134933773, 0.22270457059072932, 0.6443271327207065, 0.21928447455827357, 0.023318196697321485,
      -0.10288045777309233,
    ],
  },
  {
    call: "AdamW(lr=0.1, weight_decay=0.3)",
    optimizer: adamw({ learningRate: 0.1, weightDecay: 0.3, parameters: "all" }),
    steps: 12,
    expected: [
      0.012654813357451437, 0.5709291558640373, 0.2696649999869767, -0.15346865230354306, 0.18652026549844877,
      -0.12653105294460143,
    ],
  },
  {
    call: "SGD(lr=0.1, momentum=0.9, nesterov=True); StepLR(3, 0.5)",
    optimizer: sgd({ learningRate: stepDecay(0.1, { factor: 0.5, every: 3 }), momentum: 0.9, nesterov: true }),
    steps: 12,
    expected: [
      -0.40057049809663214, 0.48580138578393556, -0.26215017710440025, -0.20774384914138866, 0.8947128641646649,
      -0.570271760827327,
    ],
  },
  {
    call: "SGD(lr=0.1); ExponentialLR(0.9)",
    optimizer: sgd(exponential(0.1, { factor: 0.9, every: 1 })),
    steps: 12,
    expected: [
      0.052746337988234526, 0.566831707557205, 0.36813773658649274, -0.0777534477697663, 0.21620035431481102,
      -0.3126244454448611,
    ],
  },
  {
    call: "SGD(lr=0.1); OneCycleLR(max_lr=0.1, total_steps=12, cycle_momentum=False)",
    optimizer: sgd(oneCycle(0.1, { steps: 12 })),
    steps: 12,
    expected: [
      0.12011656811514572, 0.5649716390492424, 0.4577503022572407, 0.0030372525089823526, 0.15898375856126548,
      -0.31724159481653047,
    ],
  },
  {
    call: "SGD(lr=0.1, momentum=0.9); clip_grad_norm_(0.5), which divides by the norm and 1e-6",
    optimizer: clipByGlobalNorm(sgd({ learningRate: 0.1, momentum: 0.9 }), 0.5),
    steps: 12,
    expected: [
      0.20144775773105705, 0.772677340281208, 0.11339025847585377, -0.13670445493732059, 0.08284241476935557,
      -0.04721103847869646,
    ],
    tolerance: 1e-6,
  },
  {
    call: "RMSprop(lr=0.01, alpha=0.9, centered=True, momentum=0.9); clip_grad_value_(0.3)",
    optimizer: clipByValue(rmsprop({ learningRate: 0.01, decay: 0.9, centered: true, momentum: 0.9 }), 0.3),
    steps: 12,
    expected: [
      0.6504622473615109, 0.8955719142033323, 0.9641199799098564, -0.10478433097716684, -0.2067489220193225,
      -0.049537752638489294,
    ],
  },
  {
    call: "SGD(lr=0.1); swa_utils.AveragedModel",
    optimizer: swa(sgd(0.1), { start: 0 }),
    steps: 12,
    expected: [
      0.10829682543271743, 0.47693846562726905, 0.42604854002868575, 0.04734124611019852, 0.22330137775971026,
      -0.2830495568250809,
    ],
  },
  {
    call: "Adagrad(lr=0.1, initial_accumulator_value=0.2), a step for the mean of three batches",
    optimizer: accumulate(adagrad({ learningRate: 0.1, initialSum: 0.2 }), { batches: 3 }),
    steps: 12,
    expected: [
      0.3023067433915548, -0.027182119230748147, 0.974125848390719, 0.526647147655843, 0.03387867882135333,
      -0.18673644318419255,
    ],
  },
  {
    call: "SGD(lr=0.05, momentum=0.5), 0.1·Σ|w| of the weight in the loss",
    optimizer: sgd({ learningRate: 0.05, momentum: 0.5 }),
    regularizer: l1(0.1),
    steps: 12,
    expected: [
      -0.07327517633040037, 0.5670583619117139, 0.10992465224732349, -0.16068098473643583, 0.33051478585310723,
      -0.401395358207715,
    ],
  },
];

describe("training steps are those of PyTorch", () => {
  it.each(cases)("$call", ({ optimizer, regularizer, steps, expected, tolerance = 1e-13 }) => {
    const model = dense(2, 2, { dtype: "float64" });
    const { weight, bias } = params(model) as Record<"weight" | "bias", Param>;
    weight.value = f64([
      [0.5, -0.3],
      [1.2, 0.8],
    ]);
    bias.value = f64([0.1, -0.2]);
    const step = trainStep(
      model,
      optimizer,
      ({ x, y }) => meanSquaredError(model(x), y),
      regularizer === undefined ? {} : { regularizer },
    );
    for (let i = 0; i < steps; i++) step(batches[i % 2] as (typeof batches)[number]);
    const found = [...weight.value.dataSync(), ...bias.value.dataSync()];
    expected.forEach((value, i) => {
      expect(Math.abs((found[i] as number) - value)).toBeLessThan(tolerance);
    });
  });
});
