/** Reductions, matrix products and normalizations. Expected values: NumPy 2.4, and SciPy 1.17 for softmax and its kin. */
import { describe, expect, it } from "vitest";
import { grad, type Tensor, tensor, zeros } from "../../src/index.ts";
import { expectValue } from "./evaluate.ts";

const cube = tensor(
  Float32Array.from({ length: 24 }, (_, i) => i - 7),
  { shape: [2, 3, 4] },
);
const a = tensor([
  [1, -2, 3],
  [4, 5, -6],
]);
const { NaN: nan } = Number;

describe("reductions", () => {
  it("sum along no, one, several and negative axes", () => {
    expectValue(() => cube.sum(), 108);
    expectValue(
      () => cube.sum(0),
      [
        [-2, 0, 2, 4],
        [6, 8, 10, 12],
        [14, 16, 18, 20],
      ],
    );
    expectValue(
      () => cube.sum(1),
      [
        [-9, -6, -3, 0],
        [27, 30, 33, 36],
      ],
    );
    expectValue(
      () => cube.sum(-1),
      [
        [-22, -6, 10],
        [26, 42, 58],
      ],
    );
    expectValue(() => cube.sum([0, 2]), [4, 36, 68]);
    expectValue(() => cube.sum([-1, 0]), [4, 36, 68]);
    expectValue(() => cube.sum([]), cube.arraySync());
    expectValue(() => tensor(3).sum(), 3);
    expectValue(() => tensor([2 ** 31 - 1, 1], { dtype: "int32" }).sum(), -(2 ** 31), { dtype: "int32" });
  });

  it("keepDims leaves extents of 1", () => {
    expectValue(() => cube.sum([0, 2], { keepDims: true }), [[[4], [36], [68]]]);
    expectValue(() => a.max(undefined, { keepDims: true }), [[5]]);
    expectValue(() => a.mean(1, { keepDims: true }), [[2 / 3], [1]], { tolerance: 1e-7 });
    expectValue(() => a.logSumExp(-1, { keepDims: true }).sub(a.logSumExp(1).reshape([2, 1])), [[0], [0]]);
  });

  it("max, min, product, mean, variance", () => {
    expectValue(
      () => cube.max(1),
      [
        [1, 2, 3, 4],
        [13, 14, 15, 16],
      ],
    );
    expectValue(
      () => cube.min(-1),
      [
        [-7, -3, 1],
        [5, 9, 13],
      ],
    );
    expectValue(() => a.product(0), [4, -10, -18]);
    expectValue(() => a.product(), 720);
    expectValue(
      () => cube.mean(1),
      [
        [-3, -2, -1, 0],
        [9, 10, 11, 12],
      ],
    );
    expectValue(() => a.variance(1), [4.222222328186035, 24.66666603088379], { tolerance: 1e-6 });
    expectValue(() => a.variance(), 14.472222328186035, { tolerance: 1e-6 });
    expectValue(
      () =>
        tensor([
          [1, nan, 3],
          [2, 4, 0],
        ]).max(1),
      [nan, 4],
    );
    expectValue(
      () =>
        tensor([
          [1, nan, 3],
          [2, 4, 0],
        ]).min(1),
      [nan, 0],
    );
  });

  it("of nothing: a sum is 0, a product 1, a mean NaN", () => {
    expectValue(() => zeros([0, 3]).sum(0), [0, 0, 0]);
    expectValue(() => zeros([2, 0]).product(1), [1, 1]);
    expectValue(() => zeros([0, 2]).mean(0), [nan, nan]);
    expectValue(() => zeros([3, 0]).max(0), [], { shape: [0] });
  });

  it("all and any", () => {
    expectValue(
      () =>
        tensor([
          [true, false],
          [true, true],
        ]).all(1),
      [false, true],
      { dtype: "bool" },
    );
    expectValue(
      () =>
        tensor([
          [false, false],
          [true, false],
        ]).any(0),
      [true, false],
      { dtype: "bool" },
    );
    expectValue(
      () =>
        tensor([
          [false, false],
          [true, false],
        ]).any(),
      true,
      { dtype: "bool" },
    );
    expectValue(() => zeros([2, 0], "bool").all(1), [true, true], { dtype: "bool" });
    expectValue(() => zeros([2, 0], "bool").any(1), [false, false], { dtype: "bool" });
  });

  it("argmax and argmin: the first at a tie, NaN before all", () => {
    const m = tensor([
      [3, 1, 3, 2],
      [0, -1, -1, 5],
    ]);
    const int = { dtype: "int32" } as const;
    expectValue(() => m.argmax(1), [0, 3], int);
    expectValue(() => m.argmin(-1), [1, 1], int);
    expectValue(() => m.argmax(0), [0, 0, 0, 1], int);
    expectValue(() => m.argmax(), 7, int);
    expectValue(() => tensor([1, nan, 7, nan]).argmax(), 1, int);
    expectValue(() => tensor([1, nan, 7, nan]).argmin(), 1, int);
    expectValue(() => tensor([0, -(2 ** 31), 2 ** 31 - 1], { dtype: "int32" }).argmin(), 1, int);
  });

  it("product: the gradient is right where factors are 0", () => {
    // ∂/∂xᵢ Π xⱼ = Πⱼ≠ᵢ xⱼ, by hand.
    expect(grad((x: Tensor) => x.product())(tensor([2, 0, 4])).arraySync()).toEqual([0, 8, 0]);
    expect(grad((x: Tensor) => x.product())(tensor([0, 0, 4])).arraySync()).toEqual([0, 0, 0]);
  });
});

describe("matmul", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const y = tensor([
    [1, -1],
    [0, 2],
    [3, 0.5],
  ]);
  const v = tensor([10, 20, 30]);
  const s = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i),
    { shape: [2, 2, 3] },
  );

  it("of matrices and vectors", () => {
    expectValue(
      () => x.matmul(y),
      [
        [10, 4.5],
        [22, 9],
      ],
    );
    expectValue(() => x.matmul(v), [140, 320]);
    expectValue(() => v.matmul(y), [100, 45]);
    expectValue(() => v.matmul(v), 1400);
    expectValue(
      () =>
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          { dtype: "int32" },
        ).matmul(
          tensor(
            [
              [5, 6],
              [7, 8],
            ],
            { dtype: "int32" },
          ),
        ),
      [
        [19, 22],
        [43, 50],
      ],
      {
        dtype: "int32",
      },
    );
  });

  it("over leading axes, which broadcast", () => {
    expectValue(
      () =>
        s.matmul(
          tensor([
            [0, 1],
            [2, 3],
            [4, 5],
          ]),
        ),
      [
        [
          [10, 13],
          [28, 40],
        ],
        [
          [46, 67],
          [64, 94],
        ],
      ],
    );
    const square = tensor(
      Float32Array.from({ length: 9 }, (_, i) => i),
      { shape: [1, 3, 3] },
    );
    expectValue(
      () => s.reshape([2, 1, 2, 3]).matmul(square),
      [
        [
          [
            [15, 18, 21],
            [42, 54, 66],
          ],
        ],
        [
          [
            [69, 90, 111],
            [96, 126, 156],
          ],
        ],
      ],
    );
    expectValue(
      () => s.matmul(v),
      [
        [80, 260],
        [440, 620],
      ],
    );
    expectValue(
      () => v.matmul(s.reshape([2, 3, 2])),
      [
        [160, 220],
        [520, 580],
      ],
    );
  });

  it("over nothing is 0", () => {
    expectValue(
      () => zeros([2, 0]).matmul(zeros([0, 2])),
      [
        [0, 0],
        [0, 0],
      ],
    );
    expectValue(() => zeros([0, 3]).matmul(y), [], { shape: [0, 2] });
  });
});

describe("softmax and its kin", () => {
  const logits = tensor(
    [
      [1, 2, 3],
      [-1, 0, 4],
    ],
    { dtype: "float64" },
  );
  const close = { dtype: "float64", tolerance: 1e-15 } as const;

  it("softmax", () => {
    const rows = [
      [0.09003057317038046, 0.24472847105479764, 0.6652409557748218],
      [0.006573263185309083, 0.0178679818703045, 0.9755587549443865],
    ];
    const columns = [
      [0.8807970779778823, 0.8807970779778823, 0.2689414213699951],
      [0.11920292202211755, 0.11920292202211755, 0.7310585786300049],
    ];
    expectValue(() => logits.softmax(), rows, close);
    expectValue(() => logits.softmax(0), columns, close);
  });

  it("logSoftmax and logSumExp", () => {
    const rows = [
      [-2.4076059644443806, -1.4076059644443804, -0.4076059644443804],
      [-5.024744890138822, -4.024744890138822, -0.02474489013882259],
    ];
    expectValue(() => logits.logSoftmax(), rows, close);
    expectValue(() => logits.logSumExp(1), [3.40760596444438, 4.024744890138822], close);
    expectValue(() => logits.logSumExp(), 4.456193316018123, close);
  });
});
