/** Boxes that live in compiled programs: read, written, shared, set from outside, updated in place. */
import { describe, expect, it } from "vitest";
import { Box, compile, cond, grad, scan, type Tensor, tensor, whileLoop } from "../../src/index.ts";
import { kernelsOf } from "../../src/loop/dag.ts";
import type { Program } from "../../src/loop/ir.ts";
import { bytesOf } from "../../src/tensor/dtype.ts";
import { expectPlanHolds } from "./plan-check.ts";

const box = (...numbers: number[]): Box => new Box(tensor(numbers));
const read = (b: Box): unknown => b.value.arraySync();

describe.each(["js", "wasm"] as const)("boxes on %s", (target) => {
  it("keep what a step writes for the next one", () => {
    const count = box(0);
    const step = compile(
      () => {
        count.value = count.value.add(1);
        return count.value.mul(10);
      },
      { target },
    );
    expect([step(), step(), step()].map((t) => t.arraySync())).toEqual([[10], [20], [30]]);
    expect(read(count)).toEqual([3]);
  });

  it("can be read and set between steps", () => {
    const b = box(1, 2, 3, 4, 5);
    const step = compile(
      (x: Tensor) => {
        b.value = b.value.add(x);
        return b.value.sum();
      },
      { target },
    );
    expect(step(tensor(1)).itemSync()).toBe(20);
    const between = b.value;
    expect(between.arraySync()).toEqual([2, 3, 4, 5, 6]);
    b.value = tensor([0, 0, 0, 0, 1]);
    expect(step(tensor(2)).itemSync()).toBe(11);
    expect(between.arraySync()).toEqual([2, 3, 4, 5, 6]);
    expect(read(b)).toEqual([2, 2, 2, 2, 3]);
  });

  it("exchange their values", () => {
    const [a, b] = [box(1, 2, 3), box(4, 5, 6)];
    const swap = compile(
      () => {
        [a.value, b.value] = [b.value, a.value];
      },
      { target },
    );
    swap();
    expect([read(a), read(b)]).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    swap();
    swap();
    expect([read(a), read(b)]).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
  });

  it("are written from each other's old values", () => {
    // Fibonacci numbers from (1, 1), and on the way back a kernel that writes over both of its inputs.
    const [a, b] = [box(1, 10, 20, 30, 40), box(1, 1, 1, 1, 1)];
    const step = compile(
      () => {
        const [x, y] = [a.value, b.value];
        a.value = y.add(1);
        b.value = x.mul(2);
      },
      { target },
    );
    step();
    expect([read(a), read(b)]).toEqual([
      [2, 2, 2, 2, 2],
      [2, 20, 40, 60, 80],
    ]);
    const [p, q] = [new Box(tensor([1], { dtype: "int32" })), new Box(tensor([1], { dtype: "int32" }))];
    const fibonacci = compile(
      () => {
        [p.value, q.value] = [q.value, p.value.add(q.value)];
      },
      { target },
    );
    for (let i = 0; i < 9; i++) fibonacci();
    // OEIS A000045: F(10) = 55, F(11) = 89.
    expect([read(p), read(q)]).toEqual([[55], [89]]);
  });

  it("give their old value as a result while a new one is written", () => {
    const b = box(1, 2);
    const step = compile(
      () => {
        const old = b.value;
        b.value = old.mul(2);
        return [old, old.reshape([2, 1]), b.value];
      },
      { target },
    );
    expect(step().map((t) => t.arraySync())).toEqual([
      [1, 2],
      [[1], [2]],
      [2, 4],
    ]);
    expect(step().map((t) => t.arraySync())).toEqual([
      [2, 4],
      [[2], [4]],
      [4, 8],
    ]);
  });

  it("are read by products, reductions and views before and after an update", () => {
    const w = new Box(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    const x = tensor([[1, 1]]);
    const step = compile(
      () => {
        const old = w.value;
        const before = x.matmul(old.transpose());
        w.value = old.mul(10);
        return [
          before,
          x.matmul(w.value),
          old.transpose(),
          old.sum(0),
          w.value.max(1),
          x.matmul(old.flatten().slice(0, 1, 3).reshape([2, 1])),
        ];
      },
      { target },
    );
    expect(step().map((t) => t.arraySync())).toEqual([
      [[3, 7]],
      [[40, 60]],
      [
        [1, 3],
        [2, 4],
      ],
      [4, 6],
      [20, 40],
      [[5]],
    ]);
    expect(read(w)).toEqual([
      [10, 20],
      [30, 40],
    ]);
  });

  it("are read by a product through a stored view of their old value", () => {
    const w = new Box(tensor([1, 2, 3, 4]));
    const step = compile(
      (x: Tensor) => {
        const view = w.value.reshape([2, 2]);
        const y = x.matmul(view);
        w.value = w.value.add(y.sum());
        return [view, y, x.matmul(view)];
      },
      { target },
    );
    const [view, y, again] = step(tensor([[1, 1]])).map((t) => t.arraySync());
    expect([view, y, again]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [[4, 6]],
      [[4, 6]],
    ]);
    expect(read(w)).toEqual([11, 12, 13, 14]);
  });

  it("are read in branches and loops after an update", () => {
    const b = box(1, 2);
    const step = compile(
      () => {
        const old = b.value;
        b.value = old.add(1);
        const chosen = cond(
          old.sum().greater(2),
          () => old.mul(b.value),
          () => old,
        );
        const [last] = scan((c: Tensor, i: Tensor) => [c.add(old).mul(i), null], b.value, tensor([1, 2]));
        return [chosen, last];
      },
      { target },
    );
    // old = [1, 2], new = [2, 3]; the loop gives ((new + old)·1 + old)·2 = [8, 14].
    expect(step().map((t) => t.arraySync())).toEqual([
      [2, 6],
      [8, 14],
    ]);
    expect(read(b)).toEqual([2, 3]);
  });

  it("are carried through loops without a copy, unless the loop needs the old value", () => {
    const [a, b] = [box(1, 2), box(10, 20)];
    const copies = (program: Program): number =>
      kernelsOf(program.steps).filter(({ name }) => name.startsWith("copy")).length;
    const plain = compile(
      () => {
        scan(
          () => {
            [a.value, b.value] = [a.value.add(1), b.value.mul(2)];
            return [null, null];
          },
          null,
          null,
          { length: 3 },
        );
      },
      { target },
    );
    const until = compile(
      () => {
        a.value = whileLoop(
          (x: Tensor) => x.sum().less(20),
          (x: Tensor) => x.add(2),
          a.value,
        );
      },
      { target },
    );
    plain(); // a = [4, 5]
    until();
    expect([read(a), read(b)]).toEqual([
      [10, 11],
      [80, 160],
    ]);
    for (const { program } of [plain.program(), until.program()]) {
      expectPlanHolds(program);
      expect(copies(program)).toBe(0);
    }
    const late = compile(
      () => {
        const old = a.value;
        scan(
          () => {
            [a.value, b.value] = [a.value.add(old), a.value];
            return [null, null];
          },
          null,
          null,
          { length: 2 },
        );
        return old.mul(2);
      },
      { target },
    );
    expect(late().arraySync()).toEqual([20, 22]);
    expect([read(a), read(b)]).toEqual([
      [30, 33],
      [20, 22],
    ]);
    expect(late().arraySync()).toEqual([60, 66]);
    expect(read(a)).toEqual([90, 99]);
  });

  it("are shared by two functions", () => {
    const b = box(1);
    const add = compile(
      () => {
        b.value = b.value.add(1);
      },
      { target },
    );
    const double = compile(
      () => {
        b.value = b.value.mul(2);
        return b.value;
      },
      { target },
    );
    const look = compile(() => b.value.neg(), { target });
    add(); // 2
    double(); // 4
    expect(look().arraySync()).toEqual([-4]);
    add(); // 5
    add(); // 6
    expect(double().arraySync()).toEqual([12]);
    expect(look().arraySync()).toEqual([-12]);
    expect(read(b)).toEqual([12]);
  });

  it("are shared by the programs for two shapes of argument", () => {
    const total = box(0);
    const add = compile(
      (x: Tensor) => {
        total.value = total.value.add(x.sum());
      },
      { target },
    );
    add(tensor([1, 2]));
    add(tensor([1, 2, 3]));
    add(tensor([5, 5]));
    expect(read(total)).toEqual([19]);
  });

  it("can be written only, or two with one value", () => {
    const [a, b] = [box(0, 0, 0), box(0, 0, 0)];
    const step = compile(
      (x: Tensor) => {
        a.value = x.mul(2);
        b.value = a.value;
      },
      { target },
    );
    step(tensor([1, 2, 3]));
    expect([read(a), read(b)]).toEqual([
      [2, 4, 6],
      [2, 4, 6],
    ]);
    step(tensor([4, 5, 6]));
    expect([read(a), read(b)]).toEqual([
      [8, 10, 12],
      [8, 10, 12],
    ]);
  });

  it("can be given an argument or a captured tensor", () => {
    const [a, b] = [box(0, 0), box(0, 0)];
    const fixed = tensor([7, 8]);
    const step = compile(
      (x: Tensor) => {
        const sum = a.value.add(b.value);
        a.value = x;
        b.value = fixed;
        return sum;
      },
      { target },
    );
    const x = tensor([1, 2]);
    step(x);
    expect([read(a), read(b)]).toEqual([
      [1, 2],
      [7, 8],
    ]);
    expect(step(x).arraySync()).toEqual([8, 10]);
  });

  it("keep their shape and dtype", () => {
    const b = box(1, 2, 3);
    const shorten = compile(
      () => {
        b.value = b.value.slice(0, 1);
      },
      { target },
    );
    expect(() => shorten()).toThrow(
      "A box that holds float32[3] cannot take float32[2]: a box keeps its shape and dtype.",
    );
    expect(read(b)).toEqual([1, 2, 3]);
  });

  it("are differentiated by, and written inside a gradient", () => {
    const [w, calls] = [box(2, 3), box(0)];
    const step = compile(
      (x: Tensor) => {
        const gradient = grad((p: Tensor) => {
          calls.value = calls.value.add(1);
          return p.mul(x).square().sum();
        })(w.value);
        w.value = w.value.sub(gradient.mul(0.25));
        return gradient;
      },
      { target },
    );
    // ∂/∂p Σ(p·x)² = 2·p·x²
    expect(step(tensor([1, 2])).arraySync()).toEqual([4, 24]);
    expect([read(w), read(calls)]).toEqual([[1, -3], [1]]);
  });

  it("share the arena: elementwise updates are in place and need no room of their own", () => {
    const boxes = [box(...new Array(100).fill(1)), box(...new Array(100).fill(2))];
    const { program } = compile(
      () => {
        for (const b of boxes) b.value = b.value.mul(0.5).add(1);
      },
      { target },
    ).program();
    expect(program.buffers.map(({ role }) => role)).toEqual(["state", "state"]);
    expect(program.inputs).toEqual(program.outputs);
    expect(program.steps.length).toBe(1);
    // 100 floats and 16 bytes of padding, rounded up to 64.
    expect(program.arenaBytes).toBe(2 * Math.ceil((100 * bytesOf("float32") + 16) / 64) * 64);
    expectPlanHolds(program);
  });
});
