/** A kernel as functions of the module. */
import { bodyOf, expressionsOf, nodesOf } from "../../loop/dag.ts";
import type { Buffer, Kernel, Stmt, Var } from "../../loop/ir.ts";
import { FunctionWriter, type WasmFunction } from "./assembler.ts";
import { KernelContext } from "./context.ts";
import type { Library } from "./library.ts";
import { writeBlock } from "./statement.ts";

/**
 * Instructions after which a kernel goes on in another function. Engines optimize functions one by one in the
 * background, and refuse those of more than 7.6 MB or 50,000 locals.
 */
const FUNCTION_INSTRUCTIONS = 20_000;

/**
 * The kernel as one function, or as several where it is large and falls into parts that share no variables. The
 * functions have a parameter that holds `from`, where it is given.
 */
export function kernelFunctions(
  library: Library,
  buffers: ReadonlyMap<number, Buffer>,
  kernel: Kernel,
  from?: Var,
): WasmFunction[] {
  const params = from ? [[from.name, "i32"] as const] : [];
  const functions: WasmFunction[] = [];
  let current: { writer: FunctionWriter; ctx: KernelContext } | undefined;
  const close = (): void => {
    if (current) functions.push(library.add(current.writer.finish()));
    current = undefined;
  };
  for (const part of independentParts(kernel.body)) {
    if (!current) {
      const suffix = functions.length === 0 ? "" : `_${functions.length + 1}`;
      const writer = new FunctionWriter(kernel.name + suffix, params, []);
      const ctx = new KernelContext(writer, library, buffers, part);
      const [local] = writer.params;
      if (from && local) ctx.bindings.set(from, { kind: "scalar", loop: ctx.loop, local });
      current = { writer, ctx };
    }
    writeBlock(current.ctx, part);
    if (current.writer.size > FUNCTION_INSTRUCTIONS) close();
  }
  close();
  return functions;
}

/** Cuts a kernel's statements where no variable declared before is used after. */
function independentParts(body: readonly Stmt[]): Stmt[][] {
  const lastUse = new Map<Var, number>();
  body.forEach((stmt, position) => {
    for (const variable of variablesUsed(stmt)) lastUse.set(variable, position);
  });
  const parts: Stmt[][] = [];
  let part: Stmt[] = [];
  let liveUntil = 0;
  body.forEach((stmt, position) => {
    part.push(stmt);
    if (stmt.kind === "let") liveUntil = Math.max(liveUntil, lastUse.get(stmt.target) ?? position);
    if (liveUntil > position) return;
    parts.push(part);
    part = [];
  });
  return parts;
}

function variablesUsed(stmt: Stmt): Set<Var> {
  const used = new Set(bodyOf(stmt).flatMap((inner) => [...variablesUsed(inner)]));
  for (const node of nodesOf(expressionsOf(stmt))) if (node.kind === "var") used.add(node);
  if (stmt.kind === "assign" || stmt.kind === "accumulate") used.add(stmt.target);
  return used;
}
