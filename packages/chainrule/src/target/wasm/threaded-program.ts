/** A program that several threads run together. */
import type { Buffer } from "../../loop/ir.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import type { Executable } from "../target.ts";
import { CELLS } from "./barrier.ts";
import { type Member, recruit } from "./crew.ts";
import { IMPORT_MODULE, MEMORY_EXPORT } from "./encode.ts";
import { STATUS } from "./threaded-steps.ts";
import { viewsOf } from "./views.ts";

/** Runs before workers are asked to help: a program that runs once or twice does not wait for a thread to start. */
const RUNS_ALONE = 2;
/** Programs that workers know at a time: what is beyond is brought to them again when it runs. */
const MOST_KNOWN = 16;

/** The workers that know a program: those that were brought it, with the number of the message that did. */
interface Introduction {
  members: readonly { readonly member: Member; readonly message: number }[];
}

let lastId = 0;
/** Programs that workers know, the one brought last at the end. */
const known = new Map<number, Introduction>();
/** A program that is collected is taken from the workers, which lets its memory go. */
const collected = /* @__PURE__ */ new FinalizationRegistry<number>(forget);

function forget(id: number): void {
  const introduction = known.get(id);
  known.delete(id);
  if (!introduction) return;
  for (const { member } of introduction.members) if (!member.lost) member.post({ forget: id });
  introduction.members = [];
}

/** Whether this thread of JavaScript may sleep: a browser's main thread may not. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

export interface ThreadedModule {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly run: (thread: number, threads: number) => number;
  /** The address of the cells at which threads meet. */
  readonly header: number;
  readonly buffers: readonly Buffer[];
  /** How many threads the module was made for. */
  readonly threads: number;
}

export class ThreadedProgram implements Executable {
  readonly view: (buffer: number) => TypedArray;
  readonly #source: ThreadedModule;
  readonly #limit: () => number;
  readonly #cells: Int32Array;
  /**
   * As large as the program's memory, and never touched: V8 does not count shared memory, and would collect programs
   * only when their memory had long filled the machine's.
   */
  readonly weight: ArrayBuffer;
  readonly #id = ++lastId;
  /** Not the other way round: what workers know must not keep the program alive. */
  readonly #known: Introduction = { members: [] };
  #runs = 0;
  /** Workers have taken part. */
  #shared = false;
  /** A worker was lost: from then on one thread does it all, */
  #alone = false;
  /** or nobody does, since it was lost in the middle of a run. */
  #isBroken = false;
  #threads = 1;

  /** @param limit the most threads to use, asked before each run */
  constructor(source: ThreadedModule, limit: () => number) {
    this.#source = source;
    this.#limit = limit;
    this.view = viewsOf(source.memory, source.buffers);
    this.#cells = new Int32Array(source.memory.buffer, source.header);
    this.weight = new ArrayBuffer(source.memory.buffer.byteLength);
    this.#set("maySleep", maySleep() ? 1 : 0);
    collected.register(this, this.#id);
  }

  /** How many threads took part in the last run. */
  get threads(): number {
    return this.#threads;
  }

  run(): void {
    if (this.#isBroken) throw brokenError();
    this.#requireMembers();
    const team = this.#team();
    const threads = team.length + 1;
    this.#threads = threads;
    this.#shared ||= threads > 1;
    team.forEach((member, i) => {
      member.order(this.#id, i + 1, threads);
    });
    const status = this.#call(threads);
    if (status === STATUS.done) return;
    for (const member of team) member.end();
    if (status === STATUS.notBegun) this.#requireMembers();
    this.#isBroken = true;
    throw brokenError();
  }

  /** @throws Error, once, where a worker that took part is lost */
  #requireMembers(): void {
    if (this.#alone || !this.#known.members.some(({ member }) => member.lost)) return;
    this.#known.members = [];
    if (!this.#shared) return;
    this.#alone = true;
    throw new Error(
      "A worker thread was lost: it was ended from outside, or ran out of memory. This run was not begun, and all values " +
        "are as the run before left them. Run again to go on with one thread, or call setThreads and compile anew.",
    );
  }

  /** The workers that are ready to take part. */
  #team(): Member[] {
    const wanted = Math.min(this.#limit(), this.#source.threads) - 1;
    if (this.#alone || wanted < 1 || ++this.#runs <= RUNS_ALONE) return [];
    if (this.#known.members.length === 0) this.#introduce(wanted);
    return this.#known.members
      .slice(0, wanted)
      .filter(({ member, message }) => !member.lost && member.hasReceived(message))
      .map(({ member }) => member);
  }

  #introduce(count: number): void {
    const { module, memory, header } = this.#source;
    const names = { importModule: IMPORT_MODULE, memoryName: MEMORY_EXPORT };
    const members = recruit(count);
    this.#known.members = members.map((member) => ({
      member,
      message: member.post({ id: this.#id, module, memory, header, ...names }),
    }));
    if (members.length === 0) {
      this.#alone = true;
      return;
    }
    known.set(this.#id, this.#known);
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN) forget(oldest as number);
  }

  #call(threads: number): number {
    try {
      return this.#source.run(0, threads);
    } catch (error) {
      this.#isBroken = true;
      this.#set("aborted", 1);
      Atomics.notify(this.#cells, CELLS.generation / 4);
      throw error;
    }
  }

  #set(cell: keyof typeof CELLS, value: number): void {
    Atomics.store(this.#cells, CELLS[cell] / 4, value);
  }
}

const brokenError = (): Error =>
  new Error(
    "A worker thread was lost in the middle of a run: it failed, was ended from outside, or ran out of memory. What this program " +
      "held is incomplete. Compile it anew and go on from values that are saved elsewhere, such as a checkpoint.",
  );
