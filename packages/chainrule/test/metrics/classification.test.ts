import { describe, expect, it } from "vitest";
import { accuracy, classes, confusionMatrix, f1 } from "../../src/metrics/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const logits = tensor([
  [2, 1, 0],
  [0, 3, 1],
  [1, 0, 5],
  [4, 4, 1],
]);

describe("classes", () => {
  it("takes the largest output, the first of equal ones, or the sign of the only one", () => {
    expect([...classes(logits)]).toEqual([0, 1, 2, 0]);
    expect([...classes(tensor([[-1], [0], [0.1]]))]).toEqual([0, 0, 1]);
    expect([...classes(tensor([3, -3]))]).toEqual([1, 0]);
  });
});

describe("accuracy", () => {
  it("takes class numbers, as int32 or float, in a vector or a column", () => {
    expect(accuracy(logits, tensor(Int32Array.of(0, 1, 1, 0)))).toBe(0.75);
    expect(accuracy(logits, tensor([0, 1, 2, 1]))).toBe(0.75);
    expect(accuracy(logits, tensor([[0], [0], [0], [1]]))).toBe(0.25);
  });

  it("takes one-hot rows", () => {
    const target = tensor([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 0],
      [0, 1, 0],
    ]);
    expect(accuracy(logits, target)).toBe(0.5);
  });

  it("takes yes and no for a single logit, as numbers or truth values", () => {
    const z = tensor([[-2], [3], [0.5], [-0.5]]);
    expect(accuracy(z, tensor([[0], [1], [0], [0]]))).toBe(0.75);
    expect(accuracy(z, tensor([false, true, true, true]))).toBe(0.75);
  });

  it("takes classes that were predicted already as int32, in a vector or a column", () => {
    expect(accuracy(Int32Array.of(0, 2, 1), [0, 2, 2])).toBeCloseTo(2 / 3, 14);
    expect(accuracy(classes(logits), [0, 1, 1, 0])).toBe(accuracy(logits, [0, 1, 1, 0]));
    expect(accuracy(tensor(Int32Array.of(0, 1), { shape: [2, 1] }), [false, true])).toBe(1);
    const oneHot = [
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 1],
    ];
    expect(accuracy(Int32Array.of(0, 2, 1), oneHot)).toBeCloseTo(2 / 3, 14);
    expect([...classes(Int32Array.of(0, 2, 1))]).toEqual([0, 2, 1]);
    // f1_score([0, 2, 2], [0, 2, 1], average="macro") of scikit-learn 1.9.1; (1 + 0 + ⅔) / 3.
    expect(f1(Int32Array.of(0, 2, 1), [0, 2, 2])).toBeCloseTo(5 / 9, 14);
    // Below 0 they can only be logits.
    expect(accuracy(Int32Array.of(-2, 3), [0, 1])).toBe(1);
    expect(() => accuracy(Int32Array.of(0, 1), [0, 1, 1])).toThrow("accuracy: there are 2 predictions and 3 targets.");
    expect(() => accuracy(Int32Array.of(0, 1), [0, 0.5])).toThrow("accuracy: targets must be class numbers, and row 1");
    expect(() => accuracy(Int32Array.of(0, 1), [0, -1])).toThrow(
      "accuracy: row 1 has class -1, and there are 2 classes",
    );
  });

  it("says how to give classes, where numbers are taken for logits", () => {
    expect(() => accuracy([0, 2, 1], [0, 2, 1])).toThrow(
      "accuracy: row 1 has class 2, and there are 2 classes (0…1). One prediction a row is the logit of class 1; give one " +
        "output for each class, or the predicted classes as an Int32Array.",
    );
  });

  it("refuses targets that are no classes", () => {
    expect(() => accuracy(logits, tensor([[0, 1]]))).toThrow(
      "accuracy: predictions have shape [4, 3] and targets [1, 2]; targets must be one class number a row, or one-hot rows.",
    );
    expect(() => accuracy(logits, tensor([0, 1, 0.5, 2]))).toThrow(
      "accuracy: targets must be class numbers, and row 2 has 0.5. For a regression use another metric.",
    );
    expect(() => accuracy(tensor([[[1, 2]]]), tensor([0]))).toThrow(
      "accuracy: predictions must be [rows] or [rows, classes]; their shape is [1, 1, 2].",
    );
  });
});

describe("confusionMatrix", () => {
  it("counts actual classes in rows and predicted ones in columns", () => {
    expect(confusionMatrix([0, 1, 1, 2, 2, 2], [0, 1, 2, 2, 2, 0], 3)).toEqual([
      [1, 0, 1],
      [0, 1, 0],
      [0, 1, 2],
    ]);
  });

  it("takes tensors, and finds how many classes there are", () => {
    const matrix = [
      [1, 0, 0],
      [0, 0, 0],
      [0, 1, 1],
    ];
    // confusion_matrix([0, 2, 2], [0, 2, 1]) of scikit-learn 1.9.1.
    expect(confusionMatrix(tensor([0, 2, 1]), tensor(Int32Array.of(0, 2, 2)))).toEqual(matrix);
    expect(
      confusionMatrix(
        classes([
          [1, 0],
          [0, 1],
        ]),
        [1, 1],
      ),
    ).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("refuses lists of different lengths and classes out of range", () => {
    expect(() => confusionMatrix([0], [0, 1], 2)).toThrow(
      "confusionMatrix: there are 1 predictions and 2 actual classes.",
    );
    expect(() => confusionMatrix([0, 3], [0, 1], 2)).toThrow(
      "confusionMatrix: example 1 has class 1, predicted 3; there are 2 classes (0…1).",
    );
    expect(() => confusionMatrix([0], [-1], 2)).toThrow("example 0 has class -1, predicted 0");
    expect(() => confusionMatrix([0.5], [0], 2)).toThrow("example 0 has class 0, predicted 0.5");
    expect(() => confusionMatrix([], [], 0)).toThrow(
      "confusionMatrix: the number of classes must be an integer ≥ 1; it is 0.",
    );
  });
});
