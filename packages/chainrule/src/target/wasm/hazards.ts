/**
 * Decides where threads must meet: before a kernel that touches memory which another one since the last meeting has
 * written, or writes what that has touched, unless both run on the first thread.
 */
import { bodyOf, expressionsOf, nodesOf } from "../../loop/dag.ts";
import type { Buffer, Stmt } from "../../loop/ir.ts";
import { bytesOf } from "../../tensor/dtype.ts";

/** A range of bytes in the arena, whose places are used by one buffer after another. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Touched {
  readonly reads: readonly Range[];
  readonly writes: readonly Range[];
  /** Only the first thread touches it. */
  readonly single: boolean;
}

const overlap = (a: readonly Range[], b: readonly Range[]): boolean =>
  a.some((x) => b.some((y) => x.start < y.end && y.start < x.end));

const conflict = (a: Touched, b: Touched): boolean =>
  !(a.single && b.single) && (overlap(a.writes, b.writes) || overlap(a.writes, b.reads) || overlap(a.reads, b.writes));

export const rangeOf = ({ offset, length, dtype }: Buffer): Range => ({
  start: offset,
  end: offset + length * bytesOf(dtype),
});

/** What statements touch in buffers of the program; the scratch of products counts unless it lies elsewhere. */
export function touchedBy(
  body: readonly Stmt[],
  buffers: ReadonlyMap<number, Buffer>,
  { single, ownScratch }: { readonly single: boolean; readonly ownScratch: boolean },
): Touched {
  const [reads, writes] = [new Set<number>(), new Set<number>()];
  const visit = (stmt: Stmt): void => {
    for (const node of nodesOf(expressionsOf(stmt))) if (node.kind === "load") reads.add(node.buffer);
    if (stmt.kind === "store") writes.add(stmt.buffer);
    if (stmt.kind === "product") {
      reads.add(stmt.a.buffer).add(stmt.b.buffer);
      writes.add(stmt.out.buffer);
      if (!ownScratch) writes.add(stmt.scratch);
    }
    bodyOf(stmt).forEach(visit);
  };
  body.forEach(visit);
  const ranges = (ids: Iterable<number>): Range[] => Array.from(ids, (id) => rangeOf(buffers.get(id) as Buffer));
  return { reads: ranges(reads), writes: ranges(writes), single };
}

/** What has been touched since the threads last met. */
export class Hazards {
  #since: Touched[] = [];

  /** Notes what is touched next; true if the threads must meet before. */
  touch(next: Touched): boolean {
    const mustMeet = this.#since.some((earlier) => conflict(earlier, next));
    if (mustMeet) this.#since = [];
    this.#since.push(next);
    return mustMeet;
  }

  /** The threads have met. */
  met(): void {
    this.#since = [];
  }

  copy(): Hazards {
    const copy = new Hazards();
    copy.#since = [...this.#since];
    return copy;
  }

  /** After one of two branches. */
  join(other: Hazards): void {
    this.#since = [...new Set([...this.#since, ...other.#since])];
  }
}
