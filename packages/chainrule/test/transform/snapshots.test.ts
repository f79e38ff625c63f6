/** Transformed graphs as text, each checked by hand against the calculus in its comment. */
import { describe, expect, it } from "vitest";
import { simplify } from "../../src/compile/simplify.ts";
import type { Graph } from "../../src/graph/index.ts";
import { traceFunction, verifyGraph } from "../../src/graph/index.ts";
import { cond, printGraph, type Shape, scan, type Tensor, tensor, where } from "../../src/index.ts";
import { graphTransforms } from "../../src/transform/index.ts";
import { trace } from "../graph/trace.ts";

/** The text of a verified graph, simplified so that the calculus is seen. */
function text(graph: Graph): string {
  verifyGraph(graph);
  const simple = simplify(graph);
  verifyGraph(simple);
  return `\n${printGraph(simple)}`;
}

type F = (...args: Tensor[]) => Tensor;
const vjpOf = (f: F, ...shapes: Shape[]): string =>
  text(
    graphTransforms.vjp(
      trace(f, ...shapes),
      shapes.map(() => true),
    ),
  );
const jvpOf = (f: F, ...shapes: Shape[]): string =>
  text(
    graphTransforms.jvp(
      trace(f, ...shapes),
      shapes.map(() => true),
    ),
  );

describe("vjp: inputs, then cotangents → cotangents of the inputs", () => {
  it("product: x̄ = c·y, ȳ = c·x", () => {
    expect(vjpOf((x, y) => x.mul(y), [2], [2])).toMatchInlineSnapshot(`
      "
      (a: float32[2], b: float32[2], c: float32[2]) =>
        d: float32[2] = mulz(c, b)
        e: float32[2] = mulz(c, a)
        return d, e"
    `);
  });

  it("linear layer: x̄ = c·wᵀ, w̄ = xᵀ·c, b̄ = Σ c over the batch", () => {
    expect(vjpOf((x, w, b) => x.matmul(w).add(b), [5, 3], [3, 2], [2])).toMatchInlineSnapshot(`
      "
      (a: float32[5, 3], b: float32[3, 2], c: float32[2], d: float32[5, 2]) =>
        e: float32[2] = sum(d) axes=[0]
        f: float32[2, 3] = transpose(b) permutation=[1, 0]
        g: float32[5, 3] = matmul(d, f)
        h: float32[3, 5] = transpose(a) permutation=[1, 0]
        i: float32[3, 2] = matmul(h, d)
        return g, i, e"
    `);
  });

  it("tanh: c·(1 − y²), from the result and not computed again", () => {
    expect(vjpOf((x) => x.tanh(), [2])).toMatchInlineSnapshot(`
      "
      (a: float32[2], b: float32[2]) =>
        c: float32[2] = tanh(a)
        d: float32[] = constant() value=1 dtype=float32
        e: float32[2] = broadcast(d) shape=[2]
        f: float32[2] = mul(c, c)
        g: float32[2] = sub(e, f)
        h: float32[2] = mulz(b, g)
        return h"
    `);
  });

  it("relu: the cotangent where x > 0, else 0", () => {
    expect(vjpOf((x) => where(x.greater(0), x, 0), [2])).toMatchInlineSnapshot(`
      "
      (a: float32[2], b: float32[2]) =>
        c: float32[] = constant() value=0 dtype=float32
        d: float32[2] = broadcast(c) shape=[2]
        e: bool[2] = less(d, a)
        f: float32[2] = select(e, b, d)
        return f"
    `);
  });

  it("max: shared evenly among the elements that attain it", () => {
    expect(vjpOf((x) => x.max(0), [3])).toMatchInlineSnapshot(`
      "
      (a: float32[3], b: float32[]) =>
        c: float32[] = max(a) axes=[0]
        d: float32[1] = reshape(c) shape=[1]
        e: float32[3] = broadcast(d) shape=[3]
        f: bool[3] = equal(a, e)
        g: float32[3] = cast(f) dtype=float32
        h: float32[] = sum(g) axes=[0]
        i: float32[1] = reshape(h) shape=[1]
        j: float32[3] = broadcast(i) shape=[3]
        k: float32[3] = div(g, j)
        l: float32[1] = reshape(b) shape=[1]
        m: float32[3] = broadcast(l) shape=[3]
        n: float32[3] = mulz(m, k)
        return n"
    `);
  });

  it("gather: a scatter-add into zeros", () => {
    const graph = traceFunction(
      (x, i) => [(x as Tensor).gather(i as Tensor)],
      [
        { shape: [4, 2], dtype: "float32" },
        { shape: [3], dtype: "int32" },
      ],
    ).graph;
    expect(text(graphTransforms.vjp(graph, [true, false]))).toMatchInlineSnapshot(`
      "
      (a: float32[4, 2], b: int32[3], c: float32[3, 2]) =>
        d: float32[] = constant() value=0 dtype=float32
        e: float32[4, 2] = broadcast(d) shape=[4, 2]
        f: float32[4, 2] = scatterAdd(e, b, c) axis=0 batch=0
        return f"
    `);
  });

  it("cond: a cond of the branches' vjps", () => {
    const f = (x: Tensor): Tensor =>
      cond(
        x.sum().greater(0),
        (t: Tensor) => t.square(),
        (t: Tensor) => t,
        x,
      );
    expect(vjpOf(f, [2])).toMatchInlineSnapshot(`
      "
      (a: float32[2], b: float32[2]) =>
        c: float32[] = sum(a) axes=[0]
        d: float32[] = constant() value=0 dtype=float32
        e: bool[] = less(d, c)
        f: float32[2] = cond(e, a, b)
          then = (a: float32[2], b: float32[2]) =>
            c: float32[2] = mulz(b, a)
            d: float32[2] = add(c, c)
            return d
          otherwise = (a: float32[2], b: float32[2]) =>
            return b
        return f"
    `);
  });

  it("scan: forwards once to save the carries, then backwards, summing the gradient of the constant", () => {
    const graph = traceFunction(
      (c, xs, w) => [scan((h: Tensor, x: Tensor) => [h.mul(w as Tensor).add(x), null], c as Tensor, xs as Tensor)[0]],
      [[], [3], []].map((shape) => ({ shape, dtype: "float32" as const })),
    ).graph;
    expect(text(graphTransforms.vjp(graph, [true, true, true]))).toMatchInlineSnapshot(`
      "
      (a: float32[], b: float32[3], c: float32[], d: float32[]) =>
        e: float32[] × float32[3] = scan(c, a, b) constants=1 carries=1 length=3 reverse=false bounded=false
          body = (a: float32[], b: float32[], c: float32[]) =>
            d: float32[] = mul(b, a)
            e: float32[] = add(d, c)
            return e, b
        f: float32[3] = pick(e) index=1
        g: float32[] = constant() value=0 dtype=float32
        h: float32[] × float32[] × float32[3] = scan(c, d, g, f, b) constants=1 carries=2 length=3 reverse=true bounded=false
          body = (a: float32[], b: float32[], c: float32[], d: float32[], e: float32[]) =>
            f: float32[] = mulz(b, a)
            g: float32[] = mulz(b, d)
            h: float32[] = add(c, g)
            return f, h, b
        i: float32[] = pick(h) index=0
        j: float32[] = pick(h) index=1
        k: float32[3] = pick(h) index=2
        return i, k, j"
    `);
  });
});

describe("jvp: inputs, then tangents → results, then their tangents", () => {
  it("product: ẋ·y + x·ẏ", () => {
    expect(jvpOf((x, y) => x.mul(y), [2], [2])).toMatchInlineSnapshot(`
      "
      (a: float32[2], b: float32[2], c: float32[2], d: float32[2]) =>
        e: float32[2] = mul(a, b)
        f: float32[2] = mulz(c, b)
        g: float32[2] = mulz(d, a)
        h: float32[2] = add(f, g)
        return e, h"
    `);
  });

  it("matrix product: Ȧ·B + A·Ḃ", () => {
    expect(jvpOf((a, b) => a.matmul(b), [2, 3], [3, 2])).toMatchInlineSnapshot(`
      "
      (a: float32[2, 3], b: float32[3, 2], c: float32[2, 3], d: float32[3, 2]) =>
        e: float32[2, 2] = matmul(a, b)
        f: float32[2, 2] = matmul(c, b)
        g: float32[2, 2] = matmul(a, d)
        h: float32[2, 2] = add(f, g)
        return e, h"
    `);
  });

  it("only active inputs have tangents, and linear operations apply to them alone", () => {
    const graph = trace((x, y) => x.sum(0).mul(2).add(y), [3, 2], [2]);
    expect(text(graphTransforms.jvp(graph, [true, false]))).toMatchInlineSnapshot(`
      "
      (a: float32[3, 2], b: float32[2], c: float32[3, 2]) =>
        d: float32[2] = sum(a) axes=[0]
        e: float32[] = constant() value=2 dtype=float32
        f: float32[2] = broadcast(e) shape=[2]
        g: float32[2] = mul(d, f)
        h: float32[2] = add(g, b)
        i: float32[2] = sum(c) axes=[0]
        j: float32[2] = mul(i, f)
        return h, j"
    `);
  });

  it("softmax: y·(ẋ − Σ y·ẋ), as a quotient", () => {
    expect(jvpOf((x) => x.exp().div(x.exp().sum()), [3])).toMatchInlineSnapshot(`
      "
      (a: float32[3], b: float32[3]) =>
        c: float32[3] = exp(a)
        d: float32[] = sum(c) axes=[0]
        e: float32[3] = broadcast(d) shape=[3]
        f: float32[3] = div(c, e)
        g: float32[3] = mulz(b, c)
        h: float32[] = sum(g) axes=[0]
        i: float32[3] = broadcast(h) shape=[3]
        j: float32[] = constant() value=1 dtype=float32
        k: float32[3] = broadcast(j) shape=[3]
        l: float32[3] = div(k, e)
        m: float32[3] = mulz(g, l)
        n: float32[3] = div(f, e)
        o: float32[3] = neg(n)
        p: float32[3] = mulz(i, o)
        q: float32[3] = add(m, p)
        return f, q"
    `);
  });
});

describe("vmap: inputs with a leading batch axis where they vary", () => {
  const batched = (graph: Graph, varies: readonly boolean[]): string =>
    text(graphTransforms.vmap(graph, varies, 8).graph);

  it("a vector times a shared matrix is one matrix product", () => {
    expect(
      batched(
        trace((x, w) => x.matmul(w), [3], [3, 2]),
        [true, false],
      ),
    ).toMatchInlineSnapshot(`
      "
      (a: float32[8, 3], b: float32[3, 2]) =>
        c: float32[8, 2] = matmul(a, b)
        return c"
    `);
  });

  it("a matrix of each example times a shared vector", () => {
    expect(
      batched(
        trace((w, x) => w.matmul(x), [2, 3], [3]),
        [true, false],
      ),
    ).toMatchInlineSnapshot(`
      "
      (a: float32[8, 2, 3], b: float32[3]) =>
        c: float32[3, 1] = reshape(b) shape=[3, 1]
        d: float32[16, 3] = reshape(a) shape=[16, 3]
        e: float32[16, 1] = matmul(d, c)
        f: float32[8, 2] = reshape(e) shape=[8, 2]
        return f"
    `);
  });

  it("reductions and transpositions keep the batch axis first", () => {
    expect(
      batched(
        trace((x) => x.transpose([1, 0]).sum(0), [2, 3]),
        [true],
      ),
    ).toMatchInlineSnapshot(`
      "
      (a: float32[8, 2, 3]) =>
        b: float32[8, 3, 2] = transpose(a) permutation=[0, 2, 1]
        c: float32[8, 2] = sum(b) axes=[1]
        return c"
    `);
  });

  it("what does not vary stays outside of the batch", () => {
    expect(
      batched(
        trace((x, y) => x.mul(y.exp()), [2], [2]),
        [true, false],
      ),
    ).toMatchInlineSnapshot(`
      "
      (a: float32[8, 2], b: float32[2]) =>
        c: float32[2] = exp(b)
        d: float32[8, 2] = broadcast(c) shape=[8, 2]
        e: float32[8, 2] = mul(a, d)
        return e"
    `);
  });

  it("cond on a predicate of each example computes both branches and chooses", () => {
    const f = (x: Tensor): Tensor =>
      cond(
        x.greater(0),
        (t: Tensor) => t.square(),
        (t: Tensor) => t.neg(),
        x,
      );
    expect(batched(trace(f, []), [true])).toMatchInlineSnapshot(`
      "
      (a: float32[8]) =>
        b: float32[] = constant() value=0 dtype=float32
        c: float32[8] = broadcast(b) shape=[8]
        d: bool[8] = less(c, a)
        e: float32[8] = mul(a, a)
        f: float32[8] = neg(a)
        g: float32[8] = select(d, e, f)
        return g"
    `);
  });

  it("scan carries a batch", () => {
    const f = (c: Tensor, xs: Tensor): Tensor => scan((h: Tensor, x: Tensor) => [h.mul(x), null], c, xs)[0];
    expect(batched(trace(f, [], [3]), [false, true])).toMatchInlineSnapshot(`
      "
      (a: float32[], b: float32[8, 3]) =>
        c: float32[8] = broadcast(a) shape=[8]
        d: float32[3, 8] = transpose(b) permutation=[1, 0]
        e: float32[8] = scan(c, d) constants=0 carries=1 length=3 reverse=false bounded=false
          body = (a: float32[8], b: float32[8]) =>
            c: float32[8] = mul(a, b)
            return c
        return e"
    `);
  });
});

describe("transforms", () => {
  it("give the same graph when asked twice, so that loops differentiated twice share it", () => {
    const graph = trace((x) => x.sin(), [2]);
    expect(graphTransforms.vjp(graph, [true])).toBe(graphTransforms.vjp(graph, [true]));
    expect(graphTransforms.jvp(graph, [true])).toBe(graphTransforms.jvp(graph, [true]));
    expect(graphTransforms.vmap(graph, [true], 3).graph).toBe(graphTransforms.vmap(graph, [true], 3).graph);
    expect(graphTransforms.vmap(graph, [true], 3).graph).not.toBe(graphTransforms.vmap(graph, [true], 4).graph);
  });

  it("give another graph for other inputs", () => {
    const graph = trace((x, y) => x.mul(y), [2], [2]);
    const sizes = (list: readonly boolean[]) => [
      graphTransforms.vjp(graph, list).outputs.length,
      graphTransforms.jvp(graph, list).inputs.length,
    ];
    expect([sizes([true, true]), sizes([true, false]), sizes([false, false])]).toEqual([
      [2, 4],
      [1, 3],
      [0, 2],
    ]);
  });

  it("treat a captured tensor like any other input", () => {
    const outside = tensor([1, 2]);
    const { graph } = traceFunction((x) => [(x as Tensor).mul(outside)], [{ shape: [2], dtype: "float32" }]);
    expect(text(graphTransforms.vjp(graph, [true, false]))).toMatchInlineSnapshot(`
      "
      (a: float32[2], b: float32[2], c: float32[2]) =>
        d: float32[2] = mulz(c, b)
        return d"
    `);
  });
});
