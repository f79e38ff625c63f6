/**
 * WebAssembly functions as recorded instructions. A function is written once, through a `FunctionWriter`; `encode.ts`
 * makes the binary of it and `text.ts` the text.
 */
import type {
  AtomicOp,
  BlockOp,
  BranchOp,
  LaneOp,
  LocalOp,
  MemoryLaneOp,
  MemoryOp,
  NumberOp,
  PlainOp,
  ValueType,
} from "./opcodes.ts";

/** A local variable. Two may share an index when their lives do not overlap; each keeps a name of its own. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
  readonly name: string;
}

/** What a branch aims at: the start of a loop, or the end of a block. Compared by identity. */
export interface Label {
  readonly name: string;
}

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A function of the host, called by the module. */
export interface HostFunction extends Signature {
  readonly kind: "host";
  readonly name: string;
  readonly call: (...args: number[]) => number;
}

export interface WasmFunction extends Signature {
  readonly kind: "wasm";
  readonly name: string;
  /** Types of all locals, parameters first. */
  readonly locals: readonly ValueType[];
  readonly body: readonly Instruction[];
  readonly exported: boolean;
}

export type FunctionRef = HostFunction | WasmFunction;

export type Instruction =
  | { readonly kind: "plain"; readonly op: PlainOp }
  | { readonly kind: "memory"; readonly op: MemoryOp; readonly offset: number }
  | { readonly kind: "memoryLane"; readonly op: MemoryLaneOp; readonly offset: number; readonly lane: number }
  | { readonly kind: "atomic"; readonly op: AtomicOp; readonly offset: number }
  | { readonly kind: "lane"; readonly op: LaneOp; readonly lane: number }
  | { readonly kind: "local"; readonly op: LocalOp; readonly local: Local }
  | { readonly kind: "number"; readonly op: NumberOp; readonly value: number }
  | { readonly kind: "bytes"; readonly op: "v128.const" | "i8x16.shuffle"; readonly bytes: Uint8Array }
  | { readonly kind: "call"; readonly target: FunctionRef }
  | { readonly kind: "branch"; readonly op: BranchOp; readonly label: Label }
  | { readonly kind: "block"; readonly op: BlockOp; readonly label: Label }
  | { readonly kind: "else" }
  | { readonly kind: "end" };

/**
 * Records the instructions of one function. Code is appended to the current list; `capture` and `into` redirect it,
 * which is how code that a loop's body asks for comes to stand before the loop.
 */
export class FunctionWriter {
  readonly name: string;
  readonly params: readonly Local[];
  readonly #results: readonly ValueType[];
  readonly #locals: ValueType[];
  readonly #free: Local[] = [];
  readonly #root: Instruction[] = [];
  #code: Instruction[] = this.#root;

  constructor(name: string, params: readonly (readonly [string, ValueType])[], results: readonly ValueType[]) {
    this.name = name;
    this.#results = results;
    this.#locals = params.map(([, type]) => type);
    this.params = params.map(([name, type], index) => ({ index, type, name }));
  }

  /** Number of instructions recorded so far at the outermost level: a measure of the function's size. */
  get size(): number {
    return this.#root.length;
  }

  finish(exported = false): WasmFunction {
    const params = this.params.map((param) => param.type);
    const { name } = this;
    return { kind: "wasm", name, params, results: this.#results, locals: this.#locals, body: this.#root, exported };
  }

  /** A local that may be one that was released. What must last from code placed further up wants `freshLocal`. */
  local(type: ValueType, name: string): Local {
    const at = this.#free.findLastIndex((free) => free.type === type);
    const [reused] = at < 0 ? [] : this.#free.splice(at, 1);
    return reused ? { index: reused.index, type, name } : this.freshLocal(type, name);
  }

  /** A local that no earlier instruction mentions, so that it may be set in code placed before them. */
  freshLocal(type: ValueType, name: string): Local {
    this.#locals.push(type);
    return { index: this.#locals.length - 1, type, name };
  }

  release(...locals: readonly Local[]): void {
    this.#free.push(...locals);
  }

  /** Runs `write` with its code going to `list`. */
  into(list: Instruction[], write: () => void): void {
    const outer = this.#code;
    this.#code = list;
    write();
    this.#code = outer;
  }

  /** Runs `write` and returns its code instead of appending it. */
  capture(write: () => void): Instruction[] {
    const outer = this.#code;
    const list: Instruction[] = [];
    this.#code = list;
    write();
    this.#code = outer;
    return list;
  }

  append(code: readonly Instruction[]): void {
    for (const instruction of code) this.#code.push(instruction);
  }

  op(op: PlainOp): void {
    this.#code.push({ kind: "plain", op });
  }

  ops(...ops: readonly PlainOp[]): void {
    for (const op of ops) this.op(op);
  }

  memory(op: MemoryOp, offset: number): void {
    this.#code.push({ kind: "memory", op, offset });
  }

  memoryLane(op: MemoryLaneOp, offset: number, lane: number): void {
    this.#code.push({ kind: "memoryLane", op, offset, lane });
  }

  /** An atomic access at the address on the stack plus `offset`. */
  atomic(op: AtomicOp, offset: number): void {
    this.#code.push({ kind: "atomic", op, offset });
  }

  lane(op: LaneOp, lane: number): void {
    this.#code.push({ kind: "lane", op, lane });
  }

  get(local: Local): void {
    this.#code.push({ kind: "local", op: "local.get", local });
  }

  set(local: Local): void {
    this.#code.push({ kind: "local", op: "local.set", local });
  }

  tee(local: Local): void {
    this.#code.push({ kind: "local", op: "local.tee", local });
  }

  i32(value: number): void {
    this.#code.push({ kind: "number", op: "i32.const", value: value | 0 });
  }

  /** Pushes a 64-bit integer that an int32 can hold. */
  i64(value: number): void {
    this.#code.push({ kind: "number", op: "i64.const", value: value | 0 });
  }

  f32(value: number): void {
    this.#code.push({ kind: "number", op: "f32.const", value });
  }

  f64(value: number): void {
    this.#code.push({ kind: "number", op: "f64.const", value });
  }

  /** Pushes a vector constant, given as the typed array of its lanes. */
  v128(lanes: Int32Array | Float32Array | Float64Array): void {
    const bytes = new Uint8Array(lanes.buffer, lanes.byteOffset, 16).slice();
    this.#code.push({ kind: "bytes", op: "v128.const", bytes });
  }

  /** Joins two vectors by 32-bit lanes: 0–3 choose from the first, 4–7 from the second. */
  shuffle(a: number, b: number, c: number, d: number): void {
    const bytes = Uint8Array.from([a, b, c, d].flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)));
    this.#code.push({ kind: "bytes", op: "i8x16.shuffle", bytes });
  }

  call(target: FunctionRef): void {
    this.#code.push({ kind: "call", target });
  }

  branch(op: BranchOp, label: Label): void {
    this.#code.push({ kind: "branch", op, label });
  }

  block(op: "block" | "loop", name: string, write: (label: Label) => void): void {
    const label = { name };
    this.#code.push({ kind: "block", op, label });
    write(label);
    this.#code.push({ kind: "end" });
  }

  /** if (the i32 on the stack) then … else …. */
  if(then: () => void, otherwise?: () => void): void {
    this.#code.push({ kind: "block", op: "if", label: { name: "if" } });
    then();
    if (otherwise) {
      this.#code.push({ kind: "else" });
      otherwise();
    }
    this.#code.push({ kind: "end" });
  }

  /** Runs the body `count` times; nothing for 0, without a loop for 1. */
  repeat(count: number, name: string, body: () => void): void {
    if (count <= 0) return;
    if (count === 1) {
      body();
      return;
    }
    const left = this.local("i32", `${name}_left`);
    this.i32(count);
    this.set(left);
    this.block("loop", name, (again) => {
      body();
      this.get(left);
      this.i32(1);
      this.op("i32.sub");
      this.tee(left);
      this.branch("br_if", again);
    });
    this.release(left);
  }

  /** local += amount. */
  advance(local: Local, amount: number): void {
    if (amount === 0) return;
    this.get(local);
    this.i32(amount);
    this.op("i32.add");
    this.set(local);
  }
}
