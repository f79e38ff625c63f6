/** Whole training steps: the same as their single operations, the same every time, in no more kernels than needed. */
import { describe, expect, it } from "vitest";
import { Box, compile, type Tensor, tensor } from "../../src/index.ts";
import { kernelCost } from "../../src/loop/cost.ts";
import { adam } from "../../src/optim/index.ts";
import { batch, network } from "../support/network.ts";
import { expectPlanHolds } from "./plan-check.ts";

const [x, labels] = batch(24, 7, 3);

/** The loss of each step, and the bits of all boxes at the end. */
function train(target: "js" | "wasm" | undefined, steps: number): { losses: number[]; state: number[][] } {
  const { boxes, step } = network(7, 17, 3);
  const run = target === undefined ? step : compile(step, { target });
  const losses = Array.from({ length: steps }, () => run(x, labels).itemSync());
  return { losses, state: boxes.map((b) => [...b.value.dataSync()]) };
}

/** The largest difference relative to max(1, |expected|). */
const farthest = (found: readonly number[], expected: readonly number[]): number =>
  Math.max(
    ...found.map((a, i) => Math.abs(a - (expected[i] as number)) / Math.max(1, Math.abs(expected[i] as number))),
  );

describe("a compiled training step", () => {
  const eager = train(undefined, 30);

  it("learns", () => {
    expect(eager.losses.at(-1)).toBeLessThan(0.5 * (eager.losses[0] as number));
  });

  it.each(["js", "wasm"] as const)("on %s follows the steps of single operations, 30 long, to 10⁻⁴", (target) => {
    const { losses, state } = train(target, 30);
    // Rounding differs by about 10⁻⁷ in a step; Adam's quotients of small moments magnify that.
    expect(farthest(losses, eager.losses)).toBeLessThan(1e-4);
    state.forEach((numbers, i) => {
      expect(farthest(numbers, eager.state[i] as number[])).toBeLessThan(1e-4);
    });
  });

  it.each(["js", "wasm"] as const)("on %s is the same to the bit each time", (target) => {
    expect(train(target, 20)).toEqual(train(target, 20));
  });

  it("does not grow in kernels", () => {
    const { boxes, step } = network(7, 17, 3);
    const { program } = compile(step).program(x, labels);
    const names = program.steps.map((s) => (s.kind === "kernel" ? s.kernel.name : s.kind));
    expectPlanHolds(program);
    // 5 products: 2 forward, 2 for the gradients of the weights, 1 for that of the hidden layer.
    expect(names.filter((name) => name.includes("matmul")).length).toBe(5);
    expect(names).toMatchInlineSnapshot(`
      [
        "neg, neg, add",
        "matmul",
        "select",
        "matmul",
        "max",
        "select",
        "exp",
        "sum",
        "log",
        "sum",
        "sum",
        "neg",
        "mul",
        "sum",
        "mulz",
        "add",
        "sum",
        "matmul",
        "matmul",
        "select",
        "sum",
        "matmul",
        "add, add, sub",
        "add, add, sub",
        "add, add, sub",
        "add, add, sub",
      ]
    `);
    // Every box is updated in place: no kernel copies, and no state has a second buffer.
    expect(names.filter((name) => name.startsWith("copy"))).toEqual([]);
    expect(program.buffers.filter(({ role }) => role === "state").length).toBe(boxes.length);
  });
});

it("an update by Adam is one kernel, which loads and stores each of w, m and v once and loads g once", () => {
  const size = 1000;
  const optimizer = adam(0.001);
  const w = new Box(tensor(new Float32Array(size).fill(1)));
  const [m, v] = [new Box(w.value.mul(0)), new Box(w.value.mul(0))];
  const { program } = compile((gradient: Tensor, t: Tensor) => {
    const updated = optimizer.update({
      gradient,
      state: { mean: m.value, square: v.value },
      parameter: w.value,
      step: t,
    });
    w.value = updated.parameter;
    m.value = updated.state.mean as Tensor;
    v.value = updated.state.square as Tensor;
  }).program(tensor(new Float32Array(size)), tensor(0));
  const large = program.steps.flatMap((s) =>
    s.kind === "kernel" && kernelCost(s.kernel).bytes > size ? [s.kernel] : [],
  );
  expect(large.length).toBe(1);
  // The corrections 1 − βᵗ are scalars that a small kernel of their own computes.
  expect(program.steps.length).toBe(2);
  expect(program.buffers.filter(({ length }) => length === size).length).toBe(4);
  const corrections = 2;
  expect(kernelCost(large[0] as (typeof large)[number]).bytes).toBe(4 * (7 * size + corrections));
});
