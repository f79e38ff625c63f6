/** Reading tensors. */
import { describe, expect, it } from "vitest";
import { compile, grad, type Tensor, TraceError, tensor, zeros } from "../../src/index.ts";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("reading", () => {
  it("gives shape, rank and size", () => {
    expect([x.shape, x.rank, x.size]).toEqual([[2, 3], 2, 6]);
    expect([tensor(1).shape, tensor(1).rank, tensor(1).size]).toEqual([[], 0, 1]);
    expect(zeros([3, 0]).size).toBe(0);
  });

  it("gives numbers as typed arrays, nested arrays, or one number; asynchronously and at once", async () => {
    expect(await x.data()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(await x.array()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.arraySync()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await tensor([[7]]).item()).toBe(7);
    expect(tensor(true).itemSync()).toBe(1);
    expect(tensor(true).arraySync()).toBe(true);
    expect(tensor([true, false]).dataSync()).toEqual(Uint8Array.of(1, 0));
    expect(zeros([2, 0]).arraySync()).toEqual([[], []]);
  });

  it("gives copies: what is done to them leaves the tensor as it is", async () => {
    x.dataSync()[0] = 9;
    (await x.data())[1] = 9;
    expect(x.dataSync()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it("shows itself as text", () => {
    expect(x.toString()).toBe("Tensor(float32[2, 3]) [[1,2,3],[4,5,6]]");
    expect(`${tensor([true])}`).toBe("Tensor(bool[1]) [true]");
    expect(zeros([1000]).toString()).toMatch(/^Tensor\(float32\[1000\]\) \[0,.{197}…$/);
  });

  it("shows what JSON cannot write", () => {
    const odd = tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0]);
    expect(odd.toString()).toBe("Tensor(float32[5]) [NaN,Infinity,-Infinity,-0,0]");
    expect(tensor(Number.NaN).toString()).toBe("Tensor(float32[]) NaN");
    expect(zeros([2, 0]).toString()).toBe("Tensor(float32[2, 0]) [[],[]]");
  });

  it("cuts rows as well", () => {
    expect(zeros([300, 300]).toString()).toMatch(/^Tensor\(float32\[300, 300\]\) \[\[(0,){99}…$/);
  });

  it("acts as a number where JavaScript wants one", () => {
    expect(+tensor([2.5])).toBe(2.5);
    expect(Number(tensor(3)) + 1).toBe(4);
  });
});

describe("errors", () => {
  it("item() of many elements, or of none", async () => {
    const message = (shape: string) =>
      `item() reads a tensor of one element, and this one has shape ${shape}. Use array() or data(), or reduce it first, for example with sum().`;
    expect(() => x.itemSync()).toThrow(new RangeError(message("[2, 3]")));
    await expect(x.item()).rejects.toThrow(message("[2, 3]"));
    expect(() => tensor([]).itemSync()).toThrow(message("[0]"));
    expect(() => +x).toThrow("JavaScript's operators (+, −, <, …) work with numbers");
  });

  it.each<[string, (t: Tensor) => unknown]>([
    ["read its data", (t) => t.dataSync()],
    ["read it as an array", (t) => t.arraySync()],
    ["read its value", (t) => t.itemSync()],
    ["use it as a JavaScript number or condition", (t) => +t],
  ])("of a traced tensor one cannot %s", (attempt, read) => {
    const f = (t: Tensor): Tensor => {
      read(t);
      return t.sum();
    };
    for (const run of [() => grad(f)(x), () => compile(f)(x)]) {
      expect(run).toThrow(TraceError);
      expect(run).toThrow(`A traced float32[2, 3] has no value yet, so one cannot ${attempt}: `);
      expect(run).toThrow(
        "Use where(condition, a, b) to choose element by element, cond(predicate, f, g) to choose a branch, and scan or whileLoop",
      );
      expect(run).toThrow(/\n {2}at: .*test\/tensor\/tensor\.test\.ts:\d+:\d+$/);
    }
  });

  it("a traced tensor shows its type alone", () => {
    let text = "";
    grad((t: Tensor) => {
      text = String(t);
      return t.sum();
    })(x);
    expect(text).toBe("Tensor(float32[2, 3]) traced");
  });
});

it("a tensor of several numbers in a JavaScript operator is told of the methods", () => {
  const x = tensor([1, 2]) as unknown as number;
  expect(() => x + 1).toThrow("JavaScript's operators (+, −, <, …) work with numbers, not with a tensor of shape [2].");
  expect((tensor(3) as unknown as number) + 1).toBe(4);
});

it("tensor() refuses options that do not exist", () => {
  expect(() => tensor([1, 2], { shap: [2] } as never)).toThrow(
    'tensor(): unknown option "shap"; there are shape, dtype.',
  );
  expect(() => tensor([1, 2, 3, 4], [2, 2] as never)).toThrow("tensor(): the options must be an object, not an array");
});
