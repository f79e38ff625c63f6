/** Carries out single operations on concrete tensors, outside of any compiled function. */
import { type Attrs, type Aval, attrKey, createGraph, createNode } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";
import { INPUT } from "../graph/structural.ts";
import { setEvaluator } from "../graph/trace.ts";
import { kernelCost } from "../loop/cost.ts";
import { kernelsOf } from "../loop/dag.ts";
import type { Program } from "../loop/ir.ts";
import type { Executable } from "../target/target.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { compileGraph } from "./program.ts";
import { targetOf } from "./targets.ts";

interface Prepared {
  readonly program: Program;
  executable: Executable;
  /** Scalar operations and bytes of a run. */
  readonly work: number;
  /** How much of that may still be interpreted. */
  patience: number;
}

/** Programs of single operations, most recently used last. */
const prepared = new Map<string, Prepared>();
let preparedBytes = 0;

/** What is kept of them: enough for a network that is stepped through by hand, not all that a long session has met. */
const MOST_PREPARED = 256;
const MOST_BYTES = 256 * 2 ** 20;

/** Below this many scalar operations and bytes, interpreting is quicker than compiling. */
const SMALL = 50_000;

/**
 * After that much interpreting, compiling would have been quicker. But only programs without arithmetic on floats are
 * compiled late: they give the same on every target, while others would round in two ways.
 */
const PATIENCE = 20 * SMALL;

setEvaluator((op, attrs, inputs, avals) => {
  const { program, executable } = ready(prepare(op, attrs, inputs, avals));
  inputs.forEach((t, i) => {
    executable.view(program.inputs[i] as number).set(t.payload as TypedArray);
  });
  executable.run();
  return avals.map(({ shape, dtype }, i) =>
    fromData(executable.view(program.outputs[i] as number).slice(), shape, dtype),
  );
});

function prepare(op: Primitive, attrs: Attrs, inputs: readonly Tensor[], avals: readonly Aval[]): Prepared {
  const types = inputs.map((t) => `${t.dtype}[${t.shape.join()}]`).join();
  const key = `${targetOf().name} ${op.name}${attrKey(attrs)}${types}`;
  const known = prepared.get(key);
  if (known !== undefined) {
    prepared.delete(key);
    prepared.set(key, known);
    return known;
  }
  const nodes = inputs.map(({ shape, dtype }) => createNode(INPUT, [], {}, [{ shape, dtype }]));
  const { program } = compileGraph(createGraph(nodes, [createNode(op, nodes, attrs, avals)]));
  const { flops, work } = costOf(program);
  const small = work < SMALL;
  const executable = (small ? targetOf("js") : targetOf()).instantiate(program);
  const made = { program, executable, work, patience: small && flops === 0 ? PATIENCE : Number.POSITIVE_INFINITY };
  keep(key, made);
  return made;
}

/** The same, compiled if it has been interpreted for long enough. */
function ready(made: Prepared): Prepared {
  made.patience -= made.work;
  if (made.patience >= 0) return made;
  made.executable = targetOf().instantiate(made.program);
  made.patience = Number.POSITIVE_INFINITY;
  return made;
}

/** Remembers a program, at the expense of those that have not been used for longest. */
function keep(key: string, made: Prepared): void {
  prepared.set(key, made);
  preparedBytes += made.program.arenaBytes;
  for (const [oldest, { program }] of prepared) {
    if (prepared.size === 1 || (prepared.size <= MOST_PREPARED && preparedBytes <= MOST_BYTES)) return;
    prepared.delete(oldest);
    preparedBytes -= program.arenaBytes;
  }
}

function costOf(program: Program): { readonly flops: number; readonly work: number } {
  let [flops, work] = [0, 0];
  for (const kernel of kernelsOf(program.steps)) {
    const cost = kernelCost(kernel);
    flops += cost.flops;
    work += cost.operations + cost.bytes;
  }
  return { flops, work };
}
