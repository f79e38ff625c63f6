/** A module as text for a person to read: WebAssembly text format, with variables' names in it. */
import type { Program } from "../../loop/ir.ts";
import type { Instruction, WasmFunction } from "./assembler.ts";
import type { ModuleSource } from "./encode.ts";
import { IMPORT_MODULE, MEMORY_EXPORT } from "./encode.ts";
import type { ValueType } from "./opcodes.ts";

const INDENT = "  ";

function instructionText(instruction: Instruction): string {
  switch (instruction.kind) {
    case "plain":
      return instruction.op;
    case "memory":
    case "atomic":
      return `${instruction.op} offset=${instruction.offset}`;
    case "memoryLane":
      return `${instruction.op} offset=${instruction.offset} ${instruction.lane}`;
    case "lane":
      return `${instruction.op} ${instruction.lane}`;
    case "local":
      return `${instruction.op} ${instruction.local.index} (;${instruction.local.name};)`;
    case "number":
      return `${instruction.op} ${numberText(instruction.value)}`;
    case "bytes":
      return `${instruction.op} ${bytesText(instruction)}`;
    case "call":
      return `call $${instruction.target.name}`;
    case "branch":
      return `${instruction.op} $${instruction.label.name}`;
    case "block":
      return instruction.op === "if" ? "if" : `${instruction.op} $${instruction.label.name}`;
    case "else":
    case "end":
      return instruction.kind;
  }
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (Math.abs(value) === Infinity) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function bytesText({ op, bytes }: Extract<Instruction, { kind: "bytes" }>): string {
  if (op === "i8x16.shuffle") return bytes.join(" ");
  const lanes = new Int32Array(bytes.slice().buffer);
  return `i32x4 ${Array.from(lanes, (lane) => `0x${(lane >>> 0).toString(16).padStart(8, "0")}`).join(" ")}`;
}

function bodyLines(body: readonly Instruction[]): string[] {
  let depth = 2;
  return body.map((instruction) => {
    const { kind } = instruction;
    if (kind === "else" || kind === "end") depth--;
    const line = INDENT.repeat(depth) + instructionText(instruction);
    if (kind === "else" || kind === "block") depth++;
    return line;
  });
}

const clause = (keyword: string, list: readonly ValueType[]): string =>
  list.length === 0 ? "" : ` (${keyword} ${list.join(" ")})`;

function functionText(source: WasmFunction): string {
  const exported = source.exported ? ` (export "${source.name}")` : "";
  const head = `(func $${source.name}${exported}${clause("param", source.params)}${clause("result", source.results)}`;
  const locals = source.locals.slice(source.params.length);
  const declared = locals.length === 0 ? [] : [`${INDENT.repeat(2)}${clause("local", locals).trim()}`];
  return [INDENT + head, ...declared, ...bodyLines(source.body), `${INDENT})`].join("\n");
}

/** The module of a program, under the program's buffers. */
export function programText({ buffers }: Program, source: ModuleSource): string {
  const lines = buffers.map(
    ({ id, name, dtype, length, role, offset }) =>
      `;; b${id} "${name}": ${dtype}[${length}], ${role}, at byte ${offset}`,
  );
  return [...lines, moduleText(source)].join("\n");
}

function moduleText({ imports, functions, memoryPages, shared, data }: ModuleSource): string {
  const imported = imports.map((f) => {
    const type = `${clause("param", f.params)}${clause("result", f.results)}`;
    return `${INDENT}(import "${IMPORT_MODULE}" "${f.name}" (func $${f.name}${type}))`;
  });
  const from = shared ? ` (import "${IMPORT_MODULE}" "${MEMORY_EXPORT}")` : "";
  const limits = `${memoryPages} ${memoryPages}${shared ? " shared" : ""}`;
  const memory = `${INDENT}(memory (export "${MEMORY_EXPORT}")${from} ${limits})`;
  const words = data.parts.flatMap((part) => [...part]).map((byte) => `\\${byte.toString(16).padStart(2, "0")}`);
  const constants = words.length === 0 ? [] : [`${INDENT}(data (i32.const ${data.at}) "${words.join("")}")`];
  return ["(module", ...imported, memory, ...constants, ...functions.map(functionText), ")"].join("\n");
}
