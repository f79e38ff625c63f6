/** Plans the arena: a place for every buffer, shared by temporaries that are never alive at the same time. */
import { bodyOf, expressionsOf, nodesOf } from "../loop/dag.ts";
import type { Buffer, Step, Stmt } from "../loop/ir.ts";
import { bytesOf } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { PlannedBuffer } from "./lower.ts";

/** Alignment of buffers, a cache line; at least 16 bytes of padding let vector loads run past the end. */
const ALIGNMENT = 64;
const PADDING = 16;

export interface Plan {
  readonly buffers: readonly Buffer[];
  readonly arenaBytes: number;
}

interface Interval {
  readonly buffer: PlannedBuffer;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Inputs, outputs and state keep their place for good; temporaries only while they are needed. */
export function planMemory(buffers: readonly PlannedBuffer[], steps: readonly Step[]): Plan {
  const { first, last } = lifetimes(steps);
  const offsets = new Map<number, number>();
  let end = 0;
  for (const buffer of buffers) {
    if (buffer.role === "temporary") continue;
    offsets.set(buffer.id, end);
    end += footprint(buffer);
  }
  const start = end;
  const temporaries = buffers
    .filter((buffer) => buffer.role === "temporary")
    .map(
      (buffer): Interval => ({
        buffer,
        bytes: footprint(buffer),
        first: first.get(buffer.id) ?? 0,
        last: last.get(buffer.id) ?? 0,
      }),
    )
    .sort((a, b) => b.bytes - a.bytes || a.buffer.id - b.buffer.id);
  const placed: (Interval & { readonly offset: number })[] = [];
  for (const interval of temporaries) {
    const offset = lowestGap(
      start,
      interval,
      placed.filter((other) => other.first <= interval.last && interval.first <= other.last),
    );
    placed.push({ ...interval, offset });
    offsets.set(interval.buffer.id, offset);
    end = Math.max(end, offset + interval.bytes);
  }
  return {
    arenaBytes: end,
    buffers: buffers.map(({ id, name, dtype, shape, role }) => ({
      id,
      name,
      dtype,
      role,
      length: sizeOf(shape),
      offset: offsets.get(id) as number,
    })),
  };
}

const footprint = ({ dtype, shape }: PlannedBuffer): number =>
  Math.ceil((sizeOf(shape) * bytesOf(dtype) + PADDING) / ALIGNMENT) * ALIGNMENT;

/** The lowest offset from `start` that is clear of the buffers alive at the same time. */
function lowestGap(
  start: number,
  { bytes }: Interval,
  others: readonly { readonly offset: number; readonly bytes: number }[],
): number {
  let offset = start;
  for (const other of others.toSorted((a, b) => a.offset - b.offset)) {
    if (offset + bytes <= other.offset) break;
    offset = Math.max(offset, other.offset + other.bytes);
  }
  return offset;
}

/** The first and last step at the top that touches each buffer; what control flow touches lives as long as it runs. */
function lifetimes(steps: readonly Step[]): { first: Map<number, number>; last: Map<number, number> } {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  steps.forEach((step, time) => {
    for (const buffer of buffersOfStep(step)) {
      if (!first.has(buffer)) first.set(buffer, time);
      last.set(buffer, time);
    }
  });
  return { first, last };
}

function buffersOfStep(step: Step): Set<number> {
  const found = new Set<number>();
  const visit = (statement: Stmt): void => {
    for (const expr of nodesOf(expressionsOf(statement))) if (expr.kind === "load") found.add(expr.buffer);
    if (statement.kind === "store") found.add(statement.buffer);
    if (statement.kind === "product") {
      for (const matrix of [statement.a, statement.b, statement.out]) found.add(matrix.buffer);
      found.add(statement.scratch);
    }
    for (const inner of bodyOf(statement)) visit(inner);
  };
  const nested = (list: readonly Step[]): void => {
    for (const inner of list) for (const buffer of buffersOfStep(inner)) found.add(buffer);
  };
  switch (step.kind) {
    case "kernel":
      step.kernel.body.forEach(visit);
      break;
    case "if":
      found.add(step.condition);
      nested(step.then);
      nested(step.otherwise);
      break;
    case "while":
      found.add(step.condition);
      nested(step.test);
      nested(step.body);
      break;
    case "repeat":
      found.add(step.counter);
      nested(step.body);
      break;
  }
  return found;
}
