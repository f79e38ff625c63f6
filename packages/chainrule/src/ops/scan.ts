/** A loop with a fixed number of steps that carries values along and collects one result a step. */
import { type Aval, createGraph, type Graph } from "../graph/node.ts";
import type { BufferRef, MaybeTensor, Primitive, StepBuilder } from "../graph/primitive.ts";
import { bindAll, buildGraph, evaluate, isDifferentiable } from "../graph/trace.ts";
import type { Step } from "../loop/ir.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { stack } from "./concatenate.ts";
import { constant, zeros, zerosLike } from "./constant.ts";
import { copyAll, inputAvals, outputAvals, requireSame, requireSameStructure, traceBranch } from "./control.ts";
import { batchAll, example, shapeError } from "./define.ts";
import { register } from "./registry.ts";

/**
 * Inputs: constants, initial carries, sequences; the body takes constants, carries and one element of each sequence,
 * and gives new carries and one element of each result.
 */
interface ScanAttrs {
  readonly body: Graph;
  readonly constants: number;
  readonly carries: number;
  readonly length: number;
  readonly reverse: boolean;
  readonly [key: string]: Graph | number | boolean;
}

/** Splits a list in the order constants, carries, rest. */
function parts<T>(list: readonly T[], { constants, carries }: ScanAttrs): [T[], T[], T[]] {
  return [list.slice(0, constants), list.slice(constants, constants + carries), list.slice(constants + carries)];
}

const element = (aval: Aval): Aval => ({ shape: aval.shape.slice(1), dtype: aval.dtype });
const floats = (list: readonly Tensor[]): Tensor[] => list.filter(isDifferentiable);
const present = (list: readonly MaybeTensor[]): Tensor[] => list.filter((t) => t !== null);

const op: Primitive = /* @__PURE__ */ register<ScanAttrs>({
  name: "scan",
  doc: "Runs a subgraph for each element of sequences, carrying values from step to step.",
  onnx: "Scan",
  infer(inputs, attrs) {
    const [, carries] = parts(inputs, attrs);
    const outputs = outputAvals(attrs.body);
    requireSame(
      "scan: the carry must keep its type; it starts and ends a step as",
      carries,
      outputs.slice(0, attrs.carries),
    );
    const stacked = outputs.slice(attrs.carries).map((y) => ({ shape: [attrs.length, ...y.shape], dtype: y.dtype }));
    return [...carries.map(({ shape, dtype }) => ({ shape, dtype })), ...stacked];
  },
  lowering: { kind: "steps", steps: lowerScan },
  evaluate(inputs, attrs) {
    const [constants, start, sequences] = parts(inputs, attrs);
    let carry = start;
    const rows: Tensor[][] = [];
    for (let step = 0; step < attrs.length; step++) {
      const at = constant(attrs.reverse ? attrs.length - 1 - step : step, "int32");
      const results = evaluate(attrs.body, [...constants, ...carry, ...sequences.map((xs) => xs.gather(at))]);
      carry = results.slice(0, attrs.carries);
      rows.push(results.slice(attrs.carries));
    }
    if (attrs.reverse) rows.reverse();
    const ys = outputAvals(attrs.body).slice(attrs.carries);
    return [
      ...carry,
      ...ys.map((y, i) =>
        rows.length === 0 ? zeros([0, ...y.shape], y.dtype) : stack(rows.map((row) => row[i] as Tensor)),
      ),
    ];
  },
  jvp(primals, tangents, outputs, attrs, transforms) {
    const [constants, carries, sequences] = parts(primals, attrs);
    const [dConstants, dCarries, dSequences] = parts(tangents, attrs);
    const active = [
      ...dConstants.map((t) => t !== null),
      ...carries.map(isDifferentiable),
      ...dSequences.map((t) => t !== null),
    ];
    const inner = transforms.jvp(attrs.body, active);
    const [nC, nD, nX] = [present(dConstants).length, floats(carries).length, present(dSequences).length];
    const avals = [
      ...constants,
      ...present(dConstants),
      ...carries,
      ...floats(carries),
      ...[...sequences, ...present(dSequences)].map(element),
    ];
    const body = buildGraph(avals, (...args) => {
      const take = (n: number): Tensor[] => args.splice(0, n);
      const [c, dc, s, ds, x, dx] = [constants.length, nC, carries.length, nD, sequences.length, nX].map(take) as [
        Tensor[],
        Tensor[],
        Tensor[],
        Tensor[],
        Tensor[],
        Tensor[],
      ];
      const results = evaluate(inner, [...c, ...s, ...x, ...dc, ...ds, ...dx]);
      const values = results.slice(0, outputs.length);
      const dValues = results.slice(outputs.length);
      const dCarry = dValues.slice(0, nD);
      return [...values.slice(0, attrs.carries), ...dCarry, ...values.slice(attrs.carries), ...dValues.slice(nD)];
    });
    const started = carries.flatMap((c, i) => (isDifferentiable(c) ? [dCarries[i] ?? zerosLike(c)] : []));
    const results = bindAll(op, { ...attrs, body, constants: constants.length + nC, carries: carries.length + nD }, [
      ...constants,
      ...present(dConstants),
      ...carries,
      ...started,
      ...sequences,
      ...present(dSequences),
    ]);
    const ys = outputs.length - attrs.carries;
    const found = [...results.slice(attrs.carries, attrs.carries + nD), ...results.slice(attrs.carries + nD + ys)];
    return outputs.map((y) => (isDifferentiable(y) ? (found.shift() as Tensor) : null));
  },
  vjp(primals, outputs, cotangents, attrs, needed, transforms) {
    const [constants, carries, sequences] = parts(primals, attrs);
    const saved = savedCarries(primals, attrs);
    const [needConstants, , needSequences] = parts(needed, attrs);
    const wantC = constants.map((t, i) => needConstants[i] === true && isDifferentiable(t));
    const wantX = sequences.map((t, i) => needSequences[i] === true && isDifferentiable(t));
    const inner = transforms.vjp(attrs.body, [...wantC, ...carries.map(isDifferentiable), ...wantX]);
    const summed = constants.filter((_, i) => wantC[i]);
    const given = outputs.map((y, i) => (isDifferentiable(y) ? (cotangents[i] ?? zerosLike(y)) : null));
    const ctCarry = present(given.slice(0, attrs.carries));
    const ctYs = present(given.slice(attrs.carries));
    // One step backwards: the carry and the summed gradients of the constants travel, the carries of the forward pass,
    // the elements and the cotangents of the results come in.
    const avals = [...constants, ...ctCarry, ...summed, ...[...saved, ...sequences, ...ctYs].map(element)];
    const body = buildGraph(avals, (...args) => {
      const take = (n: number): Tensor[] => args.splice(0, n);
      const [c, dCarry, sums, s, x, dy] = [constants, ctCarry, summed, saved, sequences, ctYs].map((l) =>
        take(l.length),
      ) as [Tensor[], Tensor[], Tensor[], Tensor[], Tensor[], Tensor[]];
      const results = evaluate(inner, [...c, ...s, ...x, ...dCarry, ...dy]);
      const dConstants = results.slice(0, summed.length);
      const dCarries = results.slice(summed.length, summed.length + ctCarry.length);
      const dSequences = results.slice(summed.length + ctCarry.length);
      return [...dCarries, ...sums.map((sum, i) => sum.add(dConstants[i] as Tensor)), ...dSequences];
    });
    const results = bindAll(
      op,
      {
        body,
        constants: constants.length,
        carries: ctCarry.length + summed.length,
        length: attrs.length,
        reverse: !attrs.reverse,
      },
      [...constants, ...ctCarry, ...summed.map(zerosLike), ...saved, ...sequences, ...ctYs],
    );
    const back = results.splice(0, ctCarry.length);
    const sums = results.splice(0, summed.length);
    return [
      ...wantC.map((w) => (w ? (sums.shift() as Tensor) : null)),
      ...carries.map((t) => (isDifferentiable(t) ? (back.shift() as Tensor) : null)),
      ...wantX.map((w) => (w ? (results.shift() as Tensor) : null)),
    ];
  },
  batch(inputs, batched, size, attrs, transforms) {
    const [constants, carries, sequences] = parts(inputs, attrs);
    const [inC, inS, inX] = parts(batched, attrs);
    // A carry that varies anywhere in the loop varies everywhere: repeat until nothing more does.
    let varies = inS;
    for (;;) {
      const out = transforms.vmap(attrs.body, [...inC, ...varies, ...inX], size).batched.slice(0, attrs.carries);
      const next = varies.map((v, i) => v || out[i] === true);
      if (next.every((v, i) => v === varies[i])) break;
      varies = next;
    }
    const ys = outputAvals(attrs.body).length - attrs.carries;
    const force = [...varies, ...new Array<boolean>(ys).fill(true)];
    const body = transforms.vmap(attrs.body, [...inC, ...varies, ...inX], size, force).graph;
    const start = carries.map((c, i) =>
      varies[i] === true && inS[i] !== true ? (batchAll([c], [false], size)[0] as Tensor) : c,
    );
    const moved = sequences.map((xs, i) => (inX[i] === true ? xs.moveAxis(0, 1) : xs));
    const results = bindAll(op, { ...attrs, body }, [...constants, ...start, ...moved]);
    return results.map((y, i) =>
      i >= attrs.carries ? y.moveAxis(1, 0) : varies[i] === true ? y : (batchAll([y], [false], size)[0] as Tensor),
    );
  },
  samples: () =>
    [false, true].map((reverse) => {
      const inputs = [example([2], 0.5, 1), example([2], 0.5, 1, 1), example([3, 2], 0.5, 1, 2)];
      const step = (w: Tensor, h: Tensor, x: Tensor): Tensor[] => [h.mul(w).add(x).tanh(), h.mul(x)];
      const avals = [inputs[0], inputs[1], example([2])] as Tensor[];
      const body = traceBranch("sample", (...args) => step(...(args as [Tensor, Tensor, Tensor])), avals).graph;
      return { inputs, attrs: { body, constants: 1, carries: 1, length: 3, reverse } };
    }),
});

/** The carry at the start of each step, stacked. */
function savedCarries(primals: readonly Tensor[], attrs: ScanAttrs): Tensor[] {
  const body = buildGraph(inputAvals(attrs.body), (...args) => {
    const [, carries] = parts(args, attrs);
    return [...evaluate(attrs.body, args).slice(0, attrs.carries), ...carries];
  });
  return bindAll(op, { ...attrs, body }, primals).slice(attrs.carries);
}

function lowerScan(
  build: StepBuilder,
  inputs: readonly BufferRef[],
  outputs: readonly BufferRef[],
  attrs: ScanAttrs,
): Step[] {
  const [constants, start, sequences] = parts(inputs, attrs);
  const carries = outputs.slice(0, attrs.carries);
  const results = outputs.slice(attrs.carries);
  const counter = build.temporary({ shape: [], dtype: "int32" });
  const position = attrs.reverse ? build.temporary({ shape: [], dtype: "int32" }) : counter;
  const elements = sequences.map((xs) => build.temporary(element(xs)));
  const updates = new Map(carries.map((_, i) => [i, constants.length + i]));
  const body = build.graph(attrs.body, [...constants, ...carries, ...elements], updates);
  const place = attrs.reverse ? build.graph(reversedPosition(attrs.length), [counter]) : undefined;
  return [
    ...copyAll(build.copy, start, carries),
    {
      kind: "repeat",
      count: attrs.length,
      counter: counter.id,
      body: [
        ...(place === undefined ? [] : [...place.steps, build.copy(place.outputs[0] as BufferRef, position)]),
        ...sequences.map((xs, i) => build.read(xs, position, elements[i] as BufferRef)),
        ...body.steps,
        ...results.map((ys, i) => build.write(body.outputs[attrs.carries + i] as BufferRef, ys, position)),
        // What could not be updated in place is in temporaries: a new carry may depend on another's old value.
        ...copyAll(build.copy, body.outputs.slice(0, attrs.carries), carries),
      ],
    },
  ];
}

const reversedPosition = (length: number): Graph =>
  buildGraph([{ shape: [], dtype: "int32" }], (i) => [constant(length - 1, "int32").sub(i as Tensor)]);

export interface ScanOptions {
  /** Number of steps, when there are no sequences to tell it. */
  readonly length?: number;
  /** Start with the last element; results keep the order of the sequences. */
  readonly reverse?: boolean;
}

/**
 * Carries `init` through a loop: [carry, y] = f(carry, x) for each x along the first axis of the tensors of `xs`.
 * Gives the last carry and all y, stacked. Differentiable in both modes.
 *
 * @param xs a tree of tensors with a common first extent, or null with `options.length`
 * @example
 * ```ts
 * import { scan, type Tensor, tensor } from "chainrule";
 * const [total, sums] = scan((sum: Tensor, x: Tensor) => [sum.add(x), sum.add(x)], tensor(0), tensor([1, 2, 3]));
 * await total.item(); // → 6
 * await sums.array(); // → [ 1, 3, 6 ]
 * ```
 */
export function scan<C, X, Y>(
  f: (carry: TensorTree<C>, x: TensorTree<X>) => readonly [NoInfer<C | TensorTree<C>>, Y],
  init: C,
  xs: X,
  options: ScanOptions = {},
): [TensorTree<C>, TensorTree<Y>] {
  const carry = flatten(init);
  const sequence = flatten(xs);
  const length = options.length ?? sequence.leaves[0]?.shape[0];
  if (length === undefined) throw shapeError("scan", "needs sequences with a first axis, or options.length.");
  if (!Number.isInteger(length) || length < 0)
    throw shapeError("scan", `options.length must be an integer of at least 0, not ${length}.`);
  for (const [i, leaf] of sequence.leaves.entries()) {
    if (leaf.shape[0] !== length) {
      throw shapeError(
        "scan",
        `xs${sequence.paths[i]} has shape ${formatShape(leaf.shape)}, but there are ${length} steps.`,
      );
    }
  }
  const items = unflatten(
    sequence.structure,
    sequence.leaves.map((leaf) => zerosOf(element(leaf))),
  );
  const step = (c: unknown, x: unknown): unknown => f(c as TensorTree<C>, x as TensorTree<X>);
  const traced = traceBranch("scan", step, [unflatten(carry.structure, carry.leaves), items], {
    kind: "array",
    items: [carry.structure],
  });
  const { structure } = traced;
  if (structure.kind !== "array" || structure.items.length !== 2) {
    throw shapeError("scan", "the function must return a pair [carry, result]; use null for no result.");
  }
  const [carryStructure, resultStructure] = structure.items as [typeof structure, typeof structure];
  requireSameStructure(
    "scan: the function returns a carry of another structure than it takes",
    carry.structure,
    carryStructure,
  );
  const { graph, captured } = traced;
  const own = carry.leaves.length + sequence.leaves.length;
  const body = createGraph([...graph.inputs.slice(own), ...graph.inputs.slice(0, own)], graph.outputs);
  const attrs = {
    body,
    constants: captured.length,
    carries: carry.leaves.length,
    length,
    reverse: options.reverse === true,
  };
  const results = bindAll(op, attrs, [...captured, ...carry.leaves, ...sequence.leaves]);
  const last = results.splice(0, carry.leaves.length);
  return [unflatten(carryStructure, last) as TensorTree<C>, unflatten(resultStructure, results) as TensorTree<Y>];
}

/** A stand-in for tracing, of which only the type matters. */
const zerosOf = (aval: Aval): Tensor => zeros(aval.shape, aval.dtype);
