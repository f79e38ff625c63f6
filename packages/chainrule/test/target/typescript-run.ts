/** A target for tests: runs the TypeScript that is printed for a program. */
import { stripTypeScriptTypes } from "node:module";
import type { Buffer, Program } from "../../src/loop/ir.ts";
import type { Executable, Target } from "../../src/target/target.ts";
import { type Constant, printTypeScript } from "../../src/target/typescript/index.ts";
import { allocate, type TypedArray } from "../../src/tensor/dtype.ts";

export function instantiate(program: Program, constants: readonly Constant[] = []): Executable {
  const code = stripTypeScriptTypes(printTypeScript(program, constants));
  const names = [...code.matchAll(/^const (b\d+) /gm)].map(([, name]) => name).join(", ");
  const made = new Function(`"use strict";\n${code}\nreturn { run, arena, ${names} };`)() as Record<string, unknown>;
  // What no statement uses is not declared, and shares its memory with others.
  const unused = ({ dtype, offset, length }: Buffer): TypedArray =>
    new (allocate(dtype, 0).constructor as Float32ArrayConstructor)(made.arena as ArrayBuffer, offset, length);
  const buffers = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  return {
    view: (id) => (made[`b${id}`] as TypedArray | undefined) ?? unused(buffers.get(id) as Buffer),
    run: made.run as () => void,
  };
}

export const typescript: Target = { name: "typescript", settings: () => "printed", instantiate };
