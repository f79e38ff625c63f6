/** `compile`: a function as one program, with the boxes it uses resident in it. */
import type { Box } from "../graph/box.ts";
import { ChainruleError } from "../graph/errors.ts";
import { currentMode, type Mode } from "../graph/mode.ts";
import { type Aval, avalOf, type Graph, type Node } from "../graph/node.ts";
import { traceWithBoxes } from "../graph/stateful.ts";
import { currentTrace, requireSynchronous } from "../graph/trace.ts";
import type { Program } from "../loop/ir.ts";
import type { Executable, Target } from "../target/target.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { checkOptions, describeValue } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { fromData, isConcrete, type Symbolic, Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, leavesLike, type Structure, type TensorTree, unflatten } from "../tensor/tree.ts";
import { compileGraph } from "./program.ts";
import { checkTarget, type TargetName, targetOf } from "./targets.ts";

export interface CompileOptions {
  /** Default: wasm, or what setTarget chose. */
  readonly target?: TargetName;
  /**
   * Results stay in the program's memory and may be read until it runs again; after that, reading them is an error.
   * Default false: results are copies of their own. Copying costs more than computing where results are large and used at
   * once, as the gradients of each example of a batch.
   */
  readonly reuseResults?: boolean;
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
  checkOptions("compile", options, ["target", "reuseResults"]);
  const { reuseResults = false } = options;
  if (options.target !== undefined) checkTarget("compile", options.target);
  if (typeof reuseResults !== "boolean") {
    throw new TypeError(`compile: reuseResults is true or false, not ${describeValue(reuseResults)}.`);
  }
  /** Most recently used last. */
  const programs: CompiledProgram[] = [];
  /** The program for these arguments, and their leaves. */
  const prepare = (args: readonly unknown[]): readonly [CompiledProgram, readonly Tensor[]] => {
    const mode = currentMode();
    for (let i = programs.length - 1; i >= 0; i--) {
      const program = programs[i] as CompiledProgram;
      const leaves = program.leavesOf(args, mode);
      if (leaves === undefined) continue;
      if (i < programs.length - 1) programs.push(...programs.splice(i, 1));
      return [program, leaves];
    }
    const flat = flatten(args);
    const program = new CompiledProgram(f as (...a: never[]) => unknown, flat, targetOf(options.target), reuseResults);
    programs.push(program);
    if (programs.length > MOST_PROGRAMS) programs.shift();
    return [program, flat.leaves];
  };
  const compiled = (...args: A): TensorTree<R> => {
    if (currentTrace() !== undefined) {
      // Also in a trace the function gets what it gets when it is compiled: tensors in place of numbers.
      const { structure, leaves } = flatten(args);
      return f(...(unflatten(structure, leaves) as A)) as TensorTree<R>;
    }
    const [program, leaves] = prepare(args);
    return program.run(leaves) as TensorTree<R>;
  };
  const program = (...args: A): CompiledProgram => {
    const [prepared, leaves] = prepare(args);
    if (leaves.every(isConcrete)) prepared.load(leaves);
    return prepared;
  };
  return Object.assign(compiled, { program });
}

/**
 * Arguments of at most this many bytes are not copied again when the very same tensor is passed in the next call; a
 * program holds on to these tensors, so they must be small beside it.
 */
const KEPT_BYTES = 65_536;

/** An argument's place in the program, and the tensor whose numbers are there, where that is known. */
interface Argument {
  readonly type: Aval;
  readonly buffer: number;
  there: Tensor | undefined;
}

/** A box that lives in the program, and the version of its value that is there. */
interface Resident {
  readonly box: Box;
  readonly buffer: number;
  /** Gets the value out of the program. */
  readonly fetch: () => Tensor;
  version: number;
}

/** A result's place in the program. */
interface Result {
  readonly type: Aval;
  readonly buffer: number;
}

/** One traced and compiled function, for arguments of one type. */
export class CompiledProgram {
  /** The graph as traced. Inputs: arguments, boxes read, captured tensors. Outputs: results, then boxes written. */
  readonly traced: Graph;
  /** The graph after simplification. */
  readonly graph: Graph;
  readonly program: Program;
  readonly target: Target;
  readonly #mode = currentMode();
  readonly #executable: Executable;
  readonly #given: Structure;
  readonly #arguments: readonly Argument[];
  readonly #read: readonly Resident[];
  readonly #written: readonly Resident[];
  readonly #results: readonly Result[];
  readonly #structure: Structure;
  readonly #reuseResults: boolean;
  #runs = 0;

  constructor(f: (...args: never[]) => unknown, args: FlatTree, target: Target, reuseResults: boolean) {
    let structure: Structure | undefined;
    const { graph, captured, read, written } = traceWithBoxes((...leaves) => {
      const value = (f as (...a: unknown[]) => unknown)(...(unflatten(args.structure, leaves) as unknown[]));
      const result = flatten(requireSynchronous("compile", value));
      structure = result.structure;
      return result.leaves;
    }, args.leaves);
    const given = args.leaves.length;
    const results = graph.outputs.length - written.length;
    const updates = new Map<number, number>();
    written.forEach((box, i) => {
      if (read.includes(box)) updates.set(results + i, given + read.indexOf(box));
    });
    const compiled = compileGraph(graph, { stateFrom: given, updates });
    const { inputs, outputs } = compiled.program;
    this.traced = graph;
    this.graph = compiled.graph;
    this.program = compiled.program;
    this.target = target;
    this.#executable = target.instantiate(this.program);
    this.#reuseResults = reuseResults;
    this.#given = args.structure;
    this.#structure = structure as Structure;
    this.#arguments = args.leaves.map(({ shape, dtype }, i) => ({
      type: { shape, dtype },
      buffer: inputs[i] as number,
      there: undefined,
    }));
    const resident = (box: Box, buffer: number, type: Aval): Resident => ({
      box,
      buffer,
      fetch: () => this.#fetch({ buffer, type }),
      version: -1,
    });
    const state = inputs.slice(given);
    this.#read = read.map((box, i) => resident(box, state[i] as number, avalOf(graph.inputs[given + i] as Node)));
    const types = graph.outputs.map(avalOf);
    this.#written = written.map(
      (box, i) =>
        this.#read.find((r) => r.box === box) ??
        resident(box, outputs[results + i] as number, types[results + i] as Aval),
    );
    this.#results = types.slice(0, results).map((type, i) => ({ type, buffer: outputs[i] as number }));
    captured.forEach((t, i) => {
      this.#executable.view(state[read.length + i] as number).set(t.payload as TypedArray);
    });
  }

  /** The leaves of arguments that this program is for; undefined if it is for others. */
  leavesOf(args: readonly unknown[], mode: Mode): Tensor[] | undefined {
    const leaves: Tensor[] = [];
    if (mode !== this.#mode || !leavesLike(args, this.#given, leaves)) return undefined;
    for (let i = 0; i < leaves.length; i++) {
      const { dtype, shape } = leaves[i] as Tensor;
      const { type } = this.#arguments[i] as Argument;
      if (dtype !== type.dtype || !sameShape(shape, type.shape)) return undefined;
    }
    return leaves;
  }

  /** Puts arguments and the values of boxes in their places. */
  load(leaves: readonly Tensor[]): void {
    for (let i = 0; i < leaves.length; i++) this.#pass(this.#arguments[i] as Argument, leaves[i] as Tensor);
    for (const resident of this.#read) {
      if (resident.version === resident.box.version) continue;
      this.#executable.view(resident.buffer).set(resident.box.concrete.payload as TypedArray);
      resident.version = resident.box.version;
    }
  }

  /** Copies of what the next run would find in the program's inputs: the arguments given last, boxes, captured tensors. */
  inputs(): TypedArray[] {
    this.load([]);
    return this.program.inputs.map((buffer) => this.#executable.view(buffer).slice());
  }

  run(leaves: readonly Tensor[]): unknown {
    this.load(leaves);
    this.#runs++;
    this.#executable.run();
    for (const resident of this.#written) resident.version = resident.box.replace(resident.fetch);
    return unflatten(
      this.#structure,
      this.#results.map((result) => (this.#reuseResults ? this.#lend(result) : this.#fetch(result))),
    );
  }

  #pass(argument: Argument, value: Tensor): void {
    const { payload } = value;
    if (argument.there === value) return;
    if (!isConcrete(value)) throw (payload as Symbolic).readError("pass it to a compiled function");
    this.#executable.view(argument.buffer).set(payload as TypedArray);
    argument.there = (payload as TypedArray).byteLength <= KEPT_BYTES ? value : undefined;
  }

  /** A result that is where the program has written it, until it writes another there. */
  #lend({ buffer, type: { shape, dtype } }: Result): Tensor {
    const run = this.#runs;
    return new Tensor(shape, dtype, () => {
      if (this.#runs === run) return this.#executable.view(buffer);
      throw new ChainruleError(
        `This ${dtype}${formatShape(shape)} is a result of a function compiled with reuseResults: true, which has run again ` +
          "since, so its numbers are gone. Read it before the next call, or compile without that option.",
      );
    });
  }

  #fetch({ buffer, type }: Result): Tensor {
    return fromData(this.#executable.view(buffer).slice(), type.shape, type.dtype);
  }
}
