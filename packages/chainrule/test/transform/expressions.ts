/** Random functions of tensors, for properties that hold of every function. */
import * as fc from "fast-check";
import { concatenate, pad, stack, type Tensor, tensor, where } from "../../src/index.ts";

/** One operation: which, on which earlier values, with which setting. Every triple of naturals means something. */
export interface Instruction {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly k: number;
}

type Rule = (x: Tensor, y: Tensor, k: number) => Tensor;

/** Smooth, and bounded for bounded arguments, so that derivatives of long programs stay of ordinary size. */
const SMOOTH_UNARY: readonly Rule[] = [
  (x) => x.sin(),
  (x) => x.cos(),
  (x) => x.tanh(),
  (x) => x.sigmoid(),
  (x) => x.erf(),
  (x) => x.tanh().exp(),
  (x) => x.tanh().expm1(),
  (x) => x.square().add(1).log(),
  (x) => x.square().log1p(),
  (x) => x.square().add(1).sqrt().sin(),
  (x) => x.softplus().sin(),
  (x) => x.square().add(1).reciprocal(),
  (x) => x.mul(-0.7).add(0.3),
];

/** Of which the derivative is not everywhere the limit of differences. */
const KINKED_UNARY: readonly Rule[] = [
  (x) => x.stopGradient().mul(x),
  (x) => x.abs(),
  (x) => x.relu(),
  (x) => x.clip(-0.53, 0.61),
  (x) => (x.rank === 0 ? x : x.sort()),
  (x) => where(x.greater(0.1), x.sin(), x.neg()),
];

/** On operands of any two shapes that broadcast. */
const SMOOTH_BINARY: readonly Rule[] = [
  (x, y) => x.add(y).mul(0.6),
  (x, y) => x.sub(y).sin(),
  (x, y) => x.mul(y).tanh(),
  (x, y) => x.div(y.square().add(1)),
  (x, y) => x.square().add(0.5).log().tanh().exp().pow(y.tanh()),
];

const KINKED_BINARY: readonly Rule[] = [
  (x, y) => x.maximum(y),
  (x, y) => x.minimum(y),
  (x, y) => where(x.less(y), x, y),
];

/** On operands of rank ≥ 1, along axis k; y has the same shape as x. */
const SMOOTH_AXIS: readonly Rule[] = [
  (x, _, k) => x.sum(k).tanh(),
  (x, _, k) => x.mean(k, { keepDims: true }),
  (x, _, k) => x.variance(k).tanh(),
  (x, _, k) => x.tanh().product(k),
  (x, _, k) => x.logSumExp(k).tanh(),
  (x, _, k) => x.softmax(k),
  (x, _, k) => x.logSoftmax(k).sin(),
  (x, _, k) => x.cumsum(k, { reverse: k === 0 }).sin(),
  (x, _, k) => x.flip(k),
  (x, _, k) => x.slice(k, 0, undefined, 2),
  (x, _, k) => x.gather(tensor([0, -1, 1, 0], { dtype: "int32" }), k).slice(k, 0, x.shape[k]),
  (x, y, k) => concatenate([x, y], k).slice(k, 1, 1 + (x.shape[k] as number)),
  (x, y) => stack([x, y]).sum(0).sin(),
  (x, _, k) =>
    pad(
      x,
      x.shape.map((_n, i) => (i === k ? 1 : 0)),
      x.shape.map(() => 0),
    ).slice(k, 0, x.shape[k]),
  (x) => x.transpose(),
  (x) => x.flatten().reshape([...x.shape].reverse()),
  (x, y) => x.matmul(y.transpose()).sin(),
  (x, y, k) => x.scatterAdd(tensor([0, 0], { dtype: "int32" }), stack([y.sum(0), y.mean(0)])).mul(0.3 + k),
];

const KINKED_AXIS: readonly Rule[] = [
  (x, _, k) => x.max(k),
  (x, _, k) => x.min(k, { keepDims: true }),
  (x, _, k) => x.sort(k),
  (x, _, k) => x.takeAlongAxis(x.argsort(k), k),
];

const fits = (x: Tensor, y: Tensor): boolean =>
  x.shape.every((n, i) => {
    const m = y.shape[i - x.rank + y.rank] ?? 1;
    return m === n || m === 1 || n === 1;
  });

/** Runs a program on its inputs; gives all values. */
function run(program: readonly Instruction[], inputs: readonly Tensor[], kinks: boolean): Tensor[] {
  const unary = kinks ? [...SMOOTH_UNARY, ...KINKED_UNARY] : SMOOTH_UNARY;
  const binary = kinks ? [...SMOOTH_BINARY, ...KINKED_BINARY] : SMOOTH_BINARY;
  const axis = kinks ? [...SMOOTH_AXIS, ...KINKED_AXIS] : SMOOTH_AXIS;
  const values = [...inputs];
  for (const { op, a, b, k } of program) {
    const x = pick(values, a);
    const which = op % (unary.length + binary.length + axis.length);
    if (which < unary.length) values.push((unary[which] as Rule)(x, x, 0));
    else if (which < unary.length + binary.length) {
      values.push(
        pick(binary, which - unary.length)(
          x,
          pick(
            values.filter((y) => fits(x, y)),
            b,
          ),
          0,
        ),
      );
    } else if (x.rank > 0 && x.size > 1) {
      const same = values.filter((y) => y.rank === x.rank && y.shape.every((n, i) => n === x.shape[i]));
      values.push(pick(axis, which - unary.length - binary.length)(x, pick(same, b), k % x.rank));
    }
  }
  return values;
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** A function of three float64 tensors of shapes [3, 2], [2] and [], which gives a vector. */
export type RandomFunction = (x: Tensor, y: Tensor, z: Tensor) => Tensor;

const SHAPES = [[3, 2], [2], []] as const;

const natural = fc.nat({ max: 2 ** 20 });

/** Random functions; `kinks` allows operations that are not differentiable everywhere, such as max and sort. */
export const functions = (kinks: boolean): fc.Arbitrary<RandomFunction> =>
  fc
    .array(fc.record({ op: natural, a: natural, b: natural, k: natural }), { minLength: 1, maxLength: 12 })
    .map((program) => {
      const f: RandomFunction = (...inputs) => {
        const values = run(program, inputs, kinks);
        // Each value counts, with a weight of its own, so that no part of the program is idle.
        return stack(
          [0, 1, 2].map((c) => values.map((v, i) => v.mean().mul(Math.cos(3 * i + c))).reduce((s, v) => s.add(v))),
        );
      };
      return Object.assign(f, { toString: () => JSON.stringify(program) });
    });

const numbers = (shape: readonly number[]): fc.Arbitrary<Tensor> => {
  const size = shape.reduce((n, extent) => n * extent, 1);
  // From integers: evenly spread, and never by chance within rounding of a kink.
  return fc.array(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), { minLength: size, maxLength: size }).map((list) =>
    tensor(
      Float64Array.from(list, (n) => (1.5 * n) / 2 ** 30),
      { shape },
    ),
  );
};

export const inputs: fc.Arbitrary<[Tensor, Tensor, Tensor]> = fc.tuple(
  numbers(SHAPES[0]),
  numbers(SHAPES[1]),
  numbers(SHAPES[2]),
);

export const batches = (size: number): fc.Arbitrary<[Tensor, Tensor, Tensor]> =>
  fc.tuple(numbers([size, ...SHAPES[0]]), numbers([size, ...SHAPES[1]]), numbers([size, ...SHAPES[2]]));

export const vector: fc.Arbitrary<Tensor> = numbers([3]);
