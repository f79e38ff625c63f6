/** A loop with a fixed number of steps that carries values along and collects one result a step. */
import { DTypeError, located } from "../graph/errors.ts";
import { type Aval, createGraph, createNode, type Node } from "../graph/node.ts";
import type { MaybeTensor, Primitive } from "../graph/primitive.ts";
import { INPUT } from "../graph/structural.ts";
import { bindAll, buildGraph, evaluate, isDifferentiable } from "../graph/trace.ts";
import { tensor } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { concatenate, stack } from "./concatenate.ts";
import { constant, zeros, zerosLike } from "./constant.ts";
import { inputAvals, outputAvals, requireSame, requireSameStructure, traceBody, traceBranch } from "./control.ts";
import { batchAll, example, shapeError } from "./define.ts";
import { register } from "./registry.ts";
import { element, lowerScan, parts, type ScanAttrs } from "./scan-steps.ts";
import { where } from "./select.ts";

const floats = (list: readonly Tensor[]): Tensor[] => list.filter(isDifferentiable);
const present = (list: readonly MaybeTensor[]): Tensor[] => list.filter((t) => t !== null);

const op: Primitive = /* @__PURE__ */ register<ScanAttrs>({
  name: "scan",
  doc: "Runs a subgraph for each element of sequences, carrying values from step to step.",
  onnx: "Scan",
  infer(inputs, attrs) {
    const [, carries] = parts(inputs, attrs);
    const outputs = outputAvals(attrs.body);
    const [bound] = inputs;
    if (attrs.bounded && (bound?.dtype !== "int32" || bound.shape.length > 0)) {
      const found = `${bound?.dtype}${formatShape(bound?.shape ?? [])}`;
      throw new DTypeError(located(`scan: options.steps must be an int32 scalar; it is ${found}.`));
    }
    requireSame(
      "scan: the carry must keep its type; it starts and ends a step as",
      carries,
      outputs.slice(0, attrs.carries),
    );
    const stacked = outputs.slice(attrs.carries).map((y) => ({ shape: [attrs.length, ...y.shape], dtype: y.dtype }));
    return [...carries.map(({ shape, dtype }) => ({ shape, dtype })), ...stacked];
  },
  lowering: {
    kind: "steps",
    steps: lowerScan,
    carried: ({ constants, carries }) => new Map(Array.from({ length: carries }, (_, i) => [i, constants + i])),
  },
  evaluate(inputs, attrs) {
    const [constants, start, sequences] = parts(inputs, attrs);
    const count = attrs.bounded
      ? Math.max(0, Math.min(attrs.length, (constants[0] as Tensor).itemSync()))
      : attrs.length;
    let carry = start;
    const rows: Tensor[][] = [];
    for (let step = 0; step < count; step++) {
      const at = constant(attrs.reverse ? count - 1 - step : step, "int32");
      const results = evaluate(attrs.body, [...constants, ...carry, ...sequences.map((xs) => xs.gather(at))]);
      carry = results.slice(0, attrs.carries);
      rows.push(results.slice(attrs.carries));
    }
    if (attrs.reverse) rows.reverse();
    const ys = outputAvals(attrs.body).slice(attrs.carries);
    return [
      ...carry,
      ...ys.map((y, i) => {
        const rest = zeros([attrs.length - count, ...y.shape], y.dtype);
        return count === 0 ? rest : concatenate([stack(rows.map((row) => row[i] as Tensor)), rest]);
      }),
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
        bounded: attrs.bounded,
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
    if (attrs.bounded && inC[0] === true) {
      const all = buildGraph(
        inputs.map((t, i) => (batched[i] === true ? element(t) : t)),
        (...args) => masked(args, attrs),
      );
      const everywhere = all.outputs.map(() => true);
      return evaluate(transforms.vmap(all, batched, size, everywhere).graph, inputs);
    }
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
  samples: () => [...samplesOf(false), ...samplesOf(true)],
});

const samplesOf = (bounded: boolean) =>
  [false, true].map((reverse) => {
    const inputs = [example([2], 0.5, 1), example([2], 0.5, 1, 1), example([3, 2], 0.5, 1, 2)];
    const step = (w: Tensor, h: Tensor, x: Tensor): Tensor[] => [h.mul(w).add(x).tanh(), h.mul(x)];
    const bound = bounded ? [tensor(2, { dtype: "int32" })] : [];
    const avals = [...bound, inputs[0], inputs[1], example([2])] as Tensor[];
    const body = traceBranch("sample", (...args) => step(...(args.slice(-3) as [Tensor, Tensor, Tensor])), avals).graph;
    const attrs = { body, constants: 1 + bound.length, carries: 1, length: 3, reverse, bounded };
    return { inputs: [...bound, ...inputs], attrs };
  });

/** A bounded scan as one over all elements, of which those after the bound change nothing. */
function masked(inputs: readonly Tensor[], attrs: ScanAttrs): Tensor[] {
  const [constants, carries, sequences] = parts(inputs, attrs);
  const start = constant(0, "int32");
  const avals = [...constants, start, ...carries, ...sequences.map(element)];
  const body = buildGraph(avals, (...args) => {
    const [step] = args.splice(constants.length, 1) as [Tensor];
    const at = attrs.reverse ? constant(attrs.length - 1, "int32").sub(step) : step;
    const counts = at.less(args[0] as Tensor);
    const [, before] = parts(args, attrs);
    const results = evaluate(attrs.body, args).map((y, i) => where(counts, y, before[i] ?? zerosLike(y)));
    return [step.add(constant(1, "int32")), ...results];
  });
  const all = { ...attrs, body, carries: carries.length + 1, bounded: false };
  return bindAll(op, all, [...constants, start, ...carries, ...sequences]).slice(1);
}

/** The carry at the start of each step, stacked. */
function savedCarries(primals: readonly Tensor[], attrs: ScanAttrs): Tensor[] {
  const body = buildGraph(inputAvals(attrs.body), (...args) => {
    const [, carries] = parts(args, attrs);
    return [...evaluate(attrs.body, args).slice(0, attrs.carries), ...carries];
  });
  return bindAll(op, { ...attrs, body }, primals).slice(attrs.carries);
}

export interface ScanOptions {
  /** Number of elements, when there are no sequences to tell it. */
  readonly length?: number;
  /** Start with the last element; results keep the order of the sequences. */
  readonly reverse?: boolean;
  /**
   * How many elements there are, an int32 scalar: those after them are left out, and their results are 0. One program
   * so serves every number up to the length of the sequences.
   */
  readonly steps?: Tensor;
}

/**
 * Carries `init` through a loop: [carry, y] = f(carry, x) for each x along the first axis of the tensors of `xs`.
 * Gives the last carry and all y, stacked. Differentiable in both modes. Boxes that `f` writes (random state of dropout,
 * parameters in a training step) are carried along, too.
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
  const length = checkLength(sequence, options);
  const items = unflatten(
    sequence.structure,
    sequence.leaves.map((leaf) => zerosOf(element(leaf))),
  );
  const step = (c: unknown, x: unknown): unknown => f(c as TensorTree<C>, x as TensorTree<X>);
  const traced = traceBody("scan", step, [unflatten(carry.structure, carry.leaves), items], {
    kind: "array",
    items: [carry.structure],
  });
  const { structure, written } = traced;
  if (structure.kind !== "array" || structure.items.length !== 2) {
    throw shapeError("scan", "the function must return a pair [carry, result]; use null for no result.");
  }
  const [carryStructure, resultStructure] = structure.items as [typeof structure, typeof structure];
  requireSameStructure(
    "scan: the function returns a carry of another structure than it takes",
    carry.structure,
    carryStructure,
  );
  const bound = options.steps === undefined ? [] : [options.steps];
  const { body, constants } = bodyOf(traced, carry.leaves.length, sequence.leaves.length, bound);
  const attrs = {
    body,
    constants: constants.length,
    carries: written.length + carry.leaves.length,
    length,
    reverse: options.reverse === true,
    bounded: bound.length > 0,
  };
  const start = written.map((box) => box.value);
  const results = bindAll(op, attrs, [...constants, ...start, ...carry.leaves, ...sequence.leaves]);
  for (const box of written) box.value = results.shift() as Tensor;
  const last = results.splice(0, carry.leaves.length);
  return [unflatten(carryStructure, last) as TensorTree<C>, unflatten(resultStructure, results) as TensorTree<Y>];
}

/** The number of elements. @throws ShapeError unless the sequences agree in it */
function checkLength(sequence: FlatTree, options: ScanOptions): number {
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
  return length;
}

/**
 * The body of the loop as a graph, and its constants: the bound, captured tensors and boxes that are only read. Boxes
 * that are written become the first carries.
 */
function bodyOf(traced: ReturnType<typeof traceBody>, carries: number, sequences: number, bound: readonly Tensor[]) {
  const { graph, captured, read, written } = traced;
  const inputs = [...graph.inputs];
  const own = inputs.splice(0, carries + sequences);
  const readInputs = new Map(read.map((box, i) => [box, inputs[i] as Node]));
  const kept = read.filter((box) => !written.includes(box));
  const changed = written.map((box) => readInputs.get(box) ?? inputLike(box.value));
  const constants = [...bound, ...kept.map((box) => box.value), ...captured];
  const constantInputs = [
    ...bound.map(inputLike),
    ...kept.map((box) => readInputs.get(box) as Node),
    ...inputs.slice(read.length),
  ];
  const outputs = [...graph.outputs];
  const values = outputs.splice(outputs.length - written.length);
  return { body: createGraph([...constantInputs, ...changed, ...own], [...values, ...outputs]), constants };
}

const inputLike = ({ shape, dtype }: Aval): Node => createNode(INPUT, [], {}, [{ shape, dtype }]);

/** A stand-in for tracing, of which only the type matters. */
const zerosOf = (aval: Aval): Tensor => zeros(aval.shape, aval.dtype);
