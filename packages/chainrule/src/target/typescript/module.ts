/** A program as a module of TypeScript. */
import type { Buffer, Program, Step } from "../../loop/ir.ts";
import { ERF_TABLES } from "../../loop/scalar.ts";
import type { DType, TypedArray } from "../../tensor/dtype.ts";
import { FUNCTIONS } from "./functions.ts";
import { indent, printKernelBody } from "./statement.ts";

/** What a buffer of the program holds from the start: weights, and other known numbers. */
export interface Constant {
  readonly buffer: number;
  readonly values: TypedArray;
}

/** Code that defines a function `run(): void` and, for each buffer, an array b0, b1 …; nothing is exported. */
export type PrintedProgram = string;

const ARRAYS: Record<DType, string> = {
  float32: "Float32Array",
  float64: "Float64Array",
  int32: "Int32Array",
  bool: "Uint8Array",
};

/**
 * The code of a program. It imports nothing, and computes what the interpreter does, to the last bit.
 *
 * @param constants which of the inputs have known numbers
 */
export function printTypeScript(program: Program, constants: readonly Constant[]): PrintedProgram {
  const kernels = new Map<string, string>();
  const run = steps(program.steps, kernels);
  const code = [...kernels.values(), `function run(): void {\n${indent(run).join("\n")}\n}`].join("\n\n");
  // Room that products take on other targets; whoever checks for unused names would stumble over it.
  const isUsed = ({ id, role }: Buffer): boolean => role !== "temporary" || new RegExp(`\\bb${id}\\b`).test(code);
  return [
    functionsFor(code),
    `const arena = new ArrayBuffer(${program.arenaBytes});`,
    ...program.buffers.filter(isUsed).map(declaration),
    ...constants.map(({ buffer, values }) => `${FILL}(b${buffer}, "${base64(values)}");`),
    "",
    code,
  ].join("\n");
}

const FILL = "$fill";

function declaration({ id, dtype, offset, length, role, name }: Buffer): string {
  return `const b${id} = new ${ARRAYS[dtype]}(arena, ${offset}, ${length});${role === "temporary" ? "" : ` // ${name}`}`;
}

/** The bytes of numbers as they lie in memory, little-endian as that of WebAssembly. */
function base64({ buffer, byteOffset, byteLength }: TypedArray): string {
  let text = "";
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) text += String.fromCharCode(byte);
  return btoa(text);
}

// Decoded in plain code: atob is a browser's, which the types of the language alone do not know.
const FILL_FUNCTION = `/** Numbers from their bytes. */
function $fill(array: Float32Array | Float64Array | Int32Array | Uint8Array, base64: string): void {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let i = 0, at = 0, bits = 0, held = 0; i < bytes.length; at++) {
    bits = ((bits & 255) << 6) | digits.indexOf(base64.charAt(at));
    held += 6;
    if (held >= 8) bytes[i++] = bits >> (held -= 8);
  }
}`;

/** The error function; the tables are those of FDLIBM's s_erf.c (Sun Microsystems, 1993). */
const erfFunction = (): string => `const $tables: number[][][] = ${JSON.stringify(ERF_TABLES.ratios)};
const $ratio = ([p, q]: number[][], x: number): number => $horner(p!, x) / $horner(q!, x);
const $horner = (coefficients: number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0);
function $erf(x: number): number {
  const t = Math.abs(x);
  if (Number.isNaN(t)) return x;
  if (t < 2 ** -28) return x + ${ERF_TABLES.slope} * x;
  if (t < 0.84375) return x + x * $ratio($tables[0]!, x * x);
  if (t < 1.25) return Math.sign(x) * (${ERF_TABLES.erfOf1} + $ratio($tables[1]!, t - 1));
  if (t >= 6) return Math.sign(x);
  const z = Math.fround(t);
  const tail = $ratio($tables[t < 1 / 0.35 ? 2 : 3]!, 1 / (t * t));
  return Math.sign(x) * (1 - (Math.exp(-z * z - 0.5625) * Math.exp((z - t) * (z + t) + tail)) / t);
}`;

/** Those functions that the code uses. */
function functionsFor(code: string): string {
  const used = Object.entries(FUNCTIONS).filter(([name]) => code.includes(`${name}(`));
  const texts = used.map(([, text]) => text);
  if (code.includes("$erf(")) texts.push(erfFunction());
  return `${[FILL_FUNCTION, ...texts].join("\n\n")}\n`;
}

/** The statements that run steps; the kernels they call are added to `kernels`. */
const steps = (list: readonly Step[], kernels: Map<string, string>): string[] =>
  list.flatMap((step) => printStep(step, kernels));

function printStep(step: Step, kernels: Map<string, string>): string[] {
  const block = (inner: readonly Step[]): string[] => indent(steps(inner, kernels));
  switch (step.kind) {
    case "kernel": {
      const name = `kernel${kernels.size}_${step.kernel.name.replace(/\W/g, "_")}`;
      kernels.set(name, `function ${name}(): void {\n${indent(printKernelBody(step.kernel)).join("\n")}\n}`);
      return [`${name}();`];
    }
    case "if":
      return [`if (b${step.condition}[0]) {`, ...block(step.then), "} else {", ...block(step.otherwise), "}"];
    case "while":
      return ["for (;;) {", ...block(step.test), `  if (!b${step.condition}[0]) break;`, ...block(step.body), "}"];
    case "repeat": {
      const head = `for (let i = 0; i < ${step.count}; i++) {`;
      return [head, `  b${step.counter}[0] = i;`, ...block(step.body), "}"];
    }
  }
}
