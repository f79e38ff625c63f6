/** A compiled program as text: its graph, kernels, arena and code. */
import type { CompiledProgram } from "../../compile/index.ts";
import { printGraph } from "../../graph/print.ts";
import { printCode } from "../../target/index.ts";
import { bytesOf } from "../../tensor/dtype.ts";
import { checkOptions, describeValue } from "../../tensor/options.ts";
import { textTable } from "../../tensor/table.ts";
import { outline } from "./outline.ts";
import { profile, workOf } from "./profile.ts";
import { count } from "./profile-table.ts";

export interface ProgramOptions {
  /** Time the kernels, which takes about two seconds. Default: true. */
  readonly measure?: boolean;
}

/** See `explain`. */
export function explainProgram(compiled: CompiledProgram, options: ProgramOptions = {}): string {
  checkOptions("explain", options, ["measure"]);
  const { measure = true } = options;
  if (typeof measure !== "boolean") {
    throw new TypeError(`explain: measure is true or false, not ${describeValue(measure)}.`);
  }
  const { graph, program, target } = compiled;
  const section = (title: string, text: string): string => `${title}\n${"─".repeat(title.length)}\n${text}\n`;
  const kernels = outline(program.steps).filter(({ kind }) => kind === "kernel").length;
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
  const head = ["buffer", "offset", "bytes", "type", "role", "name"];
  return [
    section("Graph", printGraph(graph)),
    section(`Kernels (${kernels})`, measure ? `${profile(compiled)}` : kernelTable(compiled)),
    section(`Arena (${program.arenaBytes} bytes)`, textTable(head, arena, [0, 3, 4, 5])),
    section(`Code (${target.name})`, printCode(target, program)),
  ].join("\n");
}

/** The kernels without their times. */
function kernelTable({ program }: CompiledProgram): string {
  const buffers = new Map(program.buffers.map((buffer) => [buffer.id, buffer]));
  let kernels = 0;
  const rows = outline(program.steps).map(({ kernel, name, depth }) => {
    const indented = `${"  ".repeat(depth)}${name}`;
    if (!kernel) return ["", indented, "", ""];
    const { flops, bytes } = workOf(kernel, buffers);
    return [`${kernels++}`, indented, count(flops), count(bytes)];
  });
  return textTable(["#", "kernel", "FLOPs", "bytes"], rows, [1]);
}
