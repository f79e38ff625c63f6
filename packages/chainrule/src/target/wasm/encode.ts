/** The WebAssembly binary format: functions and a memory to the bytes of a module (core specification, chapter 5). */
import type { FunctionRef, HostFunction, Instruction, Label, Signature, WasmFunction } from "./assembler.ts";
import {
  ATOMIC,
  BLOCK,
  BRANCH,
  CALL,
  LANE,
  LOCAL,
  MARK,
  MEMORY,
  MEMORY_LANE,
  NUMBER,
  PLAIN,
  PREFIX_SHIFT,
  SHUFFLE,
  VALUE_TYPES,
  type ValueType,
  VECTOR_CONST,
} from "./opcodes.ts";

/** What a module is made of: host functions, then functions, and one memory, exported. */
export interface ModuleSource {
  readonly imports: readonly HostFunction[];
  readonly functions: readonly WasmFunction[];
  readonly memoryPages: number;
  /** The memory is shared between threads, and imported by each. */
  readonly shared: boolean;
  /** What memory holds at first, from a byte address on. */
  readonly data: { readonly at: number; readonly parts: readonly Uint8Array[] };
}

/** The names under which the host sees the module's parts. */
export const IMPORT_MODULE = "host";
export const MEMORY_EXPORT = "memory";

const SECTION = { custom: 0, type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10, data: 11 } as const;
const EXPORT_KIND = { function: 0, memory: 2 } as const;
/** Limits of memory: with a maximum, and that shared between threads. */
const LIMITS = { own: 0x01, shared: 0x03 } as const;
/** The power of 2 to which atomic accesses are aligned, as they must be. */
const ATOMIC_ALIGNMENT = 2;
const FUNCTION_TYPE = 0x60;
const EMPTY_BLOCK = 0x40;

/** A growing run of bytes. */
class Bytes {
  #data = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get view(): Uint8Array<ArrayBuffer> {
    return this.#data.subarray(0, this.#length);
  }

  append(bytes: ArrayLike<number>): this {
    this.#reserve(bytes.length);
    this.#data.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#data[this.#length++] = value;
    return this;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#data.length) return;
    const grown = new Uint8Array(2 * (this.#length + count));
    grown.set(this.view);
    this.#data = grown;
  }

  /** Unsigned LEB128 of an integer below 2³². */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.byte(rest);
  }

  /** Signed LEB128 of an int32. */
  signed(value: number): this {
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    return this.byte(rest & 0x7f);
  }

  opcode(code: number): this {
    const prefix = code >>> PREFIX_SHIFT;
    return prefix === 0 ? this.byte(code) : this.byte(prefix).unsigned(code & ((1 << PREFIX_SHIFT) - 1));
  }

  name(text: string): this {
    const utf8 = new TextEncoder().encode(text);
    return this.unsigned(utf8.length).append(utf8);
  }

  vector<T>(items: readonly T[], write: (item: T, index: number) => void): this {
    this.unsigned(items.length);
    items.forEach(write);
    return this;
  }

  /** A part preceded by its size in bytes. */
  sized(part: Bytes): this {
    return this.unsigned(part.length).append(part.view);
  }

  section(id: number, part: Bytes): this {
    return this.byte(id).sized(part);
  }
}

const types = (out: Bytes, list: readonly ValueType[]): Bytes =>
  out.vector(list, (type) => out.byte(VALUE_TYPES[type]));

/** Consecutive equal types as [count, type] runs, as local declarations want them. */
function runs(list: readonly ValueType[]): [number, ValueType][] {
  const result: [number, ValueType][] = [];
  for (const type of list) {
    const last = result.at(-1);
    if (last?.[1] === type) last[0]++;
    else result.push([1, type]);
  }
  return result;
}

/** Writes instructions, resolving labels to relative depths and functions to indices. */
class CodeEncoder {
  readonly #out: Bytes;
  readonly #indices: ReadonlyMap<FunctionRef, number>;
  readonly #labels: Label[] = [];

  constructor(out: Bytes, indices: ReadonlyMap<FunctionRef, number>) {
    this.#out = out;
    this.#indices = indices;
  }

  write(instruction: Instruction): void {
    const out = this.#out;
    switch (instruction.kind) {
      case "plain":
        out.opcode(PLAIN[instruction.op]);
        break;
      case "memory":
        out.opcode(MEMORY[instruction.op]).unsigned(0).unsigned(instruction.offset);
        break;
      case "memoryLane":
        out.opcode(MEMORY_LANE[instruction.op]).unsigned(0).unsigned(instruction.offset).byte(instruction.lane);
        break;
      case "atomic":
        out.opcode(ATOMIC[instruction.op]).unsigned(ATOMIC_ALIGNMENT).unsigned(instruction.offset);
        break;
      case "lane":
        out.opcode(LANE[instruction.op]).byte(instruction.lane);
        break;
      case "local":
        out.byte(LOCAL[instruction.op]).unsigned(instruction.local.index);
        break;
      case "number":
        out.byte(NUMBER[instruction.op]);
        this.#number(instruction.op, instruction.value);
        break;
      case "bytes":
        out.opcode(instruction.op === "v128.const" ? VECTOR_CONST : SHUFFLE).append(instruction.bytes);
        break;
      case "call":
        out.byte(CALL).unsigned(this.#indices.get(instruction.target) as number);
        break;
      case "branch":
        out
          .byte(BRANCH[instruction.op])
          .unsigned(this.#labels.length - 1 - this.#labels.lastIndexOf(instruction.label));
        break;
      case "block":
        out.byte(BLOCK[instruction.op]).byte(EMPTY_BLOCK);
        this.#labels.push(instruction.label);
        break;
      case "else":
        out.byte(MARK.else);
        break;
      case "end":
        out.byte(MARK.end);
        this.#labels.pop();
        break;
    }
  }

  #number(op: keyof typeof NUMBER, value: number): void {
    if (op === "i32.const" || op === "i64.const") this.#out.signed(value);
    else if (op === "f32.const") this.#out.append(new Uint8Array(Float32Array.of(value).buffer));
    else this.#out.append(new Uint8Array(Float64Array.of(value).buffer));
  }
}

function functionBody(source: WasmFunction, indices: ReadonlyMap<FunctionRef, number>): Bytes {
  const body = new Bytes();
  const locals = runs(source.locals.slice(source.params.length));
  body.vector(locals, ([count, type]) => body.unsigned(count).byte(VALUE_TYPES[type]));
  const encoder = new CodeEncoder(body, indices);
  for (const instruction of source.body) encoder.write(instruction);
  return body.byte(MARK.end);
}

/** The signatures in use, each once, and the index of each function's. */
function signatures(functions: readonly FunctionRef[]): { distinct: Signature[]; indexOf: (f: Signature) => number } {
  const key = ({ params, results }: Signature): string => `${params}>${results}`;
  const table = new Map<string, number>();
  const distinct: Signature[] = [];
  for (const f of functions) {
    if (table.has(key(f))) continue;
    table.set(key(f), distinct.length);
    distinct.push(f);
  }
  return { distinct, indexOf: (f) => table.get(key(f)) as number };
}

function exportSection(functions: readonly WasmFunction[], indices: ReadonlyMap<FunctionRef, number>): Bytes {
  const out = new Bytes();
  const exported = functions.filter((f) => f.exported);
  out
    .unsigned(exported.length + 1)
    .name(MEMORY_EXPORT)
    .byte(EXPORT_KIND.memory)
    .unsigned(0);
  for (const f of exported)
    out
      .name(f.name)
      .byte(EXPORT_KIND.function)
      .unsigned(indices.get(f) as number);
  return out;
}

/** One active segment at a constant address. */
function dataSection({ at, parts }: ModuleSource["data"]): Bytes {
  const content = new Bytes();
  for (const part of parts) content.append(part);
  return new Bytes().unsigned(1).byte(0).byte(NUMBER["i32.const"]).signed(at).byte(MARK.end).sized(content);
}

/** The custom section that gives profilers and stack traces the functions' names. */
function nameSection(functions: readonly FunctionRef[]): Bytes {
  const names = new Bytes();
  names.vector(functions, (f, index) => names.unsigned(index).name(f.name));
  return new Bytes().name("name").byte(1).sized(names);
}

/** The binary of a module. */
export function encodeModule({ imports, functions, memoryPages, shared, data }: ModuleSource): Uint8Array<ArrayBuffer> {
  const all: readonly FunctionRef[] = [...imports, ...functions];
  const indices = new Map(all.map((f, index) => [f, index]));
  const { distinct, indexOf } = signatures(all);
  const typeSection = new Bytes();
  typeSection.vector(distinct, ({ params, results }) => {
    typeSection.byte(FUNCTION_TYPE);
    types(types(typeSection, params), results);
  });
  const importSection = new Bytes();
  importSection.unsigned(imports.length + (shared ? 1 : 0));
  for (const f of imports) importSection.name(IMPORT_MODULE).name(f.name).byte(0).unsigned(indexOf(f));
  // The memory's limits: a minimum and a maximum, which are the same; it never grows.
  const limits = new Bytes()
    .byte(shared ? LIMITS.shared : LIMITS.own)
    .unsigned(memoryPages)
    .unsigned(memoryPages);
  if (shared) importSection.name(IMPORT_MODULE).name(MEMORY_EXPORT).byte(EXPORT_KIND.memory).append(limits.view);
  const functionSection = new Bytes();
  functionSection.vector(functions, (f) => functionSection.unsigned(indexOf(f)));
  const codeSection = new Bytes();
  codeSection.vector(functions, (f) => codeSection.sized(functionBody(f, indices)));
  const memorySection = new Bytes().unsigned(shared ? 0 : 1);
  if (!shared) memorySection.append(limits.view);
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return new Bytes()
    .append(magicAndVersion)
    .section(SECTION.type, typeSection)
    .section(SECTION.import, importSection)
    .section(SECTION.function, functionSection)
    .section(SECTION.memory, memorySection)
    .section(SECTION.export, exportSection(functions, indices))
    .section(SECTION.code, codeSection)
    .section(SECTION.data, dataSection(data))
    .section(SECTION.custom, nameSection(all)).view;
}
