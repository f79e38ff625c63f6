/**
 * Values and gradients by PyTorch 1.13 in float64 (torch.nn.functional: cross_entropy, nll_loss, kl_div with "batchmean",
 * binary_cross_entropy_with_logits, mse_loss, l1_loss, huber_loss; torch.distributions.Categorical), by scipy 1.17.1
 * (scipy.stats.entropy) and scikit-learn 1.9.1 (metrics.hinge_loss).
 */
import { describe, expect, it } from "vitest";
import {
  binaryCrossEntropy,
  entropy,
  hinge,
  huber,
  klDivergence,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  negativeLogLikelihood,
  softmaxCrossEntropy,
  squaredError,
  withOptions,
} from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const f64 = (rows: number[][] | number[]): Tensor => tensor(rows, { dtype: "float64" });

const z = f64([
  [0.5, -1.2, 2],
  [1.5, 0.3, -0.7],
  [-2, 0.1, 0.4],
]);
const y = tensor([2, 1, 0], { dtype: "int32" });
const oneHot = f64([
  [0, 0, 1],
  [0, 1, 0],
  [1, 0, 0],
]);
const t = f64([
  [0.2, 0.3, 0.5],
  [0.6, 0.4, 0],
  [1, 0, 0],
]);
const b = f64([
  [1, 0, 1],
  [0, 0.25, 1],
  [1, 1, 0],
]);
const r = f64([
  [0, -1, -1],
  [1, 5, -0.7],
  [-2, 0, 0],
]);
const classWeights = [0.5, 2, 1.25];
const weighted = withOptions(softmaxCrossEntropy, { classWeights });
const weightedSmooth = withOptions(weighted, { labelSmoothing: 0.1 } as never);
const ofLogs: Loss = (p, target) => negativeLogLikelihood(p.logSoftmax(), target, { classWeights });

const cases: [string, Loss, Tensor, number, number[]][] = [
  [
    "cross_entropy",
    softmaxCrossEntropy,
    y,
    1.594785489281,
    [
      0.058847352955, 0.010750441819, -0.069597794775, 0.23607220548, -0.262229751449, 0.026157545969, -0.31682297542,
      0.134826388036, 0.181996587384,
    ],
  ],
  ...(
    [
      ["cross_entropy with weight", weighted, y],
      ["cross_entropy with weight, one-hot", weighted, oneHot],
      ["nll_loss with weight", ofLogs, y],
    ] as [string, Loss, Tensor][]
  ).map(([name, loss, target]): [string, Loss, Tensor, number, number[]] => [
    name,
    loss,
    target,
    1.302755533803,
    [
      0.058847352955, 0.010750441819, -0.069597794775, 0.377715528769, -0.419567602319, 0.04185207355, -0.126729190168,
      0.053930555214, 0.072798634954,
    ],
  ]),
  ...[y, oneHot].map((target): [string, Loss, Tensor, number, number[]] => [
    "cross_entropy with weight and label_smoothing",
    weightedSmooth,
    target,
    1.337291862684,
    [
      0.054402908511, -0.007027335959, -0.047375572552, 0.359106751995, -0.388278261676, 0.029171509681,
      -0.116849679804, 0.044242360719, 0.072607319086,
    ],
  ]),
  [
    "cross_entropy of probabilities with label_smoothing",
    withOptions(softmaxCrossEntropy, { labelSmoothing: 0.2 }),
    t,
    1.738785489281,
    [
      -0.0167082026, -0.091471780403, 0.108179983003, 0.053849983258, -0.057785307005, 0.003935323747, -0.272378530976,
      0.112604165814, 0.159774365162,
    ],
  ],
  [
    "kl_div",
    klDivergence,
    t,
    1.20723059559,
    [
      -0.007819313711, -0.089249558181, 0.097068871892, 0.03607220548, -0.062229751449, 0.026157545969, -0.31682297542,
      0.134826388036, 0.181996587384,
    ],
  ],
  [
    "binary_cross_entropy_with_logits",
    binaryCrossEntropy,
    b,
    0.90362021749,
    [
      -0.0419489632, 0.0257194685, -0.013244769114, 0.090841608466, 0.036049168535, -0.074243085796, -0.097866341998,
      -0.05278009028, 0.066520851124,
    ],
  ],
  [
    "mse_loss",
    meanSquaredError,
    r,
    3.533333333333,
    [
      0.111111111111, -0.044444444444, 0.666666666667, 0.111111111111, -1.044444444444, 0, 0, 0.022222222222,
      0.088888888889,
    ],
  ],
  ["mse_loss, sum", withOptions(squaredError, { reduction: "sum" }), r, 31.8, [1, -0.4, 6, 1, -9.4, 0, 0, 0.2, 0.8]],
  ["l1_loss", meanAbsoluteError, r, 1.044444444444, [1, -1, 1, 1, -1, 0, 0, 1, 1].map((sign) => sign / 9)],
  [
    "huber_loss",
    huber,
    r,
    0.783888888889,
    [
      0.055555555556, -0.022222222222, 0.111111111111, 0.055555555556, -0.111111111111, 0, 0, 0.011111111111,
      0.044444444444,
    ],
  ],
  [
    "huber_loss with delta",
    withOptions(huber, { delta: 0.5 }),
    r,
    0.439444444444,
    [
      0.055555555556, -0.022222222222, 0.055555555556, 0.055555555556, -0.055555555556, 0, 0, 0.011111111111,
      0.044444444444,
    ],
  ],
];

describe("losses agree with PyTorch, value and gradient", () => {
  it.each(cases)("%s", (_, loss, target, value, gradient) => {
    expect(loss(z, target).itemSync()).toBeCloseTo(value, 11);
    const found = grad((p: Tensor) => loss(p, target))(z).dataSync();
    gradient.forEach((g, i) => {
      expect(found[i]).toBeCloseTo(g, 11);
    });
  });

  it("without a mean: cross_entropy with weight, and binary_cross_entropy_with_logits with pos_weight", () => {
    const close = (found: Tensor, expected: number[]): void => {
      expect(found.shape).toEqual([expected.length]);
      expected.forEach((value, i) => {
        expect(found.dataSync()[i]).toBeCloseTo(value, 11);
      });
    };
    close(weighted(z, y, { reduction: "none" }), [0.29274517142, 3.090010553315, 1.502577527025]);
    const all = withOptions(binaryCrossEntropy, { classWeights: [1, 3], reduction: "none" });
    close(
      all(z.reshape([9]), b.reshape([9])),
      [
        1.42223095254, 0.263282467338, 0.380784033129, 1.701413277983, 1.056532866703, 3.309558146656, 6.380784033129,
        1.933189980221, 0.9130152524,
      ],
    );
  });

  it("the entropy of logits: Categorical(logits).entropy()", () => {
    const found = entropy(z, { from: "logits" }).dataSync();
    [0.6022134668985037, 0.7736179748342167, 0.8453733802567741].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 12);
    });
  });
});

describe("losses agree with scipy and scikit-learn", () => {
  it("stats.entropy, in nats and in bits, and of two distributions", () => {
    const p = f64([0.1, 0.2, 0.7]);
    expect(entropy(p).itemSync()).toBeCloseTo(0.8018185525433373, 13);
    expect(entropy(p, { base: 2 }).itemSync()).toBeCloseTo(1.1567796494470395, 13);
    const [target, q] = [f64([[0.6, 0.4, 0]]), f64([[0.2, 0.3, 0.5]])];
    expect(klDivergence(q, target, { from: "probabilities" }).itemSync()).toBeCloseTo(0.7742402021815782, 13);
    expect(klDivergence(q.log(), target, { base: 2 }).itemSync()).toBeCloseTo(1.1169925001442313, 13);
  });

  it("metrics.hinge_loss", () => {
    expect(hinge(f64([0.3, -2, -0.5, 0.25]), f64([1, -1, 1, -1])).itemSync()).toBeCloseTo(0.8625, 14);
  });
});
