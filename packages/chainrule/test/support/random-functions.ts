/**
 * Random functions of tensors for properties: a recipe is plain data (so fast-check can shrink it), `carryOut` applies it
 * to tensors, concrete or traced.
 *
 * Values stay within ±8 and are told apart by whether they are exact: what rounding can change (sums, exponentials …)
 * never meets an operation that jumps (floor, comparisons, sorting), so that a target's last bits are not blown up.
 */
import fc from "fast-check";
import { concatenate, cond, random, scan, type Tensor, tensor, where, whileLoop } from "../../src/index.ts";
import type { DType } from "../../src/tensor/dtype.ts";
import { broadcastShapes, sizeOf } from "../../src/tensor/shape.ts";

export interface Input {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly seed: number;
}

export interface Step {
  readonly op: number;
  readonly picks: readonly number[];
  /** The body of a branch or loop. */
  readonly inner: readonly Step[];
}

export interface Recipe {
  readonly inputs: readonly Input[];
  readonly steps: readonly Step[];
  /** Which of the values made are results, counted from the last. */
  readonly outputs: readonly number[];
}

/** A value, and whether every target gives all its bits. */
export interface Value {
  readonly value: Tensor;
  readonly exact: boolean;
}

/** Extents around the edges of lanes, tiles and panels. */
const EDGES = [1, 2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127];
const LARGEST = 2500;

const extents = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constantFrom(...EDGES));
const shapes = fc.array(extents, { maxLength: 3 }).filter((shape) => sizeOf(shape) <= LARGEST);
const dtypes = fc.oneof(
  { weight: 4, arbitrary: fc.constant<DType>("float32") },
  fc.constantFrom<DType>("float64", "int32", "bool"),
);
const inputs = fc.record({ shape: shapes, dtype: dtypes, seed: fc.nat(1000) });

/** Unbiased, for small numbers are no likelier to find mistakes here. */
const choice = fc.noBias(fc.nat(9999));

const steps = (depth: number, maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      op: choice,
      picks: fc.tuple(choice, choice, choice, choice),
      inner: depth === 0 ? fc.constant([]) : steps(depth - 1, 3),
    }),
    { minLength: 1, maxLength, size: "max" },
  );

export const recipes = (maxLength = 14): fc.Arbitrary<Recipe> =>
  fc.record({
    inputs: fc.array(inputs, { minLength: 1, maxLength: 3 }),
    steps: steps(2, maxLength),
    outputs: fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
  });

/** The inputs of a recipe: multiples of 1/8 within ±3 (float), small integers, booleans. */
export function inputsOf(recipe: Recipe): Tensor[] {
  return recipe.inputs.map(({ shape, dtype, seed }) => {
    const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => (((i + seed) * 2654435761) >>> 7) % 49);
    const scaled = numbers.map((n) => (dtype === "bool" ? n % 2 : dtype === "int32" ? n - 24 : (n - 24) / 8));
    return tensor(scaled, { dtype }).reshape(shape);
  });
}

/** Applies a recipe. The first results are values the steps made; an input or a value can be a result more than once. */
export function carryOut(recipe: Recipe, given: readonly Tensor[]): Value[] {
  const pool = run(
    recipe.steps,
    given.map((value) => ({ value, exact: true })),
  );
  return recipe.outputs.map((back) => pool.at(-1 - (back % pool.length)) as Value);
}

function run(list: readonly Step[], start: readonly Value[]): Value[] {
  const pool = [...start];
  for (const step of list) {
    const operation = OPERATIONS[step.op % OPERATIONS.length] as Operation;
    const operands = step.picks.map((pick) => pool[pool.length - 1 - (pick % pool.length)] as Value);
    const made = operation(operands as [Value, Value, Value], step);
    if (made === undefined || made.value.size > LARGEST) continue;
    // A comparison that nothing uses is an error while tracing (it may be in a JavaScript `if`).
    const lone = made.value.dtype === "bool";
    pool.push(lone ? { ...made, value: made.value.cast("float32") } : made);
  }
  return pool;
}

/** undefined where it does not suit the operands. */
type Operation = (operands: readonly [Value, Value, Value], step: Step) => Value | undefined;

const exactly = (value: Tensor): Value => ({ value, exact: true });
const roughly = (value: Tensor): Value => ({ value, exact: false });
const like = (source: Value, value: Tensor): Value => ({ value, exact: source.exact });

const isFloat = (t: Tensor): boolean => t.dtype === "float32" || t.dtype === "float64";
const float = (t: Tensor): Tensor => (isFloat(t) ? t : t.cast("float32").mul(0.25).clip(-8, 8));
const bounded = (t: Tensor): Tensor => t.clip(-8, 8);
const axisOf = (t: Tensor, pick: number): number => pick % Math.max(1, t.rank);

/** A smooth function of one value, rounded differently by different targets. */
const smooth =
  (f: (x: Tensor) => Tensor): Operation =>
  ([a]) =>
    roughly(f(float(a.value)));
/** One whose result is exact if its operand is. */
const plain =
  (f: (x: Tensor) => Tensor): Operation =>
  ([a]) =>
    like(a, f(float(a.value)));
const jump =
  (f: (x: Tensor) => Tensor): Operation =>
  ([a]) =>
    a.exact ? exactly(f(float(a.value))) : undefined;
const move =
  (f: (x: Tensor, step: Step) => Tensor): Operation =>
  ([a], step) =>
    a.value.rank === 0 ? undefined : like(a, f(a.value, step));

/** Two operands of one dtype and broadcastable shapes. */
function together(a: Value, b: Value): [Tensor, Tensor] {
  const x = float(a.value);
  const y = float(b.value).cast(x.dtype);
  if (broadcastShapes(x.shape, y.shape) !== undefined) return [x, y];
  return [x, y.flatten().slice(0, 0, 1).reshape([])];
}
const both =
  (f: (x: Tensor, y: Tensor) => Tensor): Operation =>
  ([a, b]) => ({ value: bounded(f(...together(a, b))), exact: a.exact && b.exact });

const reduce =
  (f: (x: Tensor, axis: number, keepDims: boolean) => Tensor): Operation =>
  ([a], { picks }) => {
    const x = float(a.value);
    return x.rank === 0
      ? undefined
      : roughly(bounded(f(x, axisOf(x, picks[1] as number), (picks[2] as number) % 2 === 0)));
  };

/** The matrix of a value's last two axes, seen in one of several ways. */
function matrix(t: Tensor, pick: number): Tensor {
  const x = float(t);
  const square = x.rank === 0 ? x.reshape([1, 1]) : x.rank === 1 ? x.expandDims(pick % 2) : x;
  const views = [
    (m: Tensor) => m,
    (m: Tensor) => m.transpose([...m.shape.keys()].slice(0, -2).concat(m.rank - 1, m.rank - 2)),
    (m: Tensor) => m.slice(m.rank - 1, 0, undefined, 2),
    (m: Tensor) => m.slice(m.rank - 2, Math.floor((m.shape.at(-2) as number) / 2)),
    (m: Tensor) => m.flatten().reshape([-1, m.shape.at(-1) as number]),
  ];
  return (views[pick % views.length] as (m: Tensor) => Tensor)(square);
}

const product: Operation = ([a, b], { picks }) => {
  const left = matrix(a.value, picks[2] as number);
  let right = matrix(b.value, picks[3] as number).cast(left.dtype);
  const k = left.shape.at(-1) as number;
  // Inner extents that differ: repeat or cut the right factor's rows to fit.
  const rows = right.shape.at(-2) as number;
  if (rows > k) right = right.slice(right.rank - 2, 0, k);
  if (rows < k)
    right = right
      .slice(right.rank - 2, 0, 1)
      .broadcastTo([...right.shape.slice(0, -2), k, right.shape.at(-1) as number]);
  const lead = broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2));
  if (lead === undefined || sizeOf(lead) * k > 4000) return undefined;
  return roughly(bounded(left.matmul(right).div(k)));
};

/** x plus something that the inner steps make of it and of values from outside; of x's type. */
function body(step: Step, outside: Value): (x: Tensor) => Tensor {
  return (x) => {
    const pool = run(step.inner, [roughly(x), outside]);
    const last = float((pool.at(-1) as Value).value).cast(x.dtype);
    return bounded(x.mul(0.5).add(last.mean()));
  };
}

const OPERATIONS: readonly Operation[] = [
  smooth((x) => x.tanh()),
  smooth((x) => x.sigmoid()),
  smooth((x) => x.clip(-2, 2).exp()),
  smooth((x) => x.abs().add(0.5).log()),
  smooth((x) => x.softplus()),
  smooth((x) => x.sin()),
  smooth((x) => x.square().add(1).sqrt()),
  smooth((x) => x.abs().add(0.5).pow(1.5).clip(-8, 8)),
  ([a]) => (a.value.rank === 0 ? undefined : roughly(float(a.value).softmax())),
  plain((x) => x.neg()),
  plain((x) => x.abs()),
  plain((x) => x.relu()),
  plain((x) => x.mul(1).sub(0).div(4)),
  plain((x) => x.neg().neg().mul(-1)),
  jump((x) => x.floor()),
  jump((x) => x.sign()),
  jump((x) => x.cast("int32").mul(3).add(1)),
  jump((x) => x.greater(0.25)),
  jump((x) => (x.rank === 0 ? x : x.sort())),
  jump((x) => (x.rank === 0 ? x : x.argmax(-1))),
  jump((x) => x.cast("float64").mul(0.5)),
  both((x, y) => x.add(y)),
  both((x, y) => x.sub(y)),
  both((x, y) => x.mul(y)),
  both((x, y) => x.div(y.abs().add(0.5))),
  both((x, y) => x.maximum(y)),
  both((x, y) => x.minimum(y.neg())),
  ([a, b, c]) => {
    if (!c.exact) return undefined;
    const [x, y] = together(a, b);
    const value = x.add(y);
    if (broadcastShapes(c.value.shape, value.shape) === undefined) return undefined;
    const mask = float(c.value).lessEqual(0);
    return { value: where(mask, bounded(value), y.broadcastTo(value.shape)), exact: a.exact && b.exact };
  },
  move((x) => x.transpose()),
  move((x) => x.flatten()),
  move((x, { picks }) => x.expandDims((picks[1] as number) % (x.rank + 1))),
  move((x, { picks }) =>
    x.slice(axisOf(x, picks[1] as number), (picks[2] as number) % (x.shape[axisOf(x, picks[1] as number)] as number)),
  ),
  move((x, { picks }) => x.slice(axisOf(x, picks[1] as number), 0, undefined, 2)),
  move((x) => x.flip(0)),
  move((x) => concatenate([x, x.flip(0)], 0)),
  move((x) => x.broadcastTo([2, ...x.shape])),
  move((x) => x.gather(tensor([0, 99, 1], { dtype: "int32" }))),
  reduce((x, axis, keepDims) => x.mean(axis, { keepDims })),
  reduce((x, axis, keepDims) => x.max(axis, { keepDims })),
  reduce((x, axis, keepDims) => x.min(axis, { keepDims })),
  reduce((x, axis, keepDims) => x.clip(-1, 1).product(axis, { keepDims })),
  reduce((x, axis, keepDims) => x.logSumExp(axis, { keepDims })),
  reduce((x, axis) => x.cumsum(axis).div(x.shape[axis] as number)),
  product,
  product,
  product,
  ([a]) => (a.value.size > 200 ? undefined : exactly(random.uniform(random.key(7), a.value.shape))),
  ([a, b, c], step) => {
    if (!c.exact) return undefined;
    return roughly(
      cond(float(c.value).max().greater(0.5), body(step, b), (x: Tensor) => bounded(x.add(0.25)), float(a.value)),
    );
  },
  ([a, b], step) => {
    const xs = float(a.value);
    if (xs.rank === 0 || (xs.shape[0] as number) > 9) return undefined;
    const start = xs.slice(0, 0, 1).reshape(xs.shape.slice(1));
    const next = body(step, b);
    const [carry, ys] = scan((c: Tensor, x: Tensor) => [next(c.add(x)), c.mul(x).clip(-8, 8)], start, xs, {
      reverse: (step.op & 1) === 1,
    });
    return roughly(ys.add(carry));
  },
  ([a, b], step) => {
    const next = body(step, b);
    const { x } = whileLoop(
      (state) => state.i.less(3),
      (state) => ({ i: state.i.add(1), x: next(state.x) }),
      { i: tensor(0, { dtype: "int32" }), x: float(a.value) },
    );
    return roughly(x);
  },
];
