/** Lowers a graph to the steps of a program, and control flow to nested steps. */
import type { Aval, Graph, Node } from "../graph/node.ts";
import type { BufferRef, StepBuilder } from "../graph/primitive.ts";
import { INPUT } from "../graph/structural.ts";
import { ExprPool, variable } from "../loop/build.ts";
import type { BufferRole, Expr, Kernel, Step } from "../loop/ir.ts";
import { sizeOf } from "../tensor/shape.ts";
import { fuse, type Unit } from "./fuse.ts";
import { canOverwrite, resultOf } from "./in-place.ts";
import { lowerUnit } from "./kernels.ts";
import { simplify } from "./simplify.ts";

/** A buffer before it has a place in the arena. */
export interface PlannedBuffer extends BufferRef {
  readonly name: string;
  readonly role: BufferRole;
}

export interface Lowered {
  readonly steps: readonly Step[];
  /** Where each output of the graph is. An output that is an input is copied. */
  readonly outputs: readonly BufferRef[];
}

/** Collects the buffers of one program while its graph, and the graphs inside it, are lowered. */
export class Lowering implements StepBuilder {
  readonly buffers: PlannedBuffer[] = [];
  /** The simplified graph at the top, for people to read. */
  simplified: Graph | undefined;

  buffer(name: string, { shape, dtype }: Aval, role: BufferRole): PlannedBuffer {
    const buffer = { id: this.buffers.length, name, shape, dtype, role };
    this.buffers.push(buffer);
    return buffer;
  }

  temporary(aval: Aval): BufferRef {
    return this.buffer("temporary", aval, "temporary");
  }

  /**
   * Outputs in `updates` are in the buffer of the input that they replace where that can be; `place` may choose the
   * buffers of others; all else gets temporaries.
   */
  graph(
    original: Graph,
    inputs: readonly BufferRef[],
    updates: ReadonlyMap<number, number> = new Map(),
    place?: (output: number, node: Node) => BufferRef | undefined,
  ): Lowered {
    const graph = simplify(original);
    this.simplified ??= graph;
    const fusion = fuse(graph);
    const { units, stored } = fusion;
    const wanted = new Map<number, BufferRef>();
    graph.outputs.forEach((node, i) => {
      const replaced = updates.get(i);
      const inPlace = replaced !== undefined && canOverwrite(graph, fusion, node, graph.inputs[replaced] as Node);
      const buffer = inPlace ? inputs[replaced] : place?.(i, node);
      if (buffer !== undefined) wanted.set(i, buffer);
    });
    const buffers = new Map<Node, BufferRef[]>();
    graph.inputs.forEach((node, i) => {
      buffers.set(node, [inputs[i] as BufferRef]);
    });
    const bufferOf = (node: Node): BufferRef | undefined => {
      const { root, index } = resultOf(node);
      return buffers.get(root)?.[index];
    };
    const chosen = chooseBuffers(graph, wanted);
    const steps: Step[] = [];
    for (const unit of units) {
      for (const root of unit.roots) {
        if (!stored.has(root)) continue;
        const name = [root.scope, root.op.name].filter((part) => part !== "").join(" ");
        const own = root.avals.map((aval, i) => chosen.get(root)?.get(i) ?? this.buffer(name, aval, "temporary"));
        buffers.set(root, own);
      }
      steps.push(...this.#unit(unit, bufferOf, buffers));
    }
    const outputs = graph.outputs.map((node, i) => {
      const buffer = bufferOf(node) as BufferRef;
      if (wanted.get(i)?.id === buffer.id || (!wanted.has(i) && node.op !== INPUT)) return buffer;
      const target = wanted.get(i) ?? this.temporary(buffer);
      steps.push(this.copy(buffer, target));
      return target;
    });
    return { steps, outputs };
  }

  #unit(unit: Unit, bufferOf: (node: Node) => BufferRef | undefined, buffers: ReadonlyMap<Node, BufferRef[]>): Step[] {
    if (unit.kind !== "steps") {
      const scratch = (like: BufferRef, elements: number): BufferRef =>
        this.buffer("packing", { shape: [elements], dtype: like.dtype }, "temporary");
      return [{ kind: "kernel", kernel: lowerUnit(unit, bufferOf, scratch) }];
    }
    const [node] = unit.roots as [Node];
    const { lowering } = node.op;
    if (lowering.kind !== "steps") throw new Error(`${node.op.name} is not control flow`);
    const inputs = node.inputs.map((input) => bufferOf(input) as BufferRef);
    return lowering.steps(this, inputs, buffers.get(node) as BufferRef[], node.attrs);
  }

  copy(from: BufferRef, to: BufferRef): Step {
    return { kind: "kernel", kernel: copyKernel(`copy ${sizeOf(from.shape)}`, from, to, sizeOf(from.shape)) };
  }

  read(from: BufferRef, index: BufferRef, to: BufferRef): Step {
    const size = sizeOf(to.shape);
    return {
      kind: "kernel",
      kernel: copyKernel("read row", from, to, size, (k) => [rowStart(k, index, size), k.int(0)]),
    };
  }

  write(from: BufferRef, to: BufferRef, index: BufferRef): Step {
    const size = sizeOf(from.shape);
    return {
      kind: "kernel",
      kernel: copyKernel("write row", from, to, size, (k) => [k.int(0), rowStart(k, index, size)]),
    };
  }

  // StepBuilder's methods are handed around as functions.
  constructor() {
    this.copy = this.copy.bind(this);
  }
}

const rowStart = (k: ExprPool, index: BufferRef, size: number): Expr =>
  k.call("mul", k.load("int32", index.id, k.int(0)), k.int(size));

function copyKernel(
  name: string,
  from: BufferRef,
  to: BufferRef,
  size: number,
  starts: (k: ExprPool) => readonly [Expr, Expr] = (k) => [k.int(0), k.int(0)],
): Kernel {
  const k = new ExprPool();
  const i = variable("i", "int32");
  const [source, target] = starts(k).map((start): [Expr, Expr] => {
    const v = variable("start", "int32");
    return start.kind === "const" ? [start, start] : [start, v];
  }) as [[Expr, Expr], [Expr, Expr]];
  const lets = [source, target].flatMap(([value, v]) =>
    v.kind === "var" ? [{ kind: "let" as const, target: v, value }] : [],
  );
  const at = ([, start]: [Expr, Expr]): Expr => k.call("add", start, i);
  const value = k.load(from.dtype, from.id, at(source));
  const store = { kind: "store" as const, buffer: to.id, index: at(target), value };
  return {
    name,
    body: size === 0 ? [] : [...lets, { kind: "for", index: i, extent: size, simd: size >= 4, body: [store] }],
  };
}

/** The buffers that outputs want, for the results of the nodes that compute them. */
function chooseBuffers(graph: Graph, wanted: ReadonlyMap<number, BufferRef>): Map<Node, Map<number, BufferRef>> {
  const chosen = new Map<Node, Map<number, BufferRef>>();
  for (const [output, buffer] of wanted) {
    const { root, index } = resultOf(graph.outputs[output] as Node);
    if (root.op === INPUT) continue;
    const results = chosen.get(root) ?? new Map<number, BufferRef>();
    chosen.set(root, results);
    if (!results.has(index)) results.set(index, buffer);
  }
  return chosen;
}
