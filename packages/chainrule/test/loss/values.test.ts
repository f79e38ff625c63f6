/** Numbers that a loss cannot take are found where they are known, and arguments that are no tensors always. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import {
  binaryCrossEntropy,
  entropy,
  hinge,
  huber,
  informationContent,
  klDivergence,
  meanAbsoluteError,
  meanSquaredError,
  negativeLogLikelihood,
  softmaxCrossEntropy,
  squaredError,
} from "../../src/loss/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

const int = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const probabilities = { from: "probabilities" } as const;

describe("a loss of known numbers refuses", () => {
  const z = tensor([
    [1, 2],
    [0, 1],
  ]);

  it("targets of yes or no that are not in [0, 1]", () => {
    expect(() => binaryCrossEntropy(tensor([1, 2]), tensor([-1, 1]))).toThrow(
      "binaryCrossEntropy: targets must be between 0 and 1 (0 for no, 1 for yes); row 0 has -1.",
    );
    expect(() =>
      binaryCrossEntropy(
        z,
        tensor([
          [0, 1],
          [0.5, 1.5],
        ]),
      ),
    ).toThrow("row 1 (at [1, 1]) has 1.5.");
    expect(() => binaryCrossEntropy(tensor(1), tensor(2))).toThrow("(0 for no, 1 for yes); it has 2.");
  });

  it("predictions from probabilities that are none", () => {
    expect(() => binaryCrossEntropy(tensor([0.5, 1.5]), tensor([0, 1]), probabilities)).toThrow(
      'binaryCrossEntropy: predictions must be between 0 and 1, for `from` is "probabilities"; row 1 has 1.5.',
    );
    expect(() => softmaxCrossEntropy(z, int([0, 1]), probabilities)).toThrow(
      'softmaxCrossEntropy: predictions must be between 0 and 1, for `from` is "probabilities"; row 0 (at [0, 1]) has 2.',
    );
    const half = tensor([[0.5, 0.25]]);
    expect(() => softmaxCrossEntropy(half, int([0]), probabilities)).toThrow(
      "softmaxCrossEntropy: each row of the predictions must sum to 1; row 0 sums to 0.75.",
    );
    expect(() => negativeLogLikelihood(half, int([0]), probabilities)).toThrow("row 0 sums to 0.75.");
    expect(() => klDivergence(half, tensor([[0.5, 0.5]]), probabilities)).toThrow("row 0 sums to 0.75.");
    expect(() => binaryCrossEntropy(tensor([Number.NaN]), tensor([0]), probabilities)).toThrow("row 0 has NaN.");
  });

  it("logarithms of probabilities that are logits", () => {
    expect(() => negativeLogLikelihood(tensor([[0, 0]]), int([0]))).toThrow(
      "negativeLogLikelihood: each row of the predictions must be logarithms of probabilities, whose exponentials sum to 1; " +
        "those of row 0 sum to 2. For logits use softmaxCrossEntropy, or logSoftmax first; for probabilities " +
        '{ from: "probabilities" }.',
    );
    // log 0 is one.
    expect(negativeLogLikelihood(tensor([[0, Number.NEGATIVE_INFINITY]]), int([0])).itemSync()).toBeCloseTo(0, 12);
  });

  it("rows of targets that are no distribution", () => {
    const both = tensor([
      [0, 1],
      [1, 1],
    ]);
    for (const loss of [softmaxCrossEntropy, klDivergence]) {
      expect(() => loss(z, both)).toThrow(`${loss.name}: each row of the targets must sum to 1; row 1 sums to 2.`);
    }
    expect(() => negativeLogLikelihood(z.logSoftmax(), both)).toThrow("row 1 sums to 2.");
    expect(() =>
      softmaxCrossEntropy(
        z,
        tensor([
          [2, -1],
          [0, 1],
        ]),
      ),
    ).toThrow("row 0 (at [0, 0]) has 2.");
  });

  it("probabilities of events that are none", () => {
    expect(() => informationContent(tensor([0.5, 1.5]))).toThrow(
      "informationContent: p must be between 0 and 1; row 1 has 1.5.",
    );
    expect(() => entropy(tensor([[0.5, 0.25]]))).toThrow("entropy: each row of p must sum to 1; row 0 sums to 0.75.");
  });

  it("but not where a mask or weights may leave them out, nor those that are traced", () => {
    const y = tensor([0, -1]);
    const mask = tensor([true, false]);
    // −log(1 − σ(1)) = 1 + log(1 + e⁻¹).
    expect(binaryCrossEntropy(tensor([1, 2]), y, { mask }).itemSync()).toBeCloseTo(1.3132616875, 6);
    expect(binaryCrossEntropy(tensor([1, 2]), y, { weights: tensor([1, 0]) }).itemSync()).toBeCloseTo(1.3132616875, 6);
    const compiled = compile((p: Tensor) => binaryCrossEntropy(p, tensor([0]), probabilities));
    expect(compiled(tensor([1.5])).itemSync()).toBeNaN();
    // The predictions are traced, the targets known.
    expect(() => grad((p: Tensor) => binaryCrossEntropy(p, y))(tensor([1, 2]))).toThrow("row 1 has -1.");
  });
});

describe("a loss refuses what is no tensor", () => {
  const p = tensor([[0.5, 0.5]]);
  const losses = [
    meanSquaredError,
    squaredError,
    meanAbsoluteError,
    huber,
    hinge,
    binaryCrossEntropy,
    softmaxCrossEntropy,
    negativeLogLikelihood,
    klDivergence,
  ];

  it.each(losses.map((loss) => [loss.name, loss] as const))("%s", (name, loss) => {
    expect(() => loss([[1, 2]] as never, p)).toThrow(
      `${name}: the prediction must be a tensor; it is an array. Make one of it with tensor(…).`,
    );
    expect(() => loss(p, [0, 1] as never)).toThrow(
      `${name}: the target must be a tensor; it is an array. Make one of it with tensor(…).`,
    );
    expect(() => loss(p, undefined as never)).toThrow(`${name}: the target must be a tensor; it is undefined.`);
  });

  it("also as weights and mask", () => {
    expect(() => meanSquaredError(p, p, { weights: [1] as never })).toThrow(
      'meanSquaredError: the option "weights" must be a tensor; it is an array. Make one of it with tensor(…).',
    );
    expect(() => meanSquaredError(p, p, { mask: [true] as never })).toThrow(
      'meanSquaredError: the option "mask" must be a tensor; it is an array.',
    );
    expect(() => entropy([0.5, 0.5] as never)).toThrow("entropy: the prediction must be a tensor; it is an array.");
  });
});
