/** The memory plan and what fusion stores. */
import { describe, expect, it } from "vitest";
import type { PlannedBuffer } from "../../src/compile/lower.ts";
import { planMemory } from "../../src/compile/plan.ts";
import { compile, iota, type Tensor, tensor } from "../../src/index.ts";
import type { Step } from "../../src/loop/ir.ts";
import { aliveAt, expectPlanHolds } from "./plan-check.ts";

const floats = (id: number, size: number, role: PlannedBuffer["role"] = "temporary"): PlannedBuffer => ({
  id,
  name: `b${id}`,
  shape: [size],
  dtype: "float32",
  role,
});

/** A step that copies the first element of one buffer to another. */
const move = (from: number, to: number): Step => {
  const zero = { kind: "const", dtype: "int32", value: 0 } as const;
  const value = { kind: "load", dtype: "float32", buffer: from, index: zero } as const;
  return { kind: "kernel", kernel: { name: "move", body: [{ kind: "store", buffer: to, index: zero, value }] } };
};

describe("planMemory", () => {
  it("gives places that are free again to later temporaries", () => {
    // 0 → 1 → 2 → 3: buffer 3 can be where buffer 1 was. A buffer of 12 floats takes 48 + 16 bytes.
    const plan = planMemory(
      [floats(0, 12, "input"), floats(1, 12), floats(2, 12), floats(3, 12)],
      [move(0, 1), move(1, 2), move(2, 3)],
    );
    expect(plan.buffers.map(({ offset }) => offset)).toEqual([0, 64, 128, 64]);
    expect(plan.arenaBytes).toBe(192);
  });

  it("aligns to 64 bytes and leaves 16 for vector loads that run past the end", () => {
    const plan = planMemory(
      [floats(0, 12, "input"), floats(1, 13, "output"), floats(2, 0, "input"), floats(3, 1, "state")],
      [],
    );
    expect(plan.buffers.map(({ offset }) => offset)).toEqual([0, 64, 192, 256]);
    expect(plan.arenaBytes).toBe(320);
  });

  it("never gives away the place of inputs, outputs and state", () => {
    const buffers = [floats(0, 12, "input"), floats(1, 12, "state"), floats(2, 12), floats(3, 12, "output")];
    const { buffers: placed } = planMemory(buffers, [move(0, 1), move(1, 2), move(2, 3)]);
    expect(new Set(placed.map(({ offset }) => offset)).size).toBe(4);
  });

  it("keeps alive what a loop touches as long as it runs", () => {
    const loop: Step = { kind: "repeat", count: 2, counter: 4, body: [move(0, 1), move(1, 2)] };
    const counter: PlannedBuffer = { id: 4, name: "counter", shape: [], dtype: "int32", role: "temporary" };
    const buffers = [floats(0, 12, "input"), floats(1, 12), floats(2, 12), floats(3, 12), counter];
    const { buffers: placed } = planMemory(buffers, [loop, move(2, 3)]);
    const offsets = placed.map(({ offset }) => offset);
    expect(new Set([offsets[1], offsets[2], offsets[4]]).size).toBe(3);
    expect([offsets[1], offsets[4]]).toContain(offsets[3]);
  });
});

describe("a chain of matrix products", () => {
  const { program } = compile((x: Tensor) => {
    let y = x;
    for (let i = 0; i < 8; i++) y = y.matmul(x);
    return y;
  }).program(iota([16, 16]).cast("float32"));

  it("needs two places for its results and one for packing, however long it is", () => {
    expectPlanHolds(program);
    const temporaries = program.buffers.filter(({ role }) => role === "temporary");
    expect(temporaries.length).toBe(7 + 8);
    expect(new Set(temporaries.map(({ offset }) => offset)).size).toBe(3);
    const alive = aliveAt(program);
    expect(
      Math.max(...program.steps.map((_, time) => temporaries.filter(({ id }) => alive.get(id)?.has(time)).length)),
    ).toBe(3);
  });
});

describe("fusion", () => {
  const x = iota([64, 10]).cast("float32").div(100);
  const kernelsOf = <A extends unknown[]>(f: (...args: A) => unknown, ...args: A): string[] =>
    compile(f)
      .program(...args)
      .program.steps.map((step) => (step.kind === "kernel" ? step.kernel.name : step.kind));

  it("computes elementwise operations of one size in one kernel, with several results", () => {
    expect(kernelsOf((a: Tensor) => [a.exp(), a.neg().tanh().flatten(), a.sin().mul(a)], x)).toEqual([
      "exp, reshape, mul",
    ]);
  });

  it("computes what a reduction reads where it is read", () => {
    expect(kernelsOf((a: Tensor) => a.sub(1).square().sum(), x)).toEqual(["sum"]);
  });

  it("computes the exponentials of softmax once", () => {
    // The maximum of a row, that or 0 where it is infinite, the exponentials, their sum, the quotient.
    expect(kernelsOf((a: Tensor) => a.softmax(), x)).toEqual(["max", "select", "exp", "sum", "div"]);
  });

  it("reads transposes and slices of matrices in place", () => {
    expect(kernelsOf((a: Tensor) => a.transpose().matmul(a.slice(1, 2, 5)), x)).toEqual(["matmul"]);
  });

  it("computes dear values once, although two kernels read them", () => {
    const { program } = compile((a: Tensor) => [a.exp().sin().sum(0), a.exp().sin().sum(1)]).program(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(program.steps.length).toBe(3);
  });
});
