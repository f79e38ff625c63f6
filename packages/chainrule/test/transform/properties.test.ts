/** What holds of the derivatives of every function, on random programs in float64. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { verifyGraph } from "../../src/graph/index.ts";
import {
  compile,
  grad,
  hvp,
  jacobian,
  jvp,
  setTarget,
  stack,
  type Tensor,
  tensor,
  vjp,
  vmap,
} from "../../src/index.ts";
import { expectClose, inner } from "./close.ts";
import { batches, functions, inputs, type RandomFunction, vector } from "./expressions.ts";

type Inputs = [Tensor, Tensor, Tensor];

// Eager operations on the interpreter, whose kernels need no compilation.
setTarget("js");
const RUNS = { numRuns: 60 };

const scalarOf =
  (f: RandomFunction) =>
  ([x, y, z]: Inputs): Tensor =>
    f(x, y, z).sum();
const move = (at: Inputs, by: Inputs, step: number): Inputs =>
  at.map((x, i) => x.add((by[i] as Tensor).mul(step))) as Inputs;

it("forward and reverse mode agree: ⟨u, J v⟩ = ⟨Jᵀ u, v⟩", () => {
  fc.assert(
    fc.property(functions(true), inputs, inputs, vector, (f, at, v, u) => {
      const [y, tangent] = jvp(f, at, v);
      const [value, pull] = vjp(f, ...at);
      expectClose(value, y, 0);
      const [left, right] = [inner(u, tangent), inner(pull(u), v)];
      expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(left)));
    }),
    RUNS,
  );
});

it("the derivative is the limit of central differences", () => {
  fc.assert(
    fc.property(functions(false), inputs, inputs, (f, at, v) => {
      const along = (step: number): number => scalarOf(f)(move(at, v, step)).itemSync();
      const step = 1e-3;
      // Fourth order: error ~ h⁴·f⁽⁵⁾/30 (Abramowitz & Stegun, 25.3.6).
      const difference = (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (12 * step);
      const derivative = inner(grad(scalarOf(f))(at), v);
      expect(Math.abs(derivative - difference)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(difference)));
    }),
    RUNS,
  );
});

it("the second derivative is the limit of differences of the first", () => {
  fc.assert(
    fc.property(functions(false), inputs, inputs, (f, at, v) => {
      const gradient = grad(scalarOf(f));
      const along = (step: number): number[] => gradient(move(at, v, step)).flatMap((g) => [...g.dataSync()]);
      const step = 1e-3;
      const [p2, p1, m1, m2] = [along(2 * step), along(step), along(-step), along(-2 * step)] as [
        number[],
        number[],
        number[],
        number[],
      ];
      const product = hvp(scalarOf(f))(at, v).flatMap((g) => [...g.dataSync()]);
      product.forEach((found, i) => {
        const [a, b, c, d] = [p2[i], p1[i], m1[i], m2[i]] as [number, number, number, number];
        const difference = (8 * (b - c) - (a - d)) / (12 * step);
        expect(Math.abs(found - difference)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(difference)));
      });
    }),
    RUNS,
  );
});

it("the pullback is linear", () => {
  fc.assert(
    fc.property(functions(true), inputs, vector, vector, (f, at, u, w) => {
      const [, pull] = vjp(f, ...at);
      const [a, b] = [pull(u), pull(w)];
      const combined = pull(u.mul(2).sub(w.mul(0.5)));
      expectClose(
        combined,
        a.map((t, i) => t.mul(2).sub((b[i] as Tensor).mul(0.5))),
        1e-11,
      );
    }),
    RUNS,
  );
});

it("vmap is a loop, of the function and of its gradient", () => {
  fc.assert(
    fc.property(functions(true), batches(3), (f, batch) => {
      const examples = [0, 1, 2].map((i) => batch.map((x) => x.gather(tensor(i, { dtype: "int32" }))) as Inputs);
      expectClose(vmap(f)(...batch), stack(examples.map((at) => f(...at))), 1e-12);
      const gradient = grad(scalarOf(f));
      const each = examples.map((at) => gradient(at));
      const expected = [0, 1, 2].map((j) => stack(each.map((g) => g[j] as Tensor)));
      expectClose(vmap(gradient)(batch), expected, 1e-11);
    }),
    RUNS,
  );
});

it("forward and reverse Jacobians agree", () => {
  fc.assert(
    fc.property(functions(true), inputs, (f, at) => {
      const g = ([x, y, z]: Inputs): Tensor => f(x, y, z);
      expectClose(jacobian(g, { mode: "forward" })(at), jacobian(g, { mode: "reverse" })(at), 1e-11);
    }),
    { numRuns: 30 },
  );
});

it("compiling changes nothing, and every graph is well formed", () => {
  fc.assert(
    fc.property(functions(true), inputs, inputs, (f, at, v) => {
      const both = (x: Inputs, t: Inputs): Tensor[][] => [grad(scalarOf(f))(x), hvp(scalarOf(f))(x, t)];
      const compiled = compile(both);
      const { traced, graph } = compiled.program(at, v);
      verifyGraph(traced);
      verifyGraph(graph);
      expectClose(compiled(at, v), both(at, v), 1e-11);
    }),
    RUNS,
  );
});
