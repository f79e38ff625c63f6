/** The errors of cond, whileLoop, scan and customVjp. */
import { describe } from "vitest";
import { Box } from "../../src/graph/index.ts";
import {
  cond,
  customVjp,
  DTypeError,
  grad,
  jvp,
  ShapeError,
  scan,
  type Tensor,
  TraceError,
  tensor,
  whileLoop,
} from "../../src/index.ts";
import { errorTable } from "./expect-error.ts";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const v = tensor([1, 2, 3]);
const bools = tensor([true, false]);
const scalar = tensor(1);
const truth = tensor(true);

describe("control flow", () => {
  /** Under a transform, where both branches are traced. */
  const traced = (f: (t: Tensor) => Tensor) => () => jvp(f, [v], [v]);
  const box = new Box(v);

  errorTable([
    [
      "cond, predicate",
      () =>
        cond(
          scalar,
          () => v,
          () => v,
        ),
      DTypeError,
      "cond: the predicate is float32, not bool. Compare, as in x.greater(0).",
    ],
    [
      "cond, traced predicate",
      traced((t) =>
        cond(
          t.sum(),
          () => t,
          () => t,
        ),
      ),
      DTypeError,
      "cond: the predicate is float32, not bool. Compare, as in x.greater(0).",
    ],
    [
      "cond, many predicates",
      () =>
        cond(
          bools,
          () => v,
          () => v,
        ),
      ShapeError,
      "cond: the predicate must have one element; use where to choose element by element.",
    ],
    [
      "cond, types",
      traced((t) =>
        cond(
          truth,
          () => t,
          () => t.sum(),
        ),
      ),
      TraceError,
      "cond: the two functions return different types: (float32[3]) and (float32[]).",
    ],
    [
      "cond, structures",
      traced(
        (t) =>
          cond<[], unknown>(
            truth,
            () => [t],
            () => t,
          ) as Tensor,
      ),
      TraceError,
      "cond: the two functions return results of different structure.",
    ],
    [
      "a box written",
      traced((t) =>
        cond(
          truth,
          () => {
            box.value = t;
            return t;
          },
          () => t,
        ),
      ),
      TraceError,
      "cond: the function changes a stored value (a parameter, running statistics or random state, as dropout does). Pass that value through the operands and results instead.",
    ],
    [
      "whileLoop, test",
      () =>
        whileLoop(
          (s: Tensor) => s,
          (s: Tensor) => s,
          v,
        ),
      TraceError,
      "whileLoop: the test must return one bool of one element, such as x.less(10).",
    ],
    [
      "whileLoop, state",
      () =>
        whileLoop(
          (s: Tensor) => s.sum().less(1),
          (s: Tensor) => s.sum(),
          v,
        ),
      TraceError,
      "whileLoop: the state must keep its type; it starts and ends a step as: (float32[3]) and (float32[]).",
    ],
    [
      "whileLoop, structure",
      () =>
        whileLoop<unknown>(
          () => truth,
          () => [v],
          v,
        ),
      TraceError,
      "whileLoop: the body returns a state of another structure than it takes.",
    ],
    [
      "whileLoop, reverse",
      () =>
        grad((t: Tensor) =>
          whileLoop(
            (s: Tensor) => s.sum().less(100),
            (s: Tensor) => s.mul(2),
            t,
          ).sum(),
        )(v),
      TraceError,
      "whileLoop: reverse mode needs the values of every step, and how many there are is not known beforehand. Use scan, with a fixed number of steps, or forward mode (jvp).",
    ],
    [
      "scan, no length",
      () => scan((c: Tensor) => [c, null], v, null),
      ShapeError,
      "scan: needs sequences with a first axis, or options.length.",
    ],
    [
      "scan, length",
      () => scan((c: Tensor) => [c, null], v, null, { length: -1 }),
      ShapeError,
      "scan: options.length must be an integer of at least 0, not -1.",
    ],
    [
      "scan, lengths",
      () => scan((c: Tensor) => [c, null], v, { a: x, b: v }),
      ShapeError,
      "scan: xs.b has shape [3], but there are 2 steps.",
    ],
    [
      "scan, pair",
      () => scan((c: Tensor) => c as unknown as [Tensor, Tensor], v, v),
      ShapeError,
      "scan: the function must return a pair [carry, result]; use null for no result.",
    ],
    [
      "scan, carry",
      () => scan((c: Tensor) => [c.sum(), null], v, v),
      TraceError,
      "scan: the carry must keep its type; it starts and ends a step as: (float32[3]) and (float32[]).",
    ],
    [
      "scan, steps",
      () => scan((c: Tensor) => [c, null], v, v, { steps: scalar }),
      DTypeError,
      "scan: options.steps must be an int32 scalar; it is float32[].",
    ],
    [
      "scan, steps of a vector",
      () => scan((c: Tensor) => [c, null], v, v, { steps: tensor([1, 2], { dtype: "int32" }) }),
      DTypeError,
      "scan: options.steps must be an int32 scalar; it is int32[2].",
    ],
    [
      "scan, structure",
      () => scan<unknown, Tensor, null>((c) => [[c], null], v, v),
      TraceError,
      "scan: the function returns a carry of another structure than it takes.",
    ],
    [
      "customVjp, captured",
      () =>
        grad((t: Tensor) =>
          customVjp(
            (s: Tensor) => s.mul(t),
            (_args, _y, ct) => [ct],
          )(t).sum(),
        )(v),
      TraceError,
      "customVjp: the function uses a traced value that is not among its arguments. Pass everything that a gradient may flow to as an argument.",
    ],
    [
      "customVjp, cotangents",
      () =>
        grad((t: Tensor) =>
          customVjp(
            (s: Tensor) => s.sum(),
            (_args, _y, ct) => [ct],
          )(t),
        )(v),
      ShapeError,
      "customVjp: the cotangent has shape [] at [0], but [3] is needed.",
    ],
  ]);
});
