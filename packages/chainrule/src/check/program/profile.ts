/** Measures where the time of a compiled program goes, kernel by kernel. */
import { CompiledProgram } from "../../compile/index.ts";
import { kernelCost } from "../../loop/cost.ts";
import { footprintOf } from "../../loop/footprint.ts";
import type { Buffer, Kernel } from "../../loop/ir.ts";
import { describeValue } from "../../tensor/options.ts";
import { countRuns, outline } from "./outline.ts";
import { type Peaks, peaksOf, streamBytes } from "./peaks.ts";
import { profileTable } from "./profile-table.ts";
import { Stopwatch } from "./stopwatch.ts";

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
  /** Nanoseconds of one run in its place in the program, with in the cache what other steps leave there; 0 if it does not run. */
  readonly ns: number;
  /** Nanoseconds of one run when it is repeated, with its data in the cache as far as that holds them. */
  readonly warmNs: number;
  /** The time of all its runs as a fraction of that of a run of the program. */
  readonly share: number;
}

/** A kernel; `name` begins with the layer's. */
export interface KernelRow extends RowBase, KernelWork {
  readonly kind: "kernel";
  /** The least time in which the machine could do it, as a fraction of its time; 0 if it does not run. */
  readonly ofPeak: number;
  /** What that least time is set by: the operations, or the bytes. */
  readonly limit: "flops" | "bytes";
}

/** A step of control flow with all that it does; or the word between its two lists of steps, whose times are 0. */
export interface ControlRow extends RowBase {
  readonly kind: "if" | "while" | "repeat" | "else" | "do";
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

/**
 * Measures each kernel of a program on this machine: the shortest of many runs, on the numbers that it meets when the
 * program is run with the arguments given last; once in its place in the program, and once by itself, with its data in
 * the cache. Its operations and the bytes that it moves are compared with what the machine can do at most, which is
 * measured too, once for each target and setting: the operations of a matrix product, and the bytes of additions to an
 * array of about the same size (S. Williams, A. Waterman, D. Patterson, "Roofline", Communications of the ACM 52, 2009).
 * All this takes about two seconds, or some runs of the program if those take longer; it is done on copies, so
 * the program, its boxes and its results stay as they are.
 *
 * @param compiled from `compile(f).program(...args)`, or `trainStep(...).program(batch)`
 * @throws TypeError for anything else
 * @example
 * ```ts
 * import { compile, type Tensor, tensor } from "chainrule";
 * import { profile } from "chainrule/check";
 * const f = compile((x: Tensor) => x.square().sum());
 * const { rows } = profile(f.program(tensor([1, 2, 3])));
 * rows.map(({ name }) => name); // → [ 'sum' ]
 * ```
 */
export function profile(compiled: CompiledProgram): Profile {
  requireProgram("profile", compiled);
  const { program, target } = compiled;
  const inputs = compiled.inputs();
  const lines = outline(program.steps);
  const runsOf = countRuns(program, target, inputs);
  const buffers = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  const works = lines.map(({ kernel }) => kernel && workOf(kernel, buffers));
  const peaks = peaksOf(
    target,
    works.flatMap((work) => (work ? [streamBytes(work.bytes)] : [])),
  );
  const { ns, warm, inPlace, threads } = new Stopwatch(program, target, inputs, runsOf).measure();
  const rows = lines.map((line, i): ProfileRow => {
    const { kind, name, depth, list, step } = line;
    const runs = runsOf(list);
    const warmNs = (runs > 0 && step && warm.get(step)) || 0;
    const own = (step && inPlace.get(step)) ?? warmNs;
    const timed = { name, depth, runs, ns: own, warmNs, share: (runs * own) / ns };
    const work = works[i];
    if (kind !== "kernel" || !work) return { ...timed, kind: kind as ControlRow["kind"] };
    return { ...timed, kind, ...work, ...rating(work, own, peaks) };
  });
  return new Profile({ rows, ns, peaks, settings: target.settings(), threads });
}

/** @throws TypeError that says where programs come from */
export function requireProgram(where: string, compiled: unknown): void {
  if (compiled instanceof CompiledProgram) return;
  throw new TypeError(
    `${where}: takes a compiled program, not ${describeValue(compiled)}: compile(f).program(...args) or trainStep(...).program(batch).`,
  );
}

export function workOf(kernel: Kernel, buffers: ReadonlyMap<number, Buffer>): KernelWork {
  const { read, written } = footprintOf(kernel, buffers);
  return { flops: kernelCost(kernel).flops, bytes: read + written };
}

function rating({ flops, bytes }: KernelWork, ns: number, peaks: Peaks): Pick<KernelRow, "ofPeak" | "limit"> {
  const computing = flops / peaks.flops;
  const moving = bytes / (peaks.bytes.get(streamBytes(bytes)) as number);
  const ofPeak = ns === 0 ? 0 : Math.max(computing, moving) / ns;
  return { ofPeak, limit: computing > moving ? "flops" : "bytes" };
}
