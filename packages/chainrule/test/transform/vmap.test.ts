import { describe, expect, expectTypeOf, it } from "vitest";
import { compile, concatenate, random, ShapeError, type Tensor, tensor, vmap, where } from "../../src/index.ts";
import { errorOf } from "../graph/trace.ts";

const m = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("vmap", () => {
  it("maps over the first axis of each argument", () => {
    const dot = vmap((a: Tensor, b: Tensor) => a.mul(b).sum());
    expect(dot(m, m).arraySync()).toEqual([14, 77]);
    expect(compile(dot)(m, m).arraySync()).toEqual([14, 77]);
  });

  it("shows the function the shape of one example", () => {
    let seen: readonly number[] = [];
    vmap((a: Tensor) => {
      seen = a.shape;
      return a;
    })(m);
    expect(seen).toEqual([3]);
  });

  it("maps over the axes that the option names, negative ones from the end, null for none", () => {
    const f = (a: Tensor, b: Tensor): Tensor => a.sum().mul(b);
    expect(vmap(f, { axes: [1, null] })(m, tensor(10)).arraySync()).toEqual([50, 70, 90]);
    expect(vmap(f, { axes: [-1, 0] })(m, tensor([1, 2, 3])).arraySync()).toEqual([5, 14, 27]);
    expect(vmap(f, { axes: [null, 0] })(tensor([1, 2]), tensor([1, 2])).arraySync()).toEqual([3, 6]);
  });

  it("takes and gives trees", () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ sum: a.add(b), parts: [a.sum()] as const });
    const result = vmap(f)({ a: m, b: tensor([10, 20]) });
    expectTypeOf(result).toEqualTypeOf<{ sum: Tensor; parts: [Tensor] }>();
    expect(result.sum.arraySync()).toEqual([
      [11, 12, 13],
      [24, 25, 26],
    ]);
    expect(result.parts[0].arraySync()).toEqual([6, 15]);
  });

  it("repeats a result that is the same for all examples", () => {
    expect(vmap((_: Tensor) => tensor([7, 8]))(m).arraySync()).toEqual([
      [7, 8],
      [7, 8],
    ]);
  });

  it("keeps operations that do not depend on the example out of the batch", () => {
    const w = tensor([1, 2, 3]);
    const { traced } = compile((x: Tensor) => vmap((a: Tensor) => a.mul(w.exp()))(x)).program(m);
    expect(traced.nodes.find((node) => node.op.name === "exp")?.avals[0]?.shape).toEqual([3]);
  });

  it("makes one matrix product of a shared matrix and many vectors", () => {
    const w = tensor([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    const f = vmap((a: Tensor) => a.matmul(w));
    expect(f(m).arraySync()).toEqual([
      [4, 5],
      [10, 11],
    ]);
    const { traced } = compile(f).program(m);
    expect(traced.nodes.find((node) => node.op.name === "matmul")?.inputs.map((n) => n.avals[0]?.shape)).toEqual([
      [2, 3],
      [3, 2],
    ]);
  });

  it.each<[string, (a: Tensor) => Tensor]>([
    ["negative axes", (a) => a.reshape([3, 1]).sum(-1)],
    ["sort", (a) => a.neg().sort()],
    ["argmax", (a) => a.argmax().cast("float32")],
    ["gather by a shared index", (a) => a.gather(tensor([2, 0], { dtype: "int32" }))],
    ["gather from a shared table", (a) => tensor([10, 20, 30, 40, 50, 60, 70]).gather(a.cast("int32"))],
    ["scatterAdd", (a) => a.scatterAdd(tensor([1, 1], { dtype: "int32" }), a.slice(0, 0, 2))],
    ["concatenate with a shared part", (a) => concatenate([a, tensor([9])])],
    ["a shared scalar condition", (a) => where(tensor(true), a, 0)],
    ["a condition of each example", (a) => where(a.sum().greater(10), a, a.neg())],
    ["broadcasting against a higher rank", (a) => a.add(tensor([[1], [2]]))],
    ["outer products", (a) => a.expandDims(1).matmul(a.expandDims(0))],
    ["a vector times a matrix of the example", (a) => tensor([1, 2, 3]).matmul(a.expandDims(1))],
    ["cumsum", (a) => a.cumsum(0, { reverse: true })],
    ["oneHot", (a) => a.cast("int32").oneHot(7)],
    [
      "random numbers of each example's own",
      (a) => random.uniform(random.foldIn(random.key(1), a.sum().cast("int32")), [2]),
    ],
  ])("is a loop for %s", (_, f) => {
    const examples = [tensor([1, 2, 3]), tensor([4, 5, 6])].map((a) => f(a).arraySync());
    expect(vmap(f)(m).arraySync()).toEqual(examples);
    expect(compile(vmap(f))(m).arraySync()).toEqual(examples);
  });

  it("takes an empty batch", () => {
    expect(vmap((a: Tensor) => a.square().sum())(tensor([], { shape: [0, 3] })).shape).toEqual([0]);
    expect(vmap((a: Tensor) => a.matmul(a))(tensor([], { shape: [0, 3] })).shape).toEqual([0]);
  });

  it.each([
    [
      "extents that differ",
      () => vmap((a: Tensor, b: Tensor) => a.mul(b))(m, tensor([1, 2, 3])),
      "vmap: argument 1 of shape [3] has extent 3 along axis 0, and others have 2.",
    ],
    [
      "a scalar",
      () => vmap((p: { a: Tensor }) => p.a)({ a: tensor(1) }),
      "vmap: argument 0.a of shape [] has no axis to map over.",
    ],
    [
      "no mapped argument",
      () => vmap((a: Tensor) => a, { axes: [null] })(m),
      "vmap: no argument is mapped; at least one must have a batch axis.",
    ],
    [
      "too few axes",
      () => vmap((a: Tensor, b: Tensor) => a.mul(b), { axes: [0] })(m, m),
      "vmap: the option axes has 1 entries for 2 arguments",
    ],
    ["an axis out of range", () => vmap((a: Tensor) => a, { axes: [2] })(m), "axis 2 is out of range for shape [2, 3]"],
  ])("refuses %s", (_, call, message) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(message);
    expect(error.message).toContain("vmap.test.ts:");
  });

  it("refuses options that do not exist", () => {
    expect(() => vmap((a: Tensor) => a, { axis: 0 } as object)).toThrow('vmap: unknown option "axis"; there are axes.');
  });
});
