/** `compile`: a function as one program, with the boxes it uses resident in it. */
import type { Box } from "../graph/box.ts";
import { currentMode } from "../graph/mode.ts";
import { type Aval, avalOf, type Graph } from "../graph/node.ts";
import { currentTrace, requireSynchronous, Trace, traceFunction } from "../graph/trace.ts";
import type { Program } from "../loop/ir.ts";
import type { Executable, Target } from "../target/target.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { checkOptions, describeValue } from "../tensor/options.ts";
import { fromData, isConcrete, type Symbolic, type Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, type Structure, sameStructure, type TensorTree, unflatten } from "../tensor/tree.ts";
import { compileGraph } from "./program.ts";
import { checkTarget, type TargetName, targetOf } from "./targets.ts";

export interface CompileOptions {
  /** Default: wasm, or what setTarget chose. */
  readonly target?: TargetName;
}

/**
 * Programs that one compiled function keeps. Arguments that differ in more ways than that are better passed as tensors;
 * the program used longest ago is made anew when it is needed again.
 */
const MOST_PROGRAMS = 64;

/** A compiled function. */
export interface Compiled<A extends unknown[], R> {
  (...args: A): TensorTree<R>;
  /** The program for arguments of these shapes and dtypes, compiled if need be; it holds them, but has not run. */
  program(...args: A): CompiledProgram;
}

/**
 * Compiles a function: everything it computes becomes one program, made at the first call for each combination of
 * shapes, dtypes and structure of the arguments, and for training and evaluation mode. What is no tensor in the arguments (strings, booleans, functions) is
 * part of that combination, by identity. Boxes (such as the parameters of a model) that the function reads or sets stay
 * resident in the program between calls. Inside another trace the function is simply called.
 *
 * @param f takes and returns trees of tensors; numbers in its arguments become float32 scalars
 * @throws TypeError, RangeError for wrong options, at once; TraceError if `f` is asynchronous, when it is first called
 * @example
 * ```ts
 * import { compile, type Tensor, tensor } from "chainrule";
 * const norm = compile((x: Tensor) => x.square().sum().sqrt());
 * await norm(tensor([3, 4])).item(); // → 5
 * ```
 */
export function compile<A extends unknown[], R>(f: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  if (typeof f !== "function") throw new TypeError(`compile: takes a function, not ${describeValue(f)}.`);
  checkOptions("compile", options, ["target"]);
  if (options.target !== undefined) checkTarget("compile", options.target);
  /** Most recently used last. */
  const programs: { readonly key: string; readonly structure: Structure; readonly program: CompiledProgram }[] = [];
  const prepare = (args: FlatTree): CompiledProgram => {
    const key = `${currentMode()} ${args.leaves.map((t) => `${t.dtype}[${t.shape.join()}]`).join()}`;
    const known = programs.findLastIndex(
      (entry) => entry.key === key && sameStructure(entry.structure, args.structure),
    );
    if (known === programs.length - 1 && known >= 0) return (programs[known] as (typeof programs)[0]).program;
    const [entry = { key, structure: args.structure, program: make(args) }] =
      known >= 0 ? programs.splice(known, 1) : [];
    programs.push(entry);
    if (programs.length > MOST_PROGRAMS) programs.shift();
    return entry.program;
  };
  const make = (args: FlatTree): CompiledProgram =>
    new CompiledProgram(f as (...a: never[]) => unknown, args, targetOf(options.target));
  const compiled = (...args: A): TensorTree<R> => {
    const flat = flatten(args);
    // Also in a trace the function gets what it gets when it is compiled: tensors in place of numbers.
    if (currentTrace() !== undefined) return f(...(unflatten(flat.structure, flat.leaves) as A)) as TensorTree<R>;
    return prepare(flat).run(flat.leaves) as TensorTree<R>;
  };
  const program = (...args: A): CompiledProgram => {
    const flat = flatten(args);
    const prepared = prepare(flat);
    if (flat.leaves.every(isConcrete)) prepared.load(flat.leaves);
    return prepared;
  };
  return Object.assign(compiled, { program });
}

/** A box that lives in the program, and the version of its value that is there. */
interface Resident {
  readonly box: Box;
  readonly buffer: number;
  version: number;
}

/** One traced and compiled function, for arguments of one type. */
export class CompiledProgram {
  /** The graph as traced. Inputs: arguments, boxes read, captured tensors. Outputs: results, then boxes written. */
  readonly traced: Graph;
  /** The graph after simplification. */
  readonly graph: Graph;
  readonly program: Program;
  readonly target: Target;
  readonly #executable: Executable;
  readonly #argumentCount: number;
  readonly #structure: Structure;
  /** Types of the results, then of the boxes written. */
  readonly #resultTypes: readonly Aval[];
  readonly #read: Resident[];
  readonly #written: Resident[];

  constructor(f: (...args: never[]) => unknown, args: FlatTree, target: Target) {
    const boxes = new Map<Box, Tensor>();
    const trace: Trace = new Trace((box) => {
      const known = boxes.get(box);
      if (known !== undefined) return known;
      const { shape, dtype } = box.concrete;
      const input = trace.input({ shape, dtype });
      boxes.set(box, input);
      return input;
    });
    let structure: Structure | undefined;
    const { graph, captured, written } = traceFunction(
      (...leaves) => {
        const value = (f as (...a: unknown[]) => unknown)(...(unflatten(args.structure, leaves) as unknown[]));
        const result = flatten(requireSynchronous("compile", value));
        structure = result.structure;
        return result.leaves;
      },
      args.leaves,
      trace,
    );
    this.#structure = structure as Structure;
    this.#argumentCount = args.leaves.length;
    this.#resultTypes = graph.outputs.map(avalOf);
    const results = graph.outputs.length - written.length;
    const read = [...boxes.keys()];
    const updates = new Map<number, number>();
    written.forEach((box, i) => {
      if (boxes.has(box)) updates.set(results + i, this.#argumentCount + read.indexOf(box));
    });
    const compiled = compileGraph(graph, { stateFrom: this.#argumentCount, updates });
    this.traced = graph;
    this.graph = compiled.graph;
    this.program = compiled.program;
    this.target = target;
    this.#executable = target.instantiate(this.program);
    const resident = (box: Box, buffer: number | undefined): Resident => ({
      box,
      buffer: buffer as number,
      version: -1,
    });
    this.#read = read.map((box, i) => resident(box, this.program.inputs[this.#argumentCount + i]));
    this.#written = written.map(
      (box, i) => this.#read.find((r) => r.box === box) ?? resident(box, this.program.outputs[results + i]),
    );
    captured.forEach((t, i) => {
      const buffer = this.program.inputs[this.#argumentCount + read.length + i] as number;
      this.#executable.view(buffer).set(t.payload as TypedArray);
    });
  }

  /** Puts arguments and the values of boxes in their places. */
  load(leaves: readonly Tensor[]): void {
    const executable = this.#executable;
    leaves.forEach((t, i) => {
      if (!isConcrete(t)) throw (t.payload as Symbolic).readError("pass it to a compiled function");
      executable.view(this.program.inputs[i] as number).set(t.payload);
    });
    for (const resident of this.#read) {
      if (resident.version === resident.box.version) continue;
      executable.view(resident.buffer).set(resident.box.concrete.payload as TypedArray);
      resident.version = resident.box.version;
    }
  }

  /** Copies of what the next run would find in the program's inputs: the arguments given last, boxes, captured tensors. */
  inputs(): TypedArray[] {
    this.load([]);
    return this.program.inputs.map((buffer) => this.#executable.view(buffer).slice());
  }

  run(leaves: readonly Tensor[]): unknown {
    const executable = this.#executable;
    this.load(leaves);
    executable.run();
    const results = this.#resultTypes.length - this.#written.length;
    this.#written.forEach((resident, i) => {
      const type = this.#resultTypes[results + i] as Aval;
      resident.version = resident.box.replace(() => this.#fetch(resident.buffer, type));
    });
    const types = this.#resultTypes.slice(0, results);
    return unflatten(
      this.#structure,
      types.map((type, i) => this.#fetch(this.program.outputs[i] as number, type)),
    );
  }

  #fetch(buffer: number, { shape, dtype }: Aval): Tensor {
    return fromData(this.#executable.view(buffer).slice(), shape, dtype);
  }
}
