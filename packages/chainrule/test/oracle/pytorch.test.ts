/** Derivatives against PyTorch in float64: see README.md. Operation by operation, and compiled for each target. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import { hvp, jvp, valueAndGrad } from "../../src/transform/index.ts";
import { graph, graphCases } from "./graphs.ts";
import { network, networkCases } from "./networks.ts";
import { distance, type Projection, relative, values } from "./values.ts";

const TOLERANCE = 1e-9;

type Runner = <A extends unknown[], R>(f: (...args: A) => R) => (...args: A) => unknown;

const RUNNERS: readonly (readonly [string, Runner])[] = [
  ["operation by operation", (f) => f],
  ["compiled for js", (f) => compile(f, { target: "js" })],
  ["compiled for wasm", (f) => compile(f, { target: "wasm" })],
];

/** The largest of the distances of some tensors from what is known of them. */
const worst = (found: readonly Tensor[], expected: readonly Projection[], seed: number): number => {
  expect(found).toHaveLength(expected.length);
  return Math.max(...found.map((t, i) => distance(t, expected[i] as Projection, seed + 10 * i)));
};

const directions = (inputs: readonly Tensor[]): Tensor[] => inputs.map((x, i) => values(x.shape, 2000 + i));

describe.each(RUNNERS)("%s", (_, run) => {
  it("200 networks have PyTorch's loss and gradient", () => {
    const errors = networkCases.map((known) => {
      const { loss, parameters } = network(known);
      const { value, gradient } = run(valueAndGrad(loss))(parameters) as { value: Tensor; gradient: Tensor[] };
      return Math.max(relative(value.itemSync(), known.loss), worst(gradient, known.gradient, 1000));
    });
    expect(errors).toHaveLength(200);
    expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
  });

  it("100 random graphs have PyTorch's value and gradient", () => {
    const errors = graphCases.map((known) => {
      const { loss, inputs } = graph(known);
      const { value, gradient } = run(valueAndGrad(loss))(inputs) as { value: Tensor; gradient: Tensor[] };
      return Math.max(relative(value.itemSync(), known.loss), worst(gradient, known.gradient, 1000));
    });
    expect(errors).toHaveLength(100);
    expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
  });

  it("Hessian-vector products of 40 networks and 40 graphs are torch.autograd.functional.hvp's", () => {
    const errors = [...networkCases, ...graphCases].flatMap((known) => {
      if (known.hvp === undefined) return [];
      const made = "sizes" in known ? network(known) : graph(known);
      const inputs = "parameters" in made ? made.parameters : made.inputs;
      const products = run(hvp(made.loss))(inputs, directions(inputs)) as Tensor[];
      return [worst(products, known.hvp, 3000)];
    });
    expect(errors).toHaveLength(80);
    expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
  });

  it("directional derivatives of 40 graphs with several results are torch.autograd.functional.jvp's", () => {
    const errors = graphCases.flatMap((known) => {
      if (known.jvp === undefined) return [];
      const { evaluate, inputs } = graph(known);
      const push = (x: Tensor[], v: Tensor[]): Tensor[] => jvp(evaluate, [x], [v])[1] as Tensor[];
      return [worst(run(push)(inputs, directions(inputs)) as Tensor[], known.jvp, 4000)];
    });
    expect(errors).toHaveLength(40);
    expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
  });
});

it("the comparison fails for a gradient that is slightly wrong", () => {
  const known = networkCases[0] as (typeof networkCases)[number];
  const { loss, parameters } = network(known);
  const { gradient } = valueAndGrad(loss)(parameters);
  const wrong = gradient.map((g) => g.mul(1 + 1e-8));
  expect(worst(wrong, known.gradient, 1000)).toBeGreaterThan(TOLERANCE);
});
