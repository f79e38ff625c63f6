/** A compiled program as text: its graph, kernels, arena and code. */
import { printGraph } from "../graph/print.ts";
import { kernelCost } from "../loop/cost.ts";
import { kernelsOf } from "../loop/dag.ts";
import { printCode } from "../target/index.ts";
import { bytesOf } from "../tensor/dtype.ts";
import type { CompiledProgram } from "./compile.ts";

/**
 * The graph after simplification, the kernels with their FLOPs and bytes, the arena with the place of every buffer, and
 * the code of the target.
 *
 * @param compiled from `compile(f).program(...args)`
 */
export function explain({ graph, program, target }: CompiledProgram): string {
  const section = (title: string, text: string): string => `${title}\n${"─".repeat(title.length)}\n${text}\n`;
  const kernels = kernelsOf(program.steps);
  const rows = kernels.map((kernel, i) => {
    const { flops, bytes } = kernelCost(kernel);
    return [`${i}`, kernel.name, `${flops}`, `${bytes}`];
  });
  const arena = program.buffers
    .toSorted((a, b) => a.offset - b.offset || a.id - b.id)
    .map((b) => [
      `b${b.id}`,
      `${b.offset}`,
      `${b.length * bytesOf(b.dtype)}`,
      `${b.dtype}[${b.length}]`,
      b.role,
      b.name,
    ]);
  return [
    section("Graph", printGraph(graph)),
    section(`Kernels (${kernels.length})`, table(["#", "kernel", "FLOPs", "bytes"], rows)),
    section(`Arena (${program.arenaBytes} bytes)`, table(["buffer", "offset", "bytes", "type", "role", "name"], arena)),
    section(`Code (${target.name})`, printCode(target, program)),
  ].join("\n");
}

/** Columns padded to their widest entry. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map(line).join("\n");
}
