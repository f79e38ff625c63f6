/** What the generated tests of primitives are made of: samples in double precision, and ways to run a primitive. */
import { compileGraph } from "../../src/compile/index.ts";
import { type Attrs, type AttrValue, type Aval, avalOf, type Graph, isGraph, type Node } from "../../src/graph/node.ts";
import type { Primitive, Sample } from "../../src/graph/primitive.ts";
import { INPUT, PICK } from "../../src/graph/structural.ts";
import { bindAll, buildGraph } from "../../src/graph/trace.ts";
import { verifyGraph } from "../../src/graph/verify.ts";
import { verifyProgram } from "../../src/loop/verify.ts";
import { allPrimitives } from "../../src/ops/index.ts";
import type { Target } from "../../src/target/target.ts";
import { allocate, isFloat, type TypedArray } from "../../src/tensor/dtype.ts";
import { sizeOf } from "../../src/tensor/shape.ts";
import { fromData, type Tensor } from "../../src/tensor/tensor.ts";

/** Loops whose number of steps depends on values have no reverse mode; errors.test.ts reads what they say of it. */
export const FORWARD_ONLY: readonly string[] = ["whileLoop"];

/** A primitive with attributes and inputs to apply it to. */
export interface Case {
  readonly name: string;
  readonly op: Primitive;
  readonly attrs: Attrs;
  readonly inputs: readonly Tensor[];
  /** Whether the derivative is defined at the inputs. */
  readonly differentiable: boolean;
}

/** Every sample of every primitive, as its file gives it. */
export const cases: readonly Case[] = allPrimitives().flatMap((op) =>
  op.samples().map(({ inputs, attrs = {}, differentiable = true }: Sample, i) => ({
    name: `${op.name} ${i}: ${inputs.map((t) => `${t.dtype}[${t.shape.join()}]`).join(", ")}`,
    op,
    attrs,
    inputs,
    differentiable,
  })),
);

const widenAval = ({ shape, dtype }: Aval): Aval => ({ shape, dtype: dtype === "float32" ? "float64" : dtype });

/** The case with float64 for float32, in inputs, attributes and subgraphs. */
export const widen = (one: Case): Case => ({
  ...one,
  attrs: widenAttrs(one.attrs),
  inputs: one.inputs.map(widenTensor),
});

const widenTensor = (t: Tensor): Tensor =>
  t.dtype === "float32" ? fromData(Float64Array.from(t.dataSync()), t.shape, "float64") : t;

function widenAttrs(attrs: Attrs): Attrs {
  const widened = (key: string, value: AttrValue): AttrValue =>
    isGraph(value) ? widenGraph(value) : key === "dtype" && value === "float32" ? "float64" : value;
  return Object.fromEntries(Object.entries(attrs).map(([key, value]) => [key, widened(key, value)]));
}

function widenGraph(graph: Graph): Graph {
  return buildGraph(graph.inputs.map(avalOf).map(widenAval), (...args) => {
    const values = new Map<Node, readonly Tensor[]>(graph.inputs.map((node, i) => [node, [args[i] as Tensor]]));
    const valueOf = (node: Node): readonly Tensor[] => values.get(node) as readonly Tensor[];
    for (const node of graph.nodes) {
      if (node.op === INPUT) continue;
      const [source] = node.inputs;
      if (node.op === PICK) values.set(node, [valueOf(source as Node)[node.attrs.index as number] as Tensor]);
      else
        values.set(
          node,
          bindAll(
            node.op,
            widenAttrs(node.attrs),
            node.inputs.map((n) => valueOf(n)[0] as Tensor),
          ),
        );
    }
    return graph.outputs.map((node) => valueOf(node)[0] as Tensor);
  });
}

/** The primitive as a program, run once. Outputs hold `before` everywhere when it starts. */
export function runOn(
  target: Target,
  { op, attrs, inputs }: Omit<Case, "name" | "differentiable">,
  before = 0,
): TypedArray[] {
  const graph = buildGraph(inputs, (...args) => bindAll(op, attrs, args));
  verifyGraph(graph);
  const { program, graph: simplified } = compileGraph(graph);
  verifyGraph(simplified);
  verifyProgram(program);
  const executable = target.instantiate(program);
  for (const id of program.outputs) if (!program.inputs.includes(id)) executable.view(id).fill(before);
  inputs.forEach((t, i) => {
    executable.view(program.inputs[i] as number).set(t.dataSync());
  });
  executable.run();
  return program.outputs.map((id) => executable.view(id).slice());
}

/** Numbers in [−1, 1) that look random, in the shape and dtype of a tensor: a direction. */
export function direction(like: Aval, seed: number): Tensor {
  const numbers = allocate(like.dtype, sizeOf(like.shape));
  numbers.forEach((_, i) => {
    numbers[i] = ((Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1))) * 43758.5453) % 1) * 2 - 1;
  });
  return fromData(numbers, like.shape, like.dtype);
}

/** x + h·v, on the host. */
export function moved(x: Tensor, v: Tensor, h: number): Tensor {
  const step = v.dataSync();
  return fromData(x.dataSync().map((value, i) => value + h * (step[i] as number)) as TypedArray, x.shape, x.dtype);
}

export const numbersOf = (tensors: readonly Tensor[]): number[] => tensors.flatMap((t) => [...t.dataSync()]);

export const dot = (a: readonly Tensor[], b: readonly Tensor[]): number => {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
};

/** A case as a function of its float inputs, giving its float results. */
export function floatFunction({ op, attrs, inputs }: Case) {
  const floats = inputs.filter((t) => isFloat(t.dtype));
  const f = (...values: Tensor[]): Tensor[] => {
    const rest = [...values];
    const all = inputs.map((t) => (isFloat(t.dtype) ? (rest.shift() as Tensor) : t));
    return bindAll(op, attrs, all).filter((t) => isFloat(t.dtype));
  };
  return { f, floats };
}

/** (g(x + h·v) − g(x − h·v)) / 2h for a function of lists of tensors. */
export function centralDifference(
  g: (...x: Tensor[]) => readonly Tensor[],
  x: readonly Tensor[],
  v: readonly Tensor[],
  h = 1e-5,
): number[] {
  const at = (step: number): number[] => numbersOf(g(...x.map((t, i) => moved(t, v[i] as Tensor, step))));
  const [above, below] = [at(h), at(-h)];
  return above.map((value, i) => (value - (below[i] as number)) / (2 * h));
}

/** Three inputs for one, as examples of a batch: the sample itself and two that differ from it. */
export function variants(t: Tensor): Tensor[] {
  const numbers = t.dataSync();
  const change = (value: number, b: number): number => {
    if (isFloat(t.dtype)) return value * (1 - 0.05 * b);
    return t.dtype === "bool" ? (value + b) % 2 : value - b;
  };
  return [0, 1, 2].map((b) => fromData(numbers.map((value) => change(value, b)) as TypedArray, t.shape, t.dtype));
}
