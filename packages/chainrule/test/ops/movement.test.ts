/** Operations that move, pick and count elements. Expected values: NumPy 2.4. */
import { describe, expect, it } from "vitest";
import {
  arange,
  concatenate,
  eye,
  full,
  iota,
  ones,
  pad,
  splitAxis,
  stack,
  tensor,
  zeros,
  zerosLike,
} from "../../src/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";
import { expectValue } from "./evaluate.ts";

const cube = tensor(
  Float32Array.from({ length: 24 }, (_, i) => i - 7),
  { shape: [2, 3, 4] },
);
const s = tensor(
  Float32Array.from({ length: 12 }, (_, i) => i),
  { shape: [2, 2, 3] },
);
const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const a = tensor([
  [1, -2, 3],
  [4, 5, -6],
]);
const v = tensor([10, 20, 30]);
const int = (values: number[] | number[][]) => tensor(values, { dtype: "int32" });
const int32 = { dtype: "int32" } as const;

describe("slices and joins", () => {
  it("slice", () => {
    expectValue(
      () => cube.slice(1, 1),
      [
        [
          [-3, -2, -1, 0],
          [1, 2, 3, 4],
        ],
        [
          [9, 10, 11, 12],
          [13, 14, 15, 16],
        ],
      ],
    );
    expectValue(
      () => cube.slice(2, 0, undefined, 3),
      [
        [
          [-7, -4],
          [-3, 0],
          [1, 4],
        ],
        [
          [5, 8],
          [9, 12],
          [13, 16],
        ],
      ],
    );
    expectValue(() => cube.slice(1, -2, -1).slice(-1, 1, 2).reshape([2, 1]), [[-2], [10]]);
    expectValue(() => v.slice(0, 1, 100), [20, 30]);
    expectValue(() => v.slice(0, 2, 1), [], { shape: [0] });
    expectValue(() => tensor([7]).slice(0, 0, 1, 2), [7]);
  });

  it("pad", () => {
    expectValue(
      () => pad(x, [1, 0], [0, 2]),
      [
        [0, 0, 0, 0, 0],
        [1, 2, 3, 0, 0],
        [4, 5, 6, 0, 0],
      ],
    );
    expectValue(() => pad(v, [1], [0], [2]), [0, 10, 0, 0, 20, 0, 0, 30]);
    expectValue(() => pad(zeros([0]), [2], [1]), [0, 0, 0]);
  });

  it("concatenate and stack", () => {
    expectValue(
      () => concatenate([x, a]),
      [
        [1, 2, 3],
        [4, 5, 6],
        [1, -2, 3],
        [4, 5, -6],
      ],
    );
    expectValue(
      () => concatenate([x, tensor([[2], [0.5]])], -1),
      [
        [1, 2, 3, 2],
        [4, 5, 6, 0.5],
      ],
    );
    expectValue(() => concatenate([zeros([0]), v]), [10, 20, 30]);
    expectValue(
      () => stack([v, v.mul(2)], 1),
      [
        [10, 20],
        [20, 40],
        [30, 60],
      ],
    );
    expectValue(
      () => stack([x, a], -1),
      [
        [
          [1, 1],
          [2, -2],
          [3, 3],
        ],
        [
          [4, 4],
          [5, 5],
          [6, -6],
        ],
      ],
    );
  });

  it("concatenate and stack take thousands of tensors", () => {
    const pieces = Array.from({ length: 5000 }, (_, i) => tensor([i, i + 0.5]));
    const numbers = pieces.flatMap((_, i) => [i, i + 0.5]);
    expect([...concatenate(pieces).dataSync()]).toEqual(numbers);
    expect(stack(pieces).shape).toEqual([5000, 2]);
    expect([...stack(pieces, 1).dataSync().slice(0, 3)]).toEqual([0, 1, 2]);
    // The gradient goes back to each.
    const weights = tensor(numbers.slice(0, 400)).reshape([200, 2]);
    const back = grad((list: Tensor[]) => stack(list).mul(weights).sum())(pieces.slice(0, 200));
    expect(back[77]?.arraySync()).toEqual([77, 77.5]);
    expect(() => concatenate([...pieces, tensor([[1, 2]])])).toThrow("concatenate: shapes [2] and [1, 2] differ");
  });

  it("splitAxis undoes concatenate", () => {
    expectValue(
      () => concatenate([...splitAxis(x, [1, 0, 2], 1)].toReversed(), 1),
      [
        [2, 3, 1],
        [5, 6, 4],
      ],
    );
  });
});

describe("order", () => {
  it("flip", () => {
    expectValue(
      () => x.flip(),
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
    );
    expectValue(
      () => x.flip(-1),
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
    );
  });

  it("transpose and moveAxis", () => {
    expectValue(
      () => s.transpose(),
      [
        [
          [0, 6],
          [3, 9],
        ],
        [
          [1, 7],
          [4, 10],
        ],
        [
          [2, 8],
          [5, 11],
        ],
      ],
    );
    const moved = [
      [
        [0, 6],
        [1, 7],
        [2, 8],
      ],
      [
        [3, 9],
        [4, 10],
        [5, 11],
      ],
    ];
    expectValue(() => s.transpose([1, 2, 0]), moved);
    expectValue(() => s.transpose([1, -1, 0]), moved);
    expectValue(() => s.moveAxis(0, -1), moved);
  });

  it("reshape, flatten, expandDims", () => {
    expectValue(
      () => x.reshape([3, -1]),
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    );
    expectValue(() => x.transpose().flatten(), [1, 4, 2, 5, 3, 6]);
    expectValue(() => v.expandDims(0), [[10, 20, 30]]);
    expectValue(() => v.expandDims(-1), [[10], [20], [30]]);
    expectValue(() => zeros([0, 3]).reshape([5, 0]), [[], [], [], [], []]);
    expectValue(
      () => cube.transpose([2, 0, 1]).reshape([8, 3]).slice(0, 0, 3),
      [
        [-7, -3, 1],
        [5, 9, 13],
        [-6, -2, 2],
      ],
    );
  });

  it("cumsum", () => {
    expectValue(
      () => x.cumsum(),
      [
        [1, 2, 3],
        [5, 7, 9],
      ],
    );
    expectValue(
      () => x.cumsum(1),
      [
        [1, 3, 6],
        [4, 9, 15],
      ],
    );
    expectValue(
      () => x.cumsum(1, { reverse: true }),
      [
        [6, 5, 3],
        [15, 11, 6],
      ],
    );
  });
});

describe("positions", () => {
  it("gather", () => {
    expectValue(
      () => x.gather(int([2, 0, 2]), 1),
      [
        [3, 1, 3],
        [6, 4, 6],
      ],
    );
    expectValue(
      () =>
        v.gather(
          int([
            [0, 1],
            [2, 2],
          ]),
        ),
      [
        [10, 20],
        [30, 30],
      ],
    );
    expectValue(() => x.gather(tensor(1, { dtype: "int32" })), [4, 5, 6]);
  });

  it("take numbers for positions", () => {
    expectValue(() => x.gather(1), [4, 5, 6]);
    expectValue(() => v.gather([2, 0, -1]), [30, 10, 10]);
    expectValue(() => x.takeAlongAxis([[2], [0]]), [[3], [4]]);
    expectValue(() => v.scatterAdd([0, 0], tensor([1, 2])), [13, 20, 30]);
    expect(() => v.gather(0.5)).toThrow("element 0 is 0.5, which is no int32");
  });

  it("gather and scatterAdd clamp positions beyond the ends", () => {
    expectValue(() => v.gather(int([-5, 7, 3])), [10, 30, 30]);
    expectValue(() => v.scatterAdd(int([-5, 7, 3]), tensor([1, 2, 3])), [11, 20, 35]);
  });

  it("takeAlongAxis", () => {
    expectValue(
      () =>
        x.takeAlongAxis(
          int([
            [2, 0],
            [1, 1],
          ]),
        ),
      [
        [3, 1],
        [5, 5],
      ],
    );
    expectValue(() => x.takeAlongAxis(int([[1, 0, 1]]), 0), [[4, 2, 6]]);
  });

  it("scatterAdd adds up what goes to one place", () => {
    expectValue(
      () =>
        zeros([3, 2]).scatterAdd(
          int([2, 0, 2]),
          tensor([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
        ),
      [
        [3, 4],
        [0, 0],
        [6, 8],
      ],
    );
    expectValue(
      () =>
        zeros([2, 3]).scatterAdd(
          int([2, 0]),
          tensor([
            [1, 2],
            [3, 4],
          ]),
          1,
        ),
      [
        [2, 0, 1],
        [4, 0, 3],
      ],
    );
  });

  it("oneHot; a class out of range gives zeros", () => {
    expectValue(
      () => int([2, 0, 5, -1]).oneHot(3),
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    );
  });
});

describe("counting and filling", () => {
  it("arange, iota, eye", () => {
    expectValue(() => arange(4), [0, 1, 2, 3], int32);
    expectValue(() => arange(2, 7), [2, 3, 4, 5, 6], int32);
    expectValue(() => arange(0.5, 4, "float32"), [0.5, 1.5, 2.5, 3.5]);
    expectValue(() => arange(3, 1), [], { ...int32, shape: [0] });
    expectValue(
      () => iota([2, 3], 1),
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
      int32,
    );
    expectValue(
      () => eye(3),
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    );
    expectValue(() => eye(0), [], { shape: [0, 0] });
  });

  it("full, zeros, ones", () => {
    expectValue(() => full([2], 2.5), [2.5, 2.5]);
    expectValue(() => ones([1, 2], "bool"), [[true, true]], { dtype: "bool" });
    expectValue(() => zerosLike(int([3, 4])), [0, 0], int32);
  });
});
