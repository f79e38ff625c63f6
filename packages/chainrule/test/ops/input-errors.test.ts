/** The errors about inputs of a kind that an operation does not take at all, as a program without types may give. */
import { describe } from "vitest";
import { concatenate, cond, ShapeError, stack, type Tensor, tensor, where, zeros } from "../../src/index.ts";
import { errorTable } from "./expect-error.ts";

const v = tensor([1, 2, 3]);
const as = <T>(value: unknown): T => value as T;

describe("what is no tensor", () => {
  errorTable([
    [
      "gather",
      () => v.gather(as(true)),
      TypeError,
      "gather: the argument indices is true, not a tensor; make one with tensor(…).",
    ],
    [
      "takeAlongAxis",
      () => v.takeAlongAxis(as("0")),
      TypeError,
      'takeAlongAxis: the argument indices is "0", not a tensor.',
    ],
    [
      "matmul",
      () => v.matmul(as([1, 2, 3])),
      TypeError,
      "matmul: the right factor is an array, not a tensor; make one with tensor(…).",
    ],
    [
      "where",
      () => where(as(true), 1, 2),
      TypeError,
      "where: the condition is true, not a tensor; make one with tensor(…).",
    ],
    [
      "cond",
      () =>
        cond(
          as(false),
          () => v,
          () => v,
        ),
      TypeError,
      "cond: the predicate is false, not a tensor; make one with tensor(…).",
    ],
    [
      "scatterAdd",
      () => v.scatterAdd(as({}), v),
      TypeError,
      "scatterAdd: the argument indices is an object, not a tensor.",
    ],
    [
      "concatenate",
      () => concatenate(as(v), as<number>(v)),
      TypeError,
      "concatenate: takes an array of tensors, as in concatenate([a, b]), not a Tensor.",
    ],
    [
      "concatenate, an entry",
      () => concatenate([v, as<Tensor>([1, 2])]),
      TypeError,
      "concatenate: input 1 is an array, not a tensor; make one with tensor(…).",
    ],
    ["stack, an entry", () => stack([as<Tensor>(null)]), TypeError, "stack: input 0 is null, not a tensor."],
  ]);
});

describe("shapes and axes of another kind", () => {
  errorTable([
    ["reshape", () => v.reshape(as(3)), TypeError, "reshape: the shape is 3, not an array such as [2, 3]."],
    ["zeros", () => zeros(as(3)), TypeError, "broadcastTo: the shape is 3, not an array such as [2, 3]."],
    ["sum", () => v.sum(as("0")), TypeError, 'sum: the axis is "0", not a number or an array of numbers.'],
  ]);
});

describe("nothing to reduce", () => {
  const none = zeros([2, 0]);
  errorTable([
    [
      "softmax",
      () => none.softmax(),
      ShapeError,
      "softmax: shape [2, 0] has no elements along the axis, so there is no softmax.",
    ],
    [
      "logSoftmax",
      () => none.logSoftmax(),
      ShapeError,
      "logSoftmax: shape [2, 0] has no elements along the axis, so there is no logSoftmax.",
    ],
    [
      "logSumExp",
      () => none.logSumExp(1),
      ShapeError,
      "logSumExp: shape [2, 0] has no elements along the axis, so there is no logSumExp.",
    ],
  ]);
});
