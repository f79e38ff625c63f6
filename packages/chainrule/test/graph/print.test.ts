import { expect, it } from "vitest";
import { cond, printGraph, scan, type Tensor, tensor, where } from "../../src/index.ts";
import { trace } from "./trace.ts";

it("prints a node a line, with its type, operation and attributes", () => {
  const graph = trace((x, w) => x.matmul(w).add(1).sum(0), [2, 3], [3, 4]);
  expect(`\n${printGraph(graph)}`).toMatchInlineSnapshot(`
    "
    (a: float32[2, 3], b: float32[3, 4]) =>
      c: float32[2, 4] = matmul(a, b)
      d: float32[] = constant() value=1 dtype=float32
      e: float32[2, 4] = broadcast(d) shape=[2, 4]
      f: float32[2, 4] = add(c, e)
      g: float32[4] = sum(f) axes=[0]
      return g"
  `);
});

it("prints −0, infinities, NaN and other dtypes as they are", () => {
  const graph = trace((x) => where(x.less(-0), Number.POSITIVE_INFINITY, Number.NaN).cast("int32"), [2]);
  expect(`\n${printGraph(graph)}`).toMatchInlineSnapshot(`
    "
    (a: float32[2]) =>
      b: float32[] = constant() value=-0 dtype=float32
      c: float32[2] = broadcast(b) shape=[2]
      d: bool[2] = less(a, c)
      e: float32[] = constant() value=Infinity dtype=float32
      f: float32[] = constant() value=NaN dtype=float32
      g: float32[2] = broadcast(e) shape=[2]
      h: float32[2] = broadcast(f) shape=[2]
      i: float32[2] = select(d, g, h)
      j: int32[2] = cast(i) dtype=int32
      return j"
  `);
});

it("prints subgraphs indented below their node, to any depth", () => {
  const f = (x: Tensor): Tensor =>
    cond(
      x.sum().greater(0),
      (y: Tensor) => scan((c: Tensor, e: Tensor) => [c.mul(e), e.neg()], tensor(1), y)[0],
      (y: Tensor) => y.sum(),
      x,
    );
  expect(`\n${printGraph(trace(f, [3]))}`).toMatchInlineSnapshot(`
    "
    (a: float32[3], b: float32[]) =>
      c: float32[] = sum(a) axes=[0]
      d: float32[] = constant() value=0 dtype=float32
      e: bool[] = less(d, c)
      f: float32[] = cond(e, a, b)
        then = (a: float32[3], b: float32[]) =>
          c: float32[] × float32[3] = scan(b, a) constants=0 carries=1 length=3 reverse=false bounded=false
            body = (a: float32[], b: float32[]) =>
              c: float32[] = mul(a, b)
              d: float32[] = neg(b)
              return c, d
          d: float32[] = pick(c) index=0
          return d
        otherwise = (a: float32[3], b: float32[]) =>
          c: float32[] = sum(a) axes=[0]
          return c
      return f"
  `);
});

it("names the 27th value aa", () => {
  const graph = trace((x) => {
    let y = x;
    for (let i = 0; i < 26; i++) y = y.sin();
    return y;
  }, []);
  const lines = printGraph(graph).split("\n");
  expect(lines.slice(-2)).toEqual(["  aa: float32[] = sin(z)", "  return aa"]);
});

it("takes time proportional to the depth of nesting", () => {
  const nested =
    (depth: number) =>
    (x: Tensor): Tensor =>
      depth === 0 ? x.sin() : cond(x.greater(0), nested(depth - 1), (y: Tensor) => y, x);
  // Were every level printed twice, 30 levels would be 2³⁰ lines.
  expect(printGraph(trace(nested(30), [])).split("\n").length).toBeLessThan(300);
});
