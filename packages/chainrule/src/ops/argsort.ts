/** Sorting. The primitive gives positions; sorted values are gathered by them, which also gives the derivative. */
import type { BufferRef, Primitive } from "../graph/primitive.ts";
import { bind } from "../graph/trace.ts";
import { type ExprPool, variable } from "../loop/build.ts";
import type { Expr, Stmt, Var } from "../loop/ir.ts";
import { isFloat } from "../tensor/dtype.ts";
import { stridesOf, withoutAxes } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkAxis, checkDTypes, example } from "./define.ts";
import { forEachIndex, ravel } from "./loops.ts";
import { register } from "./registry.ts";

declare module "../tensor/tensor.ts" {
  interface Tensor {
    /** The elements in ascending order along an axis; NaN last. */
    sort(axis?: number): Tensor;
    /** The positions (int32) that sort the tensor along an axis; equal elements keep their order. */
    argsort(axis?: number): Tensor;
  }
}

interface ArgsortAttrs {
  readonly axis: number;
  readonly [key: string]: number;
}

/** One row of values and the row of their positions that is being sorted. */
interface Row {
  readonly values: BufferRef;
  readonly positions: BufferRef;
  /** The index into both buffers of the element at a place of the row. */
  at(place: Expr): Expr;
}

const argsort: Primitive = register<ArgsortAttrs>({
  name: "argsort",
  doc: "Positions in ascending order along an axis; stable, NaN last.",
  onnx: "TopK",
  infer: ([x]) => {
    checkDTypes("argsort", "number", [x as Tensor]);
    return { shape: (x as Tensor).shape, dtype: "int32" };
  },
  lowering: {
    kind: "loops",
    body(k, [x], output, { attrs: { axis }, inputs: [aval] }) {
      const { shape } = aval as Tensor;
      const strides = stridesOf(shape);
      return forEachIndex(withoutAxes(shape, [axis]), (index) => {
        const base = ravel(k, index, withoutAxes(strides, [axis]));
        const at = (place: Expr): Expr => k.call("add", base, k.call("mul", place, k.int(strides[axis] as number)));
        return heapSort(k, { values: x as BufferRef, positions: output, at }, shape[axis] as number);
      });
    },
  },
  nondifferentiable: true,
  batch: ([x], _, __, { axis }) => [(x as Tensor).argsort(axis + 1)],
  samples: () => [
    { inputs: [example([2, 5])], attrs: { axis: 1 } },
    { inputs: [example([4, 2])], attrs: { axis: 0 } },
    { inputs: [example([0])], attrs: { axis: 0 } },
  ],
});

/**
 * Heap sort of J. W. J. Williams, "Algorithm 232: Heapsort", 1964, with the heap built bottom up as R. W. Floyd showed
 * ("Algorithm 245: Treesort 3", 1964): in place and O(n log n). It is stable because equal values are ordered by position.
 */
function heapSort(k: ExprPool, row: Row, extent: number): Stmt[] {
  const id = row.positions.id;
  const positionAt = (place: Expr): Expr => k.load("int32", id, row.at(place));
  const store = (place: Expr, value: Expr): Stmt => ({ kind: "store", buffer: id, index: row.at(place), value });
  const loop = (count: number, body: (i: Var) => readonly Stmt[]): Stmt => {
    const i = variable("i", "int32");
    return { kind: "for", index: i, extent: count, simd: false, body: body(i) };
  };
  const fill = loop(extent, (i) => [store(i, i)]);
  if (extent < 2) return [fill];
  const parents = Math.floor(extent / 2);
  const build = loop(parents, (i) => {
    const parent = k.call("sub", k.int(parents - 1), i);
    const item = variable("item", "int32");
    return [{ kind: "let", target: item, value: positionAt(parent) }, ...siftDown(k, row, parent, item, k.int(extent))];
  });
  const drain = loop(extent - 1, (i) => {
    const end = k.call("sub", k.int(extent - 1), i);
    const item = variable("item", "int32");
    return [
      { kind: "let", target: item, value: positionAt(end) },
      store(end, positionAt(k.int(0))),
      ...siftDown(k, row, k.int(0), item, end),
    ];
  });
  return [fill, build, drain];
}

/** Puts `item` where it belongs in the heap of `end` places, whose subtree at `root` has a hole on top. */
function siftDown(k: ExprPool, row: Row, root: Expr, item: Var, end: Expr): Stmt[] {
  const id = row.positions.id;
  const hole = variable("hole", "int32");
  const child = variable("child", "int32");
  const largest = variable("largest", "int32");
  const sibling = variable("sibling", "int32");
  const rises = variable("rises", "bool");
  const firstChild = k.call("add", k.call("mul", hole, k.int(2)), k.int(1));
  const next = k.call("add", child, k.int(1));
  const positionAt = (place: Expr): Expr => k.load("int32", id, row.at(place));
  const store = (place: Expr, value: Expr): Stmt => ({ kind: "store", buffer: id, index: row.at(place), value });
  const takeSibling: Stmt[] = [
    { kind: "let", target: sibling, value: positionAt(next) },
    {
      kind: "if",
      condition: comesBefore(k, row, largest, sibling),
      then: [
        { kind: "assign", target: largest, value: sibling },
        { kind: "assign", target: child, value: next },
      ],
    },
  ];
  return [
    { kind: "let", target: hole, value: root },
    { kind: "let", target: child, value: firstChild },
    {
      kind: "while",
      condition: k.call("lt", child, end),
      body: [
        { kind: "let", target: largest, value: positionAt(child) },
        { kind: "if", condition: k.call("lt", next, end), then: takeSibling },
        { kind: "let", target: rises, value: comesBefore(k, row, item, largest) },
        {
          kind: "if",
          condition: rises,
          then: [
            store(hole, largest),
            { kind: "assign", target: hole, value: child },
            { kind: "assign", target: child, value: firstChild },
          ],
        },
        { kind: "if", condition: k.call("not", rises), then: [{ kind: "assign", target: child, value: end }] },
      ],
    },
    store(hole, item),
  ];
}

/** Whether position `p` sorts before `q`: by value, NaN last, and equal values by position. A total order. */
function comesBefore(k: ExprPool, { values, at }: Row, p: Expr, q: Expr): Expr {
  const [a, b] = [k.load(values.dtype, values.id, at(p)), k.load(values.dtype, values.id, at(q))];
  const earlier = k.call("lt", p, q);
  if (!isFloat(values.dtype)) return k.call("or", k.call("lt", a, b), k.call("and", k.call("eq", a, b), earlier));
  const [aIsNaN, bIsNaN] = [k.call("ne", a, a), k.call("ne", b, b)];
  const smaller = k.call("or", k.call("lt", a, b), k.call("and", bIsNaN, k.call("not", aIsNaN)));
  const equal = k.call("or", k.call("eq", a, b), k.call("and", aIsNaN, bIsNaN));
  return k.call("or", smaller, k.call("and", equal, earlier));
}

Tensor.prototype.argsort = function (axis = -1) {
  return bind(argsort, { axis: checkAxis("argsort", axis, this.shape) }, this);
};

Tensor.prototype.sort = function (axis = -1) {
  return this.takeAlongAxis(this.argsort(axis), axis);
};
