import { describe, expect, it } from "vitest";
import { binaryCrossEntropy, checkTargets, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { tensor } from "../../src/tensor/index.ts";

describe("checkTargets", () => {
  it("lets pass what the losses take", () => {
    checkTargets(softmaxCrossEntropy.name, tensor([0, 9], { dtype: "int32" }), 10);
    checkTargets(
      softmaxCrossEntropy.name,
      tensor([
        [0, 1],
        [0.3, 0.7],
      ]),
      2,
    );
    checkTargets(softmaxCrossEntropy.name, tensor([[0, 1]], { dtype: "int32" }), 2);
    checkTargets(binaryCrossEntropy.name, tensor([[0], [0.5], [1]]), 1);
    checkTargets(binaryCrossEntropy.name, tensor([true, false]), 1);
    checkTargets(meanSquaredError.name, tensor([-5, 1e6]), 1);
    checkTargets("a loss of the user's", tensor([-5, 1e6]), 1);
  });

  it("names the first row with a class that does not exist", () => {
    const labels = tensor(
      Array.from({ length: 20 }, (_, i) => (i === 17 ? 10 : i % 10)),
      { dtype: "int32" },
    );
    expect(() => checkTargets("softmaxCrossEntropy", labels, 10)).toThrow(
      "softmaxCrossEntropy: labels out of range: row 17 has class 10, but the logits have 10 classes (0…9).",
    );
    expect(() => checkTargets("softmaxCrossEntropy", tensor([0, -1], { dtype: "int32" }), 10)).toThrow(
      "row 1 has class -1",
    );
  });

  it("tells one-hot integers from class numbers by the rank of the predictions", () => {
    const rows = tensor([[2, 0]], { dtype: "int32" });
    expect(() => checkTargets("softmaxCrossEntropy", rows, 2, 3)).toThrow("row 0 (at [0, 0]) has class 2");
    expect(() => checkTargets("softmaxCrossEntropy", rows, 2, 2)).toThrow("targets must be between 0 and 1");
    checkTargets("softmaxCrossEntropy", rows, 3, 3);
    expect(() => checkTargets("softmaxCrossEntropy", tensor([[1, 1]], { dtype: "int32" }), 2, 2)).toThrow(
      "softmaxCrossEntropy: each row of the targets must sum to 1; row 0 sums to 2.",
    );
    // Both readings need numbers from 0 to classes − 1.
    expect(() => checkTargets("softmaxCrossEntropy", rows, 2)).toThrow("labels out of range");
  });

  it("finds them even where there are as many examples as classes", () => {
    expect(() => checkTargets("softmaxCrossEntropy", tensor([0, 1, 3], { dtype: "int32" }), 3)).toThrow(
      "row 2 has class 3",
    );
  });

  it("names the first row that is no probability or does not sum to 1", () => {
    expect(() =>
      checkTargets(
        "softmaxCrossEntropy",
        tensor([
          [0, 1],
          [1, 1],
        ]),
        2,
      ),
    ).toThrow("softmaxCrossEntropy: each row of the targets must sum to 1; row 1 sums to 2.");
    expect(() =>
      checkTargets(
        "softmaxCrossEntropy",
        tensor([
          [0, 1],
          [-1, 2],
        ]),
        2,
      ),
    ).toThrow("softmaxCrossEntropy: targets must be between 0 and 1 (0 for no, 1 for yes); row 1 (at [1, 0]) has -1.");
    expect(() =>
      checkTargets(
        "binaryCrossEntropy",
        tensor([
          [0, 1],
          [0, 2],
        ]),
        2,
      ),
    ).toThrow("row 1 (at [1, 1]) has 2.");
    expect(() => checkTargets("binaryCrossEntropy", tensor([0, Number.NaN]), 1)).toThrow("row 1 has NaN.");
    expect(() => checkTargets("binaryCrossEntropy", tensor([-1, 1], { dtype: "int32" }), 1)).toThrow("row 0 has -1.");
  });
});
