/** Measures where the time of a compiled program goes, kernel by kernel. */
import type { CompiledProgram } from "../compile/index.ts";
import { kernelCost } from "../loop/cost.ts";
import { footprintOf } from "../loop/footprint.ts";
import type { Buffer, Kernel, Program, Step } from "../loop/ir.ts";
import type { Target } from "../target/target.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { blockLength, Meter, repeatFor } from "./meter.ts";
import { countRuns, innerLists, type Line, outline, writtenBy } from "./outline.ts";
import { Parts } from "./parts.ts";
import { copyBytes, type Peaks, peaksOf } from "./peaks.ts";
import { profileTable } from "./profile-table.ts";

/** What one run of a kernel does. */
export interface KernelWork {
  /** Operations on floats: division and square root are 4, exp, tanh and other elementary functions 8, others 1. */
  readonly flops: number;
  /** Bytes read and bytes written, each element once. */
  readonly bytes: number;
}

interface RowBase {
  readonly name: string;
  /** How many steps of control flow it is in. */
  readonly depth: number;
  /** How often it runs in one run of the program. */
  readonly runs: number;
}

/** A kernel; `name` begins with the layer's. */
export interface KernelRow extends RowBase, KernelWork {
  readonly kind: "kernel";
  /** Nanoseconds of one run; 0 if it does not run. */
  readonly ns: number;
  /** The time of all its runs as a fraction of that of a run of the program. */
  readonly share: number;
  /** The least time in which the machine could do it, as a fraction of its time; 0 if it does not run. */
  readonly ofPeak: number;
  /** What that least time is set by: the operations, or the bytes. */
  readonly limit: "flops" | "bytes";
}

/** A step of control flow with all that it does, or the word between its two lists of steps. */
export interface ControlRow extends RowBase {
  readonly kind: "if" | "while" | "repeat" | "else" | "do";
  /** As in a kernel's row; 0 for words. */
  readonly ns: number;
  readonly share: number;
}

export type ProfileRow = KernelRow | ControlRow;

/** What `profile` found; as a string, a table. */
export class Profile {
  /** Kernels and control flow in their order; what is inside control flow follows it, one deeper. */
  readonly rows: readonly ProfileRow[];
  /** Nanoseconds of one run of the program, without handing in arguments and fetching results. */
  readonly ns: number;
  /** Nanoseconds of all runs of all kernels. */
  readonly kernelNs: number;
  /** What the machine can do at most. */
  readonly peaks: Peaks;
  /** How the program ran: target, vectors, threads. */
  readonly settings: string;
  /** Threads that took part. */
  readonly threads: number;

  constructor(values: Omit<Profile, "toString" | "kernelNs">) {
    this.rows = values.rows;
    this.ns = values.ns;
    this.peaks = values.peaks;
    this.settings = values.settings;
    this.threads = values.threads;
    this.kernelNs = this.rows.reduce((sum, { kind, runs, ns }) => sum + (kind === "kernel" ? runs * ns : 0), 0);
  }

  toString(): string {
    return profileTable(this);
  }
}

/** Milliseconds for which kernels are timed; a program that takes longer is run once. */
const BUDGET = 1000;
/** What is shorter is not told apart from the call. */
const LEAST_NS = 0.1;

/**
 * Measures each kernel of a program on this machine: the shortest of many runs, on the numbers that it meets when the
 * program is run with the arguments given last, with its data in the cache as far as that holds them. The bytes that a
 * kernel moves and the operations that it does are compared with what the machine can do at most, which is measured
 * too, once for each target and setting: the operations of a matrix product, and the bytes of a copy of about the same
 * size (S. Williams, A. Waterman, D. Patterson, "Roofline", Communications of the ACM 52, 2009). It takes about one
 * second, or two runs of the program if that is longer. The program, its boxes and its results stay as they are.
 *
 * @param compiled from `compile(f).program(...args)`, or `trainStep(...).program(batch)`
 * @example
 * ```ts
 * import { compile, type Tensor, tensor } from "chainrule";
 * import { profile } from "chainrule/check";
 * const f = compile((x: Tensor) => x.square().sum());
 * const { rows } = profile(f.program(tensor([1, 2, 3])));
 * rows.map(({ name }) => name); // → [ "sum" ]
 * ```
 */
export function profile(compiled: CompiledProgram): Profile {
  const { program, target } = compiled;
  const inputs = compiled.inputs();
  const lines = outline(program.steps);
  const runsOf = countRuns(program, target, inputs);
  const buffers = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  const works = lines.map(({ kernel }) => kernel && workOf(kernel, buffers));
  const peaks = peaksOf(
    target,
    works.flatMap((work) => (work ? [copyBytes(work.bytes)] : [])),
  );
  const { ns, times, threads } = new Stopwatch(program, target, inputs, runsOf).measure();
  const rows = lines.map((line, i): ProfileRow => {
    const { kind, name, depth, list, step } = line;
    const runs = runsOf(list);
    const own = runs === 0 ? 0 : ((step && times.get(step)) ?? 0);
    const timed = { name, depth, runs, ns: own, share: (runs * own) / ns };
    const work = works[i];
    if (kind !== "kernel" || !work) return { ...timed, kind: kind as ControlRow["kind"] };
    return { ...timed, kind, ...work, ...rating(work, own, peaks) };
  });
  return new Profile({ rows, ns, peaks, settings: target.settings(), threads });
}

export function workOf(kernel: Kernel, buffers: ReadonlyMap<number, Buffer>): KernelWork {
  const { read, written } = footprintOf(kernel, buffers);
  return { flops: kernelCost(kernel).flops, bytes: read + written };
}

function rating({ flops, bytes }: KernelWork, ns: number, peaks: Peaks): Pick<KernelRow, "ofPeak" | "limit"> {
  const computing = flops / peaks.flops;
  const moving = bytes / (peaks.bytes.get(copyBytes(bytes)) as number);
  const ofPeak = ns === 0 ? 0 : Math.max(computing, moving) / ns;
  return { ofPeak, limit: computing > moving ? "flops" : "bytes" };
}

/** A step that is timed, and what it writes, as it was before. */
interface Timed {
  readonly part: number;
  readonly meter: Meter;
  readonly saved: ReadonlyMap<number, TypedArray>;
}

/** Times the steps of a program on copies of it. */
class Stopwatch {
  readonly #program: Program;
  readonly #inputs: readonly TypedArray[];
  readonly #runsOf: (list: readonly Step[]) => number;
  readonly #parts: Parts;
  readonly #timed = new Map<Step, Timed>();
  readonly #target: Target;
  readonly #block: number;

  constructor(
    program: Program,
    target: Target,
    inputs: readonly TypedArray[],
    runsOf: (list: readonly Step[]) => number,
  ) {
    this.#program = program;
    this.#inputs = inputs;
    this.#runsOf = runsOf;
    this.#target = target;
    const steps = outline(program.steps).flatMap(({ step }: Line) => (step ? [step] : []));
    // Part 0 does nothing: what it takes is the call.
    this.#parts = new Parts(target, program, [[], ...steps.map((step) => [step])]);
    this.#block = blockLength(steps.length + 2, BUDGET);
    steps.forEach((step, i) => {
      this.#timed.set(step, this.#prepare(step, i + 1));
    });
  }

  measure(): { ns: number; times: Map<Step, number>; threads: number } {
    const parts = this.#parts;
    const whole = this.#target.instantiate(this.#program);
    const fill = (view: (buffer: number) => TypedArray): void => {
      this.#program.inputs.forEach((id, i) => {
        view(id).set(this.#inputs[i] as TypedArray);
      });
    };
    const wholeMeter = new Meter({ run: () => whole.run(), restore: () => fill((id) => whole.view(id)) }, this.#block);
    const call = new Meter({ run: () => parts.run(), restore() {} }, this.#block);
    repeatFor(BUDGET, () => {
      wholeMeter.sample();
      parts.select(0);
      call.sample();
      fill((id) => parts.view(id));
      this.#visit(this.#program.steps);
    });
    const times = new Map<Step, number>();
    for (const [step, { meter }] of this.#timed) times.set(step, Math.max(LEAST_NS, meter.ns - call.ns));
    return { ns: wholeMeter.ns, times, threads: whole.threads ?? 1 };
  }

  #prepare(step: Step, part: number): Timed {
    const parts = this.#parts;
    const saved = new Map(Array.from(writtenBy(step), (id) => [id, parts.view(id).slice()]));
    const run = (): void => parts.run();
    const restore = (): void => {
      for (const [id, values] of saved) parts.view(id).set(values);
    };
    return { part, saved, meter: new Meter({ run, restore }, this.#block) };
  }

  /** Times each step once more, in the order in which they run, so that each finds what it finds in the program. */
  #visit(steps: readonly Step[]): void {
    for (const step of steps) {
      const { part, meter, saved } = this.#timed.get(step) as Timed;
      for (const [id, values] of saved) values.set(this.#parts.view(id));
      this.#parts.select(part);
      meter.sample();
      if (step.kind !== "kernel") this.#visitInside(step, saved);
    }
  }

  /** The steps inside, as they run first; then all is as the step leaves it. */
  #visitInside(step: Step, saved: ReadonlyMap<number, TypedArray>): void {
    const after = Array.from(saved, ([id, before]) => {
      const view = this.#parts.view(id);
      const values = view.slice();
      view.set(before);
      return [id, values] as const;
    });
    if (step.kind === "repeat") this.#parts.view(step.counter)[0] = 0;
    for (const { steps } of innerLists(step)) if (this.#runsOf(steps) > 0) this.#visit(steps);
    for (const [id, values] of after) this.#parts.view(id).set(values);
  }
}
