/** An independent check of memory plans, by brute force. */
import { expect } from "vitest";
import type { Buffer, Program, Step } from "../../src/loop/ir.ts";
import { bytesOf } from "../../src/tensor/dtype.ts";

/** The ids of all buffers that a part of a program names: every numeric field that the loop IR gives to a buffer. */
function buffersIn(part: unknown, found = new Set<number>(), seen = new Set<object>()): Set<number> {
  if (typeof part !== "object" || part === null || seen.has(part)) return found;
  seen.add(part);
  if (Array.isArray(part)) for (const item of part) buffersIn(item, found, seen);
  else {
    for (const [key, value] of Object.entries(part)) {
      const named =
        ["buffer", "scratch", "counter"].includes(key) || (key === "condition" && typeof value === "number");
      if (named) found.add(value as number);
      else buffersIn(value, found, seen);
    }
  }
  return found;
}

const bytesOfBuffer = ({ length, dtype }: Buffer): number => length * bytesOf(dtype);

/** For each buffer the steps (at the top) during which its contents matter; always, for what persists. */
export function aliveAt(program: Program): Map<number, Set<number>> {
  const used = program.steps.map((step: Step) => buffersIn(step));
  return new Map(
    program.buffers.map(({ id, role }) => {
      const times = used.flatMap((ids, time) => (ids.has(id) ? [time] : []));
      const [from, to] = role === "temporary" ? [Math.min(...times), Math.max(...times)] : [0, program.steps.length];
      const alive = new Set<number>();
      for (let time = from; time <= to; time++) alive.add(time);
      return [id, alive];
    }),
  );
}

/** Buffers alive at the same time are apart, aligned, within the arena, with 16 bytes of padding behind. */
export function expectPlanHolds(program: Program): void {
  const alive = aliveAt(program);
  const end = (b: Buffer): number => b.offset + bytesOfBuffer(b) + 16;
  program.buffers.forEach((a, i) => {
    expect([a.offset % 64, end(a) <= program.arenaBytes]).toEqual([0, true]);
    for (const b of program.buffers.slice(i + 1)) {
      if (end(a) <= b.offset || end(b) <= a.offset) continue;
      const meet = [...(alive.get(a.id) as Set<number>)].filter((time) => alive.get(b.id)?.has(time));
      expect(meet, `steps at which buffers ${a.id} and ${b.id}, which overlap, are both needed`).toEqual([]);
    }
  });
}
