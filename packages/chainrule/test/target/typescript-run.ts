/** A target for tests: runs the TypeScript that is printed for a program. */
import { stripTypeScriptTypes } from "node:module";
import type { Program } from "../../src/loop/ir.ts";
import type { Executable, Target } from "../../src/target/target.ts";
import { type Constant, printTypeScript } from "../../src/target/typescript/index.ts";
import { allocate, type TypedArray } from "../../src/tensor/dtype.ts";

export function instantiate(program: Program, constants: readonly Constant[] = []): Executable {
  const code = stripTypeScriptTypes(printTypeScript(program, constants));
  const names = [...code.matchAll(/^const (b\d+) /gm)].map(([, name]) => name).join(", ");
  const made = new Function(`"use strict";\n${code}\nreturn { run, ${names} };`)() as Record<string, unknown>;
  // What no statement uses is not declared.
  const unused = new Map(program.buffers.map(({ id, dtype, length }) => [id, allocate(dtype, length)]));
  return {
    view: (buffer) => (made[`b${buffer}`] ?? unused.get(buffer)) as TypedArray,
    run: made.run as () => void,
  };
}

export const typescript: Target = { name: "typescript", settings: () => "printed", instantiate };
