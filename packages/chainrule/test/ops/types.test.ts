/** The types that users see: every method takes and gives what it should. `tsc` checks them; running, that they exist. */
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Axis,
  arange,
  concatenate,
  cond,
  customVjp,
  type DType,
  type Operand,
  pad,
  type ReduceOptions,
  random,
  type Shape,
  scan,
  splitAxis,
  stack,
  Tensor,
  type TensorTree,
  tensor,
  where,
  whileLoop,
} from "../../src/index.ts";

type Unary =
  | "abs"
  | "sign"
  | "floor"
  | "neg"
  | "sqrt"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "softplus";
type Unary2 = "erf" | "not" | "stopGradient" | "square" | "reciprocal" | "relu" | "isNaN" | "isFinite" | "flatten";
type Binary = "add" | "sub" | "mul" | "div" | "pow" | "maximum" | "minimum" | "mulz" | "and" | "or";
type Comparison = "equal" | "notEqual" | "less" | "lessEqual" | "greater" | "greaterEqual";
type Reduction = "sum" | "product" | "max" | "min" | "mean" | "variance" | "logSumExp";

const unary: Record<Unary | Unary2, true> = {
  abs: true,
  sign: true,
  floor: true,
  neg: true,
  sqrt: true,
  exp: true,
  expm1: true,
  log: true,
  log1p: true,
  sin: true,
  cos: true,
  tanh: true,
  sigmoid: true,
  softplus: true,
  erf: true,
  not: true,
  stopGradient: true,
  square: true,
  reciprocal: true,
  relu: true,
  isNaN: true,
  isFinite: true,
  flatten: true,
};
const binary: Record<Binary | Comparison, true> = {
  add: true,
  sub: true,
  mul: true,
  div: true,
  pow: true,
  maximum: true,
  minimum: true,
  mulz: true,
  and: true,
  or: true,
  equal: true,
  notEqual: true,
  less: true,
  lessEqual: true,
  greater: true,
  greaterEqual: true,
};
const reductions: Record<Reduction, true> = {
  sum: true,
  product: true,
  max: true,
  min: true,
  mean: true,
  variance: true,
  logSumExp: true,
};
const others = [
  "all",
  "any",
  "argmax",
  "argmin",
  "argsort",
  "broadcastTo",
  "cast",
  "clip",
  "cumsum",
  "expandDims",
  "flip",
  "gather",
  "logSoftmax",
  "matmul",
  "moveAxis",
  "oneHot",
  "reshape",
  "scatterAdd",
  "shiftRight",
  "slice",
  "softmax",
  "sort",
  "takeAlongAxis",
  "transpose",
] as const;

describe("methods", () => {
  it("exist, and no others do", () => {
    const core = [
      "constructor",
      "data",
      "dataSync",
      "array",
      "arraySync",
      "item",
      "itemSync",
      "toString",
      "rank",
      "size",
      "payload",
    ];
    const listed = [...Object.keys(unary), ...Object.keys(binary), ...Object.keys(reductions), ...others, ...core];
    expect(Object.getOwnPropertyNames(Tensor.prototype).sort()).toEqual(listed.sort());
  });

  it("take and give what they should", () => {
    expectTypeOf<Tensor[Unary | Unary2]>().toEqualTypeOf<() => Tensor>();
    expectTypeOf<Tensor[Binary | Comparison]>().toEqualTypeOf<(other: Operand) => Tensor>();
    expectTypeOf<Tensor[Reduction]>().toEqualTypeOf<(axis?: Axis, options?: ReduceOptions) => Tensor>();
    expectTypeOf<Tensor["all" | "any"]>().toEqualTypeOf<(axis?: Axis) => Tensor>();
    expectTypeOf<Tensor["argmax" | "argmin" | "argsort" | "sort" | "softmax" | "logSoftmax"]>().toEqualTypeOf<
      (axis?: number) => Tensor
    >();
    expectTypeOf<Tensor["reshape" | "broadcastTo"]>().toEqualTypeOf<(shape: Shape) => Tensor>();
    expectTypeOf<Tensor["cast"]>().toEqualTypeOf<(dtype: DType) => Tensor>();
    expectTypeOf<Tensor["matmul"]>().toEqualTypeOf<(other: Tensor) => Tensor>();
    expectTypeOf<Tensor["slice"]>().toEqualTypeOf<
      (axis: number, start: number, stop?: number, step?: number) => Tensor
    >();
    expectTypeOf<Tensor["gather" | "takeAlongAxis"]>().toEqualTypeOf<(indices: Operand, axis?: number) => Tensor>();
    expectTypeOf<Tensor["scatterAdd"]>().toEqualTypeOf<(indices: Operand, updates: Tensor, axis?: number) => Tensor>();
    expectTypeOf<Tensor["cumsum"]>().toEqualTypeOf<
      (axis?: number, options?: { readonly reverse?: boolean }) => Tensor
    >();
    expectTypeOf<Tensor["item"]>().toEqualTypeOf<() => Promise<number>>();
    expectTypeOf<Operand>().toExtend<number | boolean | Tensor | unknown[]>();
  });

  it("refuse what is no operand", () => {
    const x = tensor([1]);
    // @ts-expect-error a string is no operand
    expect(() => x.add("2")).toThrow('tensor(): values is the string "2", not a number.');
    expectTypeOf<Pick<Tensor, "shape" | "dtype">>().toEqualTypeOf<{ readonly shape: Shape; readonly dtype: DType }>();
  });
});

describe("functions", () => {
  it("take and give what they should", () => {
    expectTypeOf(where).toEqualTypeOf<(condition: Tensor, a: Operand, b: Operand) => Tensor>();
    expectTypeOf(concatenate).toEqualTypeOf<(tensors: readonly Tensor[], axis?: number) => Tensor>();
    expectTypeOf(stack).toEqualTypeOf<(tensors: readonly Tensor[], axis?: number) => Tensor>();
    expectTypeOf(splitAxis).returns.toEqualTypeOf<Tensor[]>();
    expectTypeOf(pad).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(arange).parameters.toEqualTypeOf<[start: number, stop?: number, dtype?: DType]>();
    expectTypeOf(random.uniform).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(random.permutation).parameter(1).toEqualTypeOf<number | Tensor>();
  });

  it("keep the structure of trees", () => {
    interface State {
      readonly h: Tensor;
      readonly count: number;
    }
    expectTypeOf<TensorTree<State>>().toEqualTypeOf<{ h: Tensor; count: Tensor }>();
    expectTypeOf<TensorTree<[Tensor, { w: Tensor }[]]>>().toEqualTypeOf<[Tensor, { w: Tensor }[]]>();
    expectTypeOf<TensorTree<Float32Array>>().toEqualTypeOf<Tensor>();
    expectTypeOf<TensorTree<string | null>>().toEqualTypeOf<string | null>();

    const step = (s: { h: Tensor; count: Tensor }) => ({ h: s.h.mul(2), count: s.count.add(1) });
    const start: State = { h: tensor([1]), count: 0 };
    const looped = whileLoop((s: TensorTree<State>) => s.count.less(3), step, start);
    expectTypeOf(looped).toEqualTypeOf<{ h: Tensor; count: Tensor }>();
    expect([looped.h.arraySync(), looped.count.itemSync()]).toEqual([[8], 3]);

    const [last, all] = scan((c: Tensor, x: { v: Tensor }) => [c.add(x.v), { twice: x.v.mul(2) }] as const, tensor(0), {
      v: tensor([1, 2]),
    });
    expectTypeOf(last).toEqualTypeOf<Tensor>();
    expectTypeOf(all).toEqualTypeOf<{ twice: Tensor }>();
    expect([last.itemSync(), all.twice.arraySync()]).toEqual([3, [2, 4]]);

    const chosen = cond(
      tensor(true),
      (a: Tensor) => ({ a }),
      (a: Tensor) => ({ a: a.neg() }),
      tensor(5),
    );
    expectTypeOf(chosen).toEqualTypeOf<{ a: Tensor }>();
    expect(chosen.a.itemSync()).toBe(5);

    const round = customVjp(
      (x: Tensor) => ({ y: x.floor() }),
      (_args, _result, cotangent) => [cotangent.y],
    );
    expectTypeOf(round).toEqualTypeOf<(x: Tensor) => { y: Tensor }>();
    expect(round(tensor(1.5)).y.itemSync()).toBe(1);
  });
});
