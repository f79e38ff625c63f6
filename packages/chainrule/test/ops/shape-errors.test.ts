/** The errors about shapes and axes: what they say, of which class they are, and the line of the user. */
import { describe, it } from "vitest";
import { concatenate, eye, pad, random, ShapeError, splitAxis, stack, tensor, where, zeros } from "../../src/index.ts";
import { primitive } from "../../src/ops/index.ts";
import { errorTable, expectError } from "./expect-error.ts";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const v = tensor([1, 2, 3]);
const ints = tensor([1, 2], { dtype: "int32" });
const bools = tensor([true, false]);
const scalar = tensor(1);

describe("shapes", () => {
  errorTable([
    [
      "broadcasting",
      () => x.add(tensor([1, 2])),
      ShapeError,
      "add: shapes [2, 3] (left) and [2] (right) do not broadcast: counted from the last, each pair of dimensions must be equal or one of them 1.",
    ],
    ["broadcastTo", () => v.broadcastTo([3, 2]), ShapeError, "broadcast: shape [3] cannot be repeated to [3, 2]."],
    ["broadcastTo less", () => x.broadcastTo([3]), ShapeError, "broadcast: shape [2, 3] cannot be repeated to [3]."],
    [
      "where",
      () => where(bools, x, 0),
      ShapeError,
      "where: shapes [2] (left) and [2, 3] (right) do not broadcast: counted from the last, each pair of dimensions must be equal or one of them 1.",
    ],
    [
      "matmul",
      () => x.matmul(x),
      ShapeError,
      "matmul: [m=2, k=3] · [k=2, n=3] does not fit: the last dimension of the left factor (3) must equal the second to last of the right one (2).",
    ],
    [
      "matmul, vector",
      () => x.matmul(tensor([1, 2])),
      ShapeError,
      "matmul: [m=2, k=3] · [k=2] does not fit: the last dimension of the left factor (3) must equal the only of the right one (2).",
    ],
    [
      "matmul, batches",
      () => zeros([2, 2, 3]).matmul(zeros([4, 3, 1])),
      ShapeError,
      "matmul: [batch=2, m=2, k=3] · [batch=4, k=3, n=1] does not fit: the leading dimensions [2] and [4] do not broadcast.",
    ],
    [
      "matmul, scalar",
      () => x.matmul(scalar),
      ShapeError,
      "matmul: takes vectors and matrices, not scalars; use mul to scale a tensor by a number.",
    ],
    ["reshape", () => x.reshape([4]), ShapeError, "reshape: [2, 3] has 6 elements and [4] has 4."],
    [
      "reshape, −1",
      () => x.reshape([-1, 4]),
      ShapeError,
      "reshape: no extent for −1 makes [-1, 4] hold the 6 elements of [2, 3].",
    ],
    [
      "reshape, two −1",
      () => x.reshape([-1, -1]),
      ShapeError,
      "reshape: no extent for −1 makes [-1, -1] hold the 6 elements of [2, 3].",
    ],
    [
      "reshape, −1 of nothing",
      () => zeros([0]).reshape([-1, 0]),
      ShapeError,
      "reshape: no extent for −1 makes [-1, 0] hold the 0 elements of [0].",
    ],
    [
      "reshape, fraction",
      () => x.reshape([1.5, 4]),
      ShapeError,
      "reshape: [1.5, 4] is not a shape: every extent must be an integer of at least 0.",
    ],
    [
      "negative extents",
      () => zeros([2, -1]),
      ShapeError,
      "broadcast: [2, -1] is not a shape: every extent must be an integer of at least 0.",
    ],
    ["eye", () => eye(-1), ShapeError, "iota: [-1, -1] is not a shape: every extent must be an integer of at least 0."],
    [
      "oneHot",
      () => ints.oneHot(2.5),
      ShapeError,
      "iota: [2.5] is not a shape: every extent must be an integer of at least 0.",
    ],
    [
      "transpose",
      () => x.transpose([0, 0]),
      ShapeError,
      "transpose: [0, 0] is not a permutation of the axes of [2, 3].",
    ],
    [
      "transpose, too few",
      () => x.transpose([1]),
      ShapeError,
      "transpose: [1] is not a permutation of the axes of [2, 3].",
    ],
    [
      "concatenate",
      () => concatenate([x, v.reshape([1, 3])], 1),
      ShapeError,
      "concatenate: shapes [2, 3] and [1, 3] differ outside of axis 1.",
    ],
    [
      "concatenate, ranks",
      () => concatenate([x, v]),
      ShapeError,
      "concatenate: shapes [2, 3] and [3] differ outside of axis 0.",
    ],
    ["concatenate, none", () => concatenate([]), ShapeError, "concatenate: needs at least one tensor."],
    ["stack", () => stack([x, v]), ShapeError, "stack: shapes [2, 3] and [3] differ."],
    ["stack, none", () => stack([]), ShapeError, "stack: needs at least one tensor."],
    [
      "splitAxis",
      () => splitAxis(x, [1, 1], 1),
      ShapeError,
      "splitAxis: pieces of 1, 1 do not add up to axis 1 of shape [2, 3].",
    ],
    ["pad", () => pad(x, [1], [0, 0]), ShapeError, "pad: needs one non-negative integer for each of the 2 dimensions."],
    [
      "pad, negative",
      () => pad(v, [-1], [0]),
      ShapeError,
      "pad: needs one non-negative integer for each of the 1 dimensions.",
    ],
    [
      "slice, step",
      () => v.slice(0, 0, 3, -1),
      ShapeError,
      "slice: the step must be a positive integer, not -1; use flip(axis) to reverse.",
    ],
    ["slice, start", () => v.slice(0, 0.5), ShapeError, "slice: the start must be an integer, not 0.5."],
    ["slice, stop", () => v.slice(0, 0, Number.NaN), ShapeError, "slice: the stop must be an integer, not NaN."],
    [
      "gather from nothing",
      () => zeros([0]).gather(ints),
      ShapeError,
      "gather: axis 0 of shape [0] has no elements to take.",
    ],
    [
      "takeAlongAxis",
      () => x.takeAlongAxis(ints),
      ShapeError,
      "takeAlongAxis: indices of shape [2] must have the shape [2, 3] but for axis 1.",
    ],
    [
      "scatterAdd",
      () => x.scatterAdd(ints, x, 1),
      ShapeError,
      "scatterAdd: updates have shape [2, 3], but these indices take [2, 2].",
    ],
    [
      "max of nothing",
      () => zeros([2, 0]).max(1),
      ShapeError,
      "max: shape [2, 0] has no elements along the reduced axes, so there is no max.",
    ],
    ["argmax of nothing", () => zeros([0]).argmax(), ShapeError, "argmax: axis 0 has no elements."],
    [
      "random",
      () => random.uniform(random.key(0), [-2]),
      ShapeError,
      "random: [-2] is not a shape: every extent must be an integer of at least 0.",
    ],
    [
      "a key",
      () => random.uniform(tensor([1, 2, 3], { dtype: "int32" }), [2]),
      ShapeError,
      "randomBits: a key has shape [2], not [3]; make one with random.key(seed).",
    ],
  ]);

  // What the methods make sure of before they apply a primitive, its own rule checks as well.
  errorTable([
    ["elementwise", () => primitive("add").infer([x, v], {}), ShapeError, "add: shapes [2, 3] and [3] differ."],
    ["select", () => primitive("select").infer([bools, v, v], {}), ShapeError, "where: shapes [2], [3], [3] differ."],
    [
      "slice",
      () => primitive("slice").infer([v], { start: [1], size: [3], step: [1] }),
      ShapeError,
      "slice: positions 1 to 3 of axis 0 are outside of shape [3].",
    ],
    [
      "gather",
      () => primitive("gather").infer([x, zeros([3, 1], "int32")], { axis: 1, batch: 1 }),
      ShapeError,
      "gather: the leading dimensions of [2, 3] and of the indices [3, 1] differ.",
    ],
    [
      "matmul",
      () => primitive("matmul").infer([zeros([2, 1, 3]), zeros([1, 3, 1])], {}),
      ShapeError,
      "matmul: [batch=2, m=1, k=3] · [batch=1, k=3, n=1] does not fit: the leading dimensions [2] and [1] do not broadcast.",
    ],
  ]);
});

describe("axes", () => {
  const rows: [string, (axis: number) => unknown][] = [
    ["sum", (axis) => x.sum(axis)],
    ["mean", (axis) => x.mean([axis])],
    ["variance", (axis) => x.variance(axis)],
    ["logSumExp", (axis) => x.logSumExp(axis)],
    ["softmax", (axis) => x.softmax(axis)],
    ["logSoftmax", (axis) => x.logSoftmax(axis)],
    ["max", (axis) => x.max(axis)],
    ["argmax", (axis) => x.argmax(axis)],
    ["argsort", (axis) => x.sort(axis)],
    ["cumsum", (axis) => x.cumsum(axis)],
    ["flip", (axis) => x.flip(axis)],
    ["slice", (axis) => x.slice(axis, 0)],
    ["splitAxis", (axis) => splitAxis(x, [2], axis)],
    ["gather", (axis) => x.gather(ints, axis)],
    ["takeAlongAxis", (axis) => x.takeAlongAxis(ints, axis)],
    ["scatterAdd", (axis) => x.scatterAdd(ints, x, axis)],
    ["concatenate", (axis) => concatenate([x], axis)],
    ["transpose", (axis) => x.transpose([axis, 0])],
    ["moveAxis", (axis) => x.moveAxis(0, axis)],
  ];
  it.each(rows)("%s names the axis, the shape and what is valid", (name, f) => {
    for (const axis of [2, -3, 0.5]) {
      expectError(
        () => f(axis),
        ShapeError,
        `${name}: axis ${axis} is out of range for shape [2, 3]; axes go from -2 to 1.`,
      );
    }
  });

  errorTable([
    [
      "of a scalar",
      () => scalar.sum(0),
      ShapeError,
      "sum: axis 0 is out of range for shape []; it is a scalar and has no axis.",
    ],
    ["given twice", () => x.sum([0, -2]), ShapeError, "sum: an axis is given twice in [0, 0]."],
    [
      "expandDims",
      () => v.expandDims(2),
      ShapeError,
      "expandDims: axis 2 is out of range for shape [3, 1]; axes go from -2 to 1.",
    ],
  ]);
});
