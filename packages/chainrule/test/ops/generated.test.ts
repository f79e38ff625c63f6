/** The tests that every primitive gets from its record and its samples. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setTarget } from "../../src/compile/index.ts";
import { bindAll } from "../../src/graph/trace.ts";
import { allPrimitives } from "../../src/ops/index.ts";
import { js } from "../../src/target/js/index.ts";
import { allocate, isFloat } from "../../src/tensor/dtype.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { fromData, type Tensor } from "../../src/tensor/tensor.ts";
import { jvp, vjp, vmap } from "../../src/transform/index.ts";
import { expectClose } from "./compare.ts";
import {
  type Case,
  cases,
  centralDifference,
  direction,
  dot,
  FORWARD_ONLY,
  floatFunction,
  numbersOf,
  runOn,
  variants,
  widen,
} from "./harness.ts";

beforeAll(() => setTarget("js"));
afterAll(() => setTarget(undefined));

/** Central differences with h = 1e−5 in double precision are good to about 1e−9. */
const DIFFERENCE = 1e-6;
/** Two ways to the same double. */
const EXACT = 1e-12;

const widened = cases.map(widen);
const smooth = widened.filter(({ op, differentiable, inputs }) => {
  return differentiable && op.nondifferentiable !== true && inputs.some((t) => isFloat(t.dtype));
});
const reversible = smooth.filter(({ op }) => !FORWARD_ONLY.includes(op.name));

const directions = (tensors: readonly Tensor[], seed: number): Tensor[] =>
  tensors.map((t, i) => direction(t, seed + i));
const each = (list: readonly Case[]): [string, Case][] => list.map((one) => [one.name, one]);

describe("records", () => {
  it.each(allPrimitives().map((op) => [op.name, op] as const))("%s", (_, op) => {
    expect(op.samples().length).toBeGreaterThan(0);
    expect(op.doc).toMatch(/^\S[^\n]*\.$/);
    expect(op.onnx === null || /^[A-Z]\w+$/.test(op.onnx)).toBe(true);
    const rules = [op.jvp, op.vjp, op.transpose, op.linear].filter((rule) => rule !== undefined);
    expect(rules.length > 0).toBe(op.nondifferentiable !== true);
    // Forward mode needs a rule as well: reverse mode alone would leave jvp and Hessians without.
    if (op.nondifferentiable !== true) expect(op.jvp !== undefined || op.linear !== undefined).toBe(true);
  });
});

describe("the type rule is what comes out", () => {
  it.each(each([...cases, ...widened]))("%s", (_, one) => {
    const avals = [one.op.infer(one.inputs, one.attrs)].flat();
    // Whatever was in the memory before, every element is written.
    const [first, second] = [0, 77].map((before) => runOn(js, one, before)) as [
      ReturnType<typeof runOn>,
      ReturnType<typeof runOn>,
    ];
    expect(first).toEqual(second);
    expect(first.map((array) => [array.constructor, array.length])).toEqual(
      avals.map(({ shape, dtype }) => [allocate(dtype, 0).constructor, sizeOf(shape)]),
    );
    const eager = bindAll(one.op, one.attrs, one.inputs);
    expect(eager.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(avals);
    expect(eager.map((t) => t.dataSync())).toEqual(first);
  });
});

describe("forward mode agrees with central differences", () => {
  it.each(each(smooth))("%s", (_, one) => {
    const { f, floats } = floatFunction(one);
    const along = directions(floats, 1);
    const [values, tangents] = jvp(f, floats, along);
    expectClose(numbersOf(values), numbersOf(f(...floats)), EXACT);
    expectClose(numbersOf(tangents), centralDifference(f, floats, along), DIFFERENCE);
    // Each input alone: the others' tangents are zero.
    floats.forEach((x, i) => {
      const g = (v: Tensor): Tensor[] => f(...floats.map((t, j) => (i === j ? v : t)));
      const v = direction(x, 5);
      expectClose(numbersOf(jvp(g, [x], [v])[1]), centralDifference(g, [x], [v]), DIFFERENCE);
    });
  });
});

describe("reverse mode is the transpose of forward mode", () => {
  it.each(each(reversible))("%s", (_, one) => {
    const { f, floats } = floatFunction(one);
    const [v, u] = [directions(floats, 1), directions(f(...floats), 9)];
    const forward = dot(u, jvp(f, floats, v)[1]);
    const back = vjp(f, ...floats)[1](u);
    expect(back.map((t) => t.shape)).toEqual(floats.map((t) => t.shape));
    expectClose([dot(back, v)], [forward], EXACT);
    floats.forEach((x, i) => {
      const g = (value: Tensor): Tensor[] => f(...floats.map((t, j) => (i === j ? value : t)));
      expectClose(numbersOf(vjp(g, x)[1](u)), numbersOf([back[i] as Tensor]), EXACT);
    });
  });
});

describe("second derivatives agree with differences of the gradient", () => {
  it.each(each(reversible))("%s", (_, one) => {
    const { f, floats } = floatFunction(one);
    const [v, u, w] = [directions(floats, 1), directions(f(...floats), 9), directions(floats, 17)];
    const gradient = (...x: Tensor[]): Tensor[] => vjp(f, ...x)[1](u);
    const change = centralDifference(gradient, floats, v);
    expectClose(numbersOf(jvp(gradient, floats, v)[1]), change, DIFFERENCE);
    const weights = numbersOf(w);
    const expected = change.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
    expectClose([dot(vjp(gradient, ...floats)[1](w), v)], [expected], DIFFERENCE);
  });
});

describe("operations without derivative are constant around their samples", () => {
  const flat = widened.filter(({ op, inputs, attrs }) => {
    const results = [op.infer(inputs, attrs)].flat();
    return (
      op.nondifferentiable === true && inputs.some((t) => isFloat(t.dtype)) && results.some((y) => isFloat(y.dtype))
    );
  });
  it.each(each(flat))("%s", (_, one) => {
    const { f, floats } = floatFunction(one);
    const v = directions(floats, 1);
    const zeros = numbersOf(f(...floats)).map(() => 0);
    expect(numbersOf(jvp(f, floats, v)[1])).toEqual(zeros);
    expect(numbersOf(vjp(f, ...floats)[1](f(...floats)))).toEqual(numbersOf(floats).map(() => 0));
    // stopGradient alone does change: that it does not show is its purpose.
    if (one.op.name !== "stopGradient") expect(centralDifference(f, floats, v)).toEqual(zeros);
  });
});

describe("vmap agrees with a loop", () => {
  const batches = cases
    .filter(({ inputs }) => inputs.length > 0)
    .flatMap((one) => {
      const subsets = Array.from({ length: 2 ** one.inputs.length - 1 }, (_, bits) =>
        one.inputs.map((_t, i) => ((bits + 1) >> i) % 2 === 1),
      );
      return subsets.map((batched): [string, string, Case, boolean[]] => [one.name, batched.join(), one, batched]);
    });
  it.each(batches)("%s, batched: %s", (_, __, { op, attrs, inputs }, batched) => {
    const all = inputs.map(variants);
    const f = (...args: Tensor[]): Tensor[] => bindAll(op, attrs, args);
    const stacked = inputs.map((t, i) => (batched[i] === true ? stackOf(all[i] as Tensor[]) : t));
    const results = vmap(f, { axes: batched.map((b) => (b ? 0 : null)) })(...stacked);
    const looped = [0, 1, 2].map((b) =>
      f(...inputs.map((t, i) => (batched[i] === true ? ((all[i] as Tensor[])[b] as Tensor) : t))),
    );
    results.forEach((y, i) => {
      const rows = looped.map((row) => row[i] as Tensor);
      expect(y.shape).toEqual([3, ...(rows[0] as Tensor).shape]);
      expectClose(y.dataSync(), numbersOf(rows), 1e-6);
    });
  });

  it.each(each(reversible.filter(({ inputs }) => inputs.length > 0)))("gradients: %s", (_, one) => {
    const { f, floats } = floatFunction(one);
    const u = directions(f(...floats), 9);
    const gradient = (...x: Tensor[]): Tensor[] => vjp(f, ...x)[1](u);
    const all = floats.map(variants);
    const results = vmap(gradient)(...all.map(stackOf));
    const looped = [0, 1, 2].map((b) => gradient(...all.map((list) => list[b] as Tensor)));
    results.forEach((y, i) => {
      expectClose(y.dataSync(), numbersOf(looped.map((row) => row[i] as Tensor)), EXACT);
    });
  });
});

function stackOf(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors as [Tensor];
  const numbers = allocate(first.dtype, first.size * tensors.length);
  tensors.forEach((t, i) => {
    numbers.set(t.dataSync(), i * t.size);
  });
  return fromData(numbers, [tensors.length, ...first.shape], first.dtype);
}
