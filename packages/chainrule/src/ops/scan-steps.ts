/** The steps of a scan: a loop over buffers that hold the carries, and elements of the sequences in turn. */
import type { Aval, Graph } from "../graph/node.ts";
import type { BufferRef, StepBuilder } from "../graph/primitive.ts";
import { buildGraph } from "../graph/trace.ts";
import type { Step } from "../loop/ir.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { constant, zerosLike } from "./constant.ts";
import { copyAll } from "./control.ts";

/**
 * Inputs: constants, initial carries, sequences; the body takes constants, carries and one element of each sequence,
 * and gives new carries and one element of each result.
 */
export interface ScanAttrs {
  readonly body: Graph;
  readonly constants: number;
  readonly carries: number;
  readonly length: number;
  /** From the last element to the first. */
  readonly reverse: boolean;
  /** The first constant tells how many elements there are; those after them are left out, and their results are 0. */
  readonly bounded: boolean;
  readonly [key: string]: Graph | number | boolean;
}

/** Splits a list in the order constants, carries, rest. */
export function parts<T>(list: readonly T[], { constants, carries }: ScanAttrs): [T[], T[], T[]] {
  return [list.slice(0, constants), list.slice(constants, constants + carries), list.slice(constants + carries)];
}

export const element = (aval: Aval): Aval => ({ shape: aval.shape.slice(1), dtype: aval.dtype });

const COUNTER: Aval = { shape: [], dtype: "int32" };
const IN_PLACE: ReadonlyMap<number, number> = new Map([[0, 0]]);

export function lowerScan(
  build: StepBuilder,
  inputs: readonly BufferRef[],
  outputs: readonly BufferRef[],
  attrs: ScanAttrs,
): Step[] {
  const [constants, start, sequences] = parts(inputs, attrs);
  const carries = outputs.slice(0, attrs.carries);
  const results = outputs.slice(attrs.carries);
  const bound = attrs.bounded ? (constants[0] as BufferRef) : undefined;
  const counter = build.temporary(COUNTER);
  const position = attrs.reverse ? build.temporary(COUNTER) : counter;
  const elements = sequences.map((xs) => build.temporary(element(xs)));
  const updates = new Map(carries.map((_, i) => [i, constants.length + i]));
  const body = build.graph(attrs.body, [...constants, ...carries, ...elements], updates);
  const place = attrs.reverse
    ? build.graph(fromBehind(attrs.length, bound), bound === undefined ? [counter] : [counter, bound])
    : undefined;
  const steps = [
    ...(place === undefined ? [] : [...place.steps, build.copy(place.outputs[0] as BufferRef, position)]),
    ...sequences.map((xs, i) => build.read(xs, position, elements[i] as BufferRef)),
    ...body.steps,
    ...results.map((ys, i) => build.write(body.outputs[attrs.carries + i] as BufferRef, ys, position)),
    // What could not be updated in place is in temporaries: a new carry may depend on another's old value.
    ...copyAll(build.copy, body.outputs.slice(0, attrs.carries), carries),
  ];
  const begin = copyAll(build.copy, start, carries);
  if (bound === undefined) return [...begin, { kind: "repeat", count: attrs.length, counter: counter.id, body: steps }];
  const [check] = [build.graph(isBelow(attrs.length), [counter, bound])];
  return [
    ...begin,
    ...[...results, counter].flatMap((buffer) => overwrite(build, buffer, zerosLike)),
    {
      kind: "while",
      test: check.steps,
      condition: (check.outputs[0] as BufferRef).id,
      body: [...steps, ...overwrite(build, counter, (i) => i.add(constant(1, "int32")))],
    },
  ];
}

/** Replaces what a buffer holds by a function of it, element by element. */
function overwrite(build: StepBuilder, buffer: BufferRef, f: (x: Tensor) => Tensor): Step[] {
  const { steps, outputs } = build.graph(
    buildGraph([buffer], (x) => [f(x as Tensor)]),
    [buffer],
    IN_PLACE,
  );
  return [...steps, ...copyAll(build.copy, outputs, [buffer])];
}

const isBelow = (length: number): Graph =>
  buildGraph([COUNTER, COUNTER], (...[i, bound]) => [
    (i as Tensor).less((bound as Tensor).minimum(constant(length, "int32"))),
  ]);

/** The position of a step's element when the last one comes first. */
function fromBehind(length: number, bound: BufferRef | undefined): Graph {
  return buildGraph(bound === undefined ? [COUNTER] : [COUNTER, COUNTER], (...[i, count]) => {
    const end = constant(length, "int32");
    return [(count?.minimum(end) ?? end).sub(constant(1, "int32")).sub(i as Tensor)];
  });
}
