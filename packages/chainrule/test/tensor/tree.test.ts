/** Trees of tensors. */
import { describe, expect, it } from "vitest";
import { type Tensor, tensor } from "../../src/index.ts";
import { flatten, leavesLike, sameStructure, unflatten } from "../../src/tensor/tree.ts";

describe("trees", () => {
  const [w, b] = [tensor([[1, 2]]), tensor([3])];
  class Layer {}
  const layer = new Layer();
  const f = (): void => {};
  const tree = {
    layers: [
      { w, b },
      { w: b, b: 4 },
    ],
    name: "net",
    flag: true,
    nothing: null,
    layer,
    f,
    data: Float64Array.of(5, 6),
  };

  it("are split into leaves with their paths, and put together again", () => {
    const { leaves, paths, structure } = flatten(tree);
    expect(paths).toEqual([".layers[0].w", ".layers[0].b", ".layers[1].w", ".layers[1].b", ".data"]);
    expect(leaves.slice(0, 3)).toEqual([w, b, b]);
    expect(leaves[0]).toBe(w);
    expect(leaves.slice(3).map(String)).toEqual(["Tensor(float32[]) 4", "Tensor(float64[2]) [5,6]"]);
    const again = unflatten(structure, leaves) as typeof tree;
    expect(again).toEqual({
      ...tree,
      layers: [
        { w, b },
        { w: b, b: leaves[3] },
      ],
      data: leaves[4],
    });
    expect(again.layer).toBe(layer);
    expect(again.f).toBe(f);
  });

  it("give their leaves to a structure that is theirs, and to no other", () => {
    const { leaves, structure } = flatten(tree);
    const found: Tensor[] = [];
    expect(leavesLike(tree, structure, found)).toBe(true);
    expect(found.map(String)).toEqual(leaves.map(String));
    const others: unknown[] = [
      { ...tree, name: "another" },
      { ...tree, more: 1 },
      { ...tree, f: () => {} },
      { ...tree, layers: tree.layers.slice(1) },
      { ...tree, layers: { 0: tree.layers[0], 1: tree.layers[1] } },
      { ...tree, data: "5" },
      { name: tree.name, layers: tree.layers, flag: true, nothing: null, layer, f, data: tree.data },
      Object.assign(Object.create(Object.create(null)), tree),
      w,
      null,
    ];
    for (const other of others) expect(leavesLike(other, structure, [])).toBe(false);
  });

  it("keep a key named __proto__ a key", () => {
    const odd = JSON.parse('{"__proto__": 1, "w": 2}') as Record<string, unknown>;
    const { leaves, structure } = flatten(odd);
    const again = unflatten(structure, leaves) as Record<string, unknown>;
    expect(Object.keys(again)).toEqual(["__proto__", "w"]);
    expect(Object.getPrototypeOf(again)).toBe(Object.prototype);
  });

  it("a single tensor is a tree", () => {
    const { leaves, paths, structure } = flatten(w);
    expect([leaves, paths]).toEqual([[w], [""]]);
    expect(unflatten(structure, [b])).toBe(b);
  });

  it("take the order of keys from another tree that has the same ones", () => {
    const { structure } = flatten({ x: w, y: [{ p: b, q: w }] });
    const { leaves, structure: own } = flatten({ y: [{ q: 2, p: 3 }], x: 1 }, structure);
    expect(leaves.map((t) => t.itemSync())).toEqual([1, 3, 2]);
    expect(sameStructure(own, structure)).toBe(true);
    expect(flatten({ y: 2, z: 1 }, structure).paths).toEqual([".y", ".z"]);
  });

  it("are alike if keys, lengths and what is no tensor agree", () => {
    const same = (p: unknown, q: unknown): boolean => sameStructure(flatten(p).structure, flatten(q).structure);
    expect(same({ a: w, b: [b] }, { a: b, b: [1] })).toBe(true);
    expect(same([], [])).toBe(true);
    expect(same({ a: w }, { b: w })).toBe(false);
    expect(same({ a: w, b }, { b, a: w })).toBe(false);
    expect(same([w], [w, b])).toBe(false);
    expect(same({ a: w, s: "x" }, { a: w, s: "y" })).toBe(false);
    expect(same([w], { 0: w })).toBe(false);
    expect(same(w, null)).toBe(false);
    expect(same([{ a: [w] }], [{ a: [w, w] }])).toBe(false);
    expect(same(Number.NaN, 0)).toBe(true);
  });

  it("refuses tensors hidden in objects of a class", () => {
    class Batch {
      x = tensor([1]);
    }
    expect(() => flatten({ batch: new Batch() })).toThrow(
      'A Batch at .batch holds a tensor ("x"), but only plain objects and arrays may: pass its tensors as { x: …x }.',
    );
  });
});
