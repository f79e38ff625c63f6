/** Lowers the units of fusion to kernels of the loop IR. */
import { avalOf, type Node } from "../graph/node.ts";
import type { BufferRef } from "../graph/primitive.ts";
import { ExprPool, variable } from "../loop/build.ts";
import { type Expr, type Kernel, type Stmt, scratchLength, type Var } from "../loop/ir.ts";
import { forEachIndex, ravel } from "../ops/loops.ts";
import { sizeOf, stridesOf } from "../tensor/shape.ts";
import type { Unit } from "./fuse.ts";
import { type Loop, type Placed, place } from "./place.ts";
import { vectorize } from "./vectorize.ts";
import { viewOf } from "./views.ts";

/** Where the values of stored nodes are. */
export type Stored = (node: Node) => BufferRef | undefined;

/** A name for people: the layer, if any, and the operations that have results. */
export function kernelName(unit: Unit): string {
  const [first] = unit.roots as [Node];
  const names =
    unit.roots.length > 3 ? [`${first.op.name} and ${unit.roots.length - 1} more`] : unit.roots.map((r) => r.op.name);
  return [first.scope, names.join(", ")].filter((part) => part !== "").join(" ");
}

/** The kernel that computes a unit of any kind but control flow. `scratch` makes room for packing a product's factor. */
export function lowerUnit(
  unit: Unit,
  stored: Stored,
  scratch: (like: BufferRef, elements: number) => BufferRef,
): Kernel {
  const [root] = unit.roots as [Node];
  const name = kernelName(unit);
  const empty = unit.kind !== "loops" && sizeOf(avalOf(root).shape) === 0;
  if (empty) return { name, body: [] };
  switch (unit.kind) {
    case "flat":
      return { name, body: lowerFlat(unit.roots, stored) };
    case "pull":
      return { name, body: lowerPull(root, stored) };
    case "reduce":
      return { name, body: lowerReduce(root, stored) };
    case "product":
      return { name, body: lowerProduct(root, stored, scratch) };
    case "loops":
      return { name, body: lowerLoops(root, stored) };
    case "steps":
      throw new Error("control flow is lowered by lower.ts");
  }
}

const bufferOf = (stored: Stored, node: Node): BufferRef => {
  const buffer = stored(node);
  if (buffer === undefined) throw new Error(`The value of ${node.op.name} (node ${node.id}) is not stored.`);
  return buffer;
};

/** Reads elements of nodes: from their buffer, or by computing them in place. */
function reader(k: ExprPool, stored: Stored, root: Node): (node: Node, index: readonly Expr[]) => Expr {
  const memo = new Map<Node, { readonly index: readonly Expr[]; readonly value: Expr }[]>();
  const read = (node: Node, index: readonly Expr[]): Expr => {
    const known = memo.get(node) ?? [];
    memo.set(node, known);
    const hit = known.find((entry) => entry.index.every((e, i) => e === index[i]));
    if (hit !== undefined) return hit.value;
    const buffer = node === root ? undefined : stored(node);
    const value =
      buffer === undefined
        ? element(node, index)
        : k.load(buffer.dtype, buffer.id, ravel(k, index, stridesOf(buffer.shape)));
    known.push({ index, value });
    return value;
  };
  const element = (node: Node, index: readonly Expr[]): Expr => {
    const { lowering } = node.op;
    if (lowering.kind !== "pull") throw new Error(`The value of ${node.op.name} (node ${node.id}) is not stored.`);
    const context = { attrs: node.attrs, inputs: node.inputs.map(avalOf), output: avalOf(node) };
    return lowering.element(k, index, (i, at) => read(node.inputs[i] as Node, at), context);
  };
  return read;
}

const loopVariables = (shape: readonly number[], prefix: string): { loops: Loop[]; index: (k: ExprPool) => Expr[] } => {
  const indices = shape.map((_, i) => variable(`${prefix}${i}`, "int32"));
  const loops = shape.flatMap((extent, i) => (extent === 1 ? [] : [{ index: indices[i] as Var, extent }]));
  return { loops, index: (k) => shape.map((extent, i) => (extent === 1 ? k.int(0) : (indices[i] as Var))) };
};

function lowerPull(root: Node, stored: Stored): Stmt[] {
  const k = new ExprPool();
  const out = bufferOf(stored, root);
  const { loops, index } = loopVariables(out.shape, "i");
  const at = index(k);
  const value = reader(k, stored, root)(root, at);
  const target = ravel(k, at, stridesOf(out.shape));
  const marked = vectorize(loops, loops.length > 0 ? [loops.length - 1] : [], [value]);
  return place(marked, [storeAt(loops.length, out.id, target, value)]);
}

const storeAt = (depth: number, buffer: number, index: Expr, value: Expr, when: Placed["when"] = "before"): Placed => ({
  depth,
  when,
  writes: buffer,
  values: [value, index],
  statement: ([v, i]) => ({ kind: "store", buffer, index: i as Expr, value: v as Expr }),
});

/** One loop over all elements; every value of the unit is at hand at its own element. */
function lowerFlat(roots: readonly Node[], stored: Stored): Stmt[] {
  const k = new ExprPool();
  const own = new Set(roots);
  const size = sizeOf(avalOf(roots[0] as Node).shape);
  const i = variable("i", "int32");
  const position = size === 1 ? k.int(0) : i;
  const memo = new Map<Node, Expr>();
  const read = (node: Node): Expr => {
    const known = memo.get(node);
    if (known !== undefined) return known;
    const value = compute(node);
    memo.set(node, value);
    return value;
  };
  const compute = (node: Node): Expr => {
    const buffer = own.has(node) ? undefined : stored(node);
    const { shape } = avalOf(node);
    if (buffer !== undefined) return k.load(buffer.dtype, buffer.id, sizeOf(shape) === 1 ? k.int(0) : position);
    const { lowering, name } = node.op;
    if (name === "broadcast" || name === "reshape") return read(node.inputs[0] as Node);
    if (lowering.kind !== "pull") throw new Error(`The value of ${name} (node ${node.id}) is not stored.`);
    const context = { attrs: node.attrs, inputs: node.inputs.map(avalOf), output: avalOf(node) };
    return lowering.element(
      k,
      shape.map(() => position),
      (input) => read(node.inputs[input] as Node),
      context,
    );
  };
  const values = roots.map(read);
  const loops = size === 1 ? [] : [{ index: i, extent: size }];
  const stores = roots.flatMap((root, r) => {
    const buffer = stored(root);
    return buffer === undefined ? [] : [storeAt(loops.length, buffer.id, position, values[r] as Expr)];
  });
  return place(vectorize(loops, size === 1 ? [] : [0], values), stores);
}

/** The value that changes nothing when it is combined. */
function identity(combine: "add" | "mul" | "min" | "max", dtype: BufferRef["dtype"]): number {
  if (combine === "add") return 0;
  if (combine === "mul") return 1;
  const most = dtype === "int32" ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY;
  return combine === "min" ? most : dtype === "int32" ? -(2 ** 31) : -most;
}

function lowerReduce(root: Node, stored: Stored): Stmt[] {
  const { lowering } = root.op;
  if (lowering.kind !== "reduce") throw new Error(`${root.op.name} is not a reduction`);
  const k = new ExprPool();
  const source = root.inputs[0] as Node;
  const from = avalOf(source).shape;
  const axes = root.attrs.axes as readonly number[];
  const out = bufferOf(stored, root);
  const outer = loopVariables(out.shape, "i");
  const inner = loopVariables(
    axes.map((axis) => from[axis] as number),
    "r",
  );
  const [outIndex, innerIndex] = [outer.index(k), inner.index(k)];
  const index = [...outIndex];
  axes.forEach((axis, i) => {
    index.splice(axis, 0, innerIndex[i] as Expr);
  });
  const sum = variable("sum", out.dtype);
  const start: Placed = {
    depth: outer.loops.length,
    when: "before",
    values: [],
    declares: sum,
    statement: () => ({
      kind: "let",
      target: sum,
      value: k.constant(out.dtype, identity(lowering.combine, out.dtype)),
    }),
  };
  const end = storeAt(outer.loops.length, out.id, ravel(k, outIndex, stridesOf(out.shape)), sum, "after");
  if (sizeOf(from) === 0) return place(outer.loops, [start, end]);
  const value = reader(k, stored, root)(source, index);
  const loops = [...outer.loops, ...inner.loops];
  const candidates = [loops.length - 1, outer.loops.length - 1].filter((i) => i >= 0);
  const accumulate: Placed = {
    depth: loops.length,
    when: "before",
    values: [value],
    statement: ([v]) => ({ kind: "accumulate", target: sum, op: lowering.combine, value: v as Expr }),
  };
  return place(vectorize(loops, [...new Set(candidates)], [value]), [start, accumulate, end]);
}

function lowerProduct(root: Node, stored: Stored, scratch: (like: BufferRef, elements: number) => BufferRef): Stmt[] {
  const k = new ExprPool();
  const out = bufferOf(stored, root);
  const [m, n] = out.shape.slice(-2) as [number, number];
  const inner = avalOf(root.inputs[0] as Node).shape.at(-1) as number;
  const lead = out.shape.slice(0, -2);
  const packed = scratch(out, scratchLength({ k: inner, n }));
  return forEachIndex(lead, (index) => {
    const matrix = (buffer: BufferRef, offset: number, strides: readonly number[]) => {
      const [rowStride, colStride] = strides.slice(-2) as [number, number];
      const start = k.call("add", ravel(k, index, strides.slice(0, -2)), k.int(offset));
      return { buffer: buffer.id, offset: start, rowStride, colStride };
    };
    const factor = (node: Node) => {
      const { base, offset, strides } = viewOf(node, (n) => stored(n) !== undefined);
      return matrix(bufferOf(stored, base), offset, strides);
    };
    const [a, b] = root.inputs.map(factor) as [ReturnType<typeof factor>, ReturnType<typeof factor>];
    return [
      {
        kind: "product",
        dtype: out.dtype,
        m,
        n,
        k: inner,
        a,
        b,
        out: matrix(out, 0, stridesOf(out.shape)),
        scratch: packed.id,
      },
    ];
  });
}

function lowerLoops(root: Node, stored: Stored): Stmt[] {
  const { lowering } = root.op;
  if (lowering.kind !== "loops") throw new Error(`${root.op.name} has no loops of its own`);
  const context = { attrs: root.attrs, inputs: root.inputs.map(avalOf), output: avalOf(root) };
  const inputs = root.inputs.map((input) => bufferOf(stored, input));
  return lowering.body(new ExprPool(), inputs, bufferOf(stored, root), context);
}
