/** Contests: contenders do the same, in turns, round after round. */
import type { ContenderName, Contenders } from "./contenders.ts";
import { type Line, linesOf, type Measurement } from "./lines.ts";
import type { StoredProblem, Task } from "./problem.ts";
import { NoFigure, type Peer } from "./process.ts";
import { outliers, type Trace } from "./statistics.ts";

export interface Pace {
  readonly rounds: number;
  /** How long each contender's turn in a round is meant to take. */
  readonly turnMs: number;
  /** How long a contender may take over the steps whose numbers are compared. */
  readonly checkMs: number;
}

/** Later, round-off alone makes runs differ. */
const CHECKED_STEPS = 300;

export interface Entry {
  /** What the line is called; by default as the contender. */
  readonly line?: string;
  readonly contender: ContenderName;
  readonly problem: StoredProblem;
  readonly task: Task;
  /** Why its numbers need not agree with those of the others; printed. */
  readonly apart?: string;
  /** Compared with the other lines of the same group; default: all. */
  readonly group?: string;
  /** The most steps in a turn, after which it starts again from the start weights. */
  readonly mostSteps?: number;
}

interface Running {
  readonly entry: Entry;
  readonly line: string;
  readonly peer: Peer;
  readonly work: string;
  readonly trace: Trace;
  readonly rounds: number[];
  steps: number;
  /** So slow that one turn must do. */
  once: boolean;
}

/** Measures all entries side by side. Those that cannot take part, or do not the same, are void and say why. */
export async function contest(entries: readonly Entry[], contenders: Contenders, pace: Pace): Promise<Line[]> {
  const voids = new Map<string, string>();
  const peers = new Map<ContenderName, Promise<Peer>>();
  const running: Running[] = [];
  const peerOf = (name: ContenderName): Promise<Peer> => {
    const known = peers.get(name) ?? contenders.start(name);
    peers.set(name, known);
    return known;
  };
  // All start at once; those that cannot are told of below.
  for (const { contender } of entries) peerOf(contender).catch(() => {});
  try {
    for (const entry of entries) {
      const line = entry.line ?? entry.contender;
      await attempt(line, voids, async () => {
        running.push(await prepare(entry, line, await peerOf(entry.contender), pace));
      });
    }
    for (const group of new Set(running.map(groupOf))) {
      const compared = running.filter((r) => r.entry.apart === undefined && groupOf(r) === group);
      const traced = compared.map(({ line, entry, trace }) => ({
        name: line,
        library: libraryOf(entry.contender),
        trace,
      }));
      for (const line of outliers(traced)) {
        voids.set(line, "void: its numbers differ from those of the others");
      }
    }
    const sound = running.filter((r) => !voids.has(r.line));
    for (const r of sound) await attempt(r.line, voids, () => calibrate(r, pace));
    for (let round = 0; round < pace.rounds; round++) {
      for (const r of sound) {
        if (voids.has(r.line) || (r.once && round > 0)) continue;
        await attempt(r.line, voids, async () => {
          r.rounds.push((await turn(r)) / r.steps);
        });
      }
    }
  } finally {
    for (const [name, peer] of peers) await peer.then((p) => contenders.release(name, p)).catch(() => {});
  }
  const measurements = entries.map((entry): Measurement => {
    const line = entry.line ?? entry.contender;
    const own = running.find((r) => r.line === line);
    const checked = own && {
      steps: own.trace.length,
      of: stepsToCheck(entry),
      values: (own.trace.at(-1) ?? []).slice(0, 4),
    };
    return { line, rounds: own?.rounds ?? [], void: voids.get(line), note: entry.apart, checked };
  });
  return linesOf(measurements);
}

const stepsToCheck = ({ task }: Entry): number => (task === "train" || task === "train-many" ? CHECKED_STEPS : 1);

const libraryOf = (contender: ContenderName): string => contender.split(" ")[0] as string;

const groupOf = ({ entry }: Running): string => entry.group ?? "";

async function attempt(line: string, voids: Map<string, string>, f: () => Promise<void>): Promise<void> {
  try {
    await f();
  } catch (error) {
    if (!(error instanceof NoFigure)) throw error;
    voids.set(line, error.message);
  }
}

async function prepare(entry: Entry, line: string, peer: Peer, pace: Pace): Promise<Running> {
  const { problem, task } = entry;
  await peer.ask({ do: "prepare", work: line, problem, task });
  const { values } = await peer.ask<{ values: number[][] }>({
    do: "check",
    work: line,
    steps: stepsToCheck(entry),
    limitMs: pace.checkMs,
  });
  return { entry, line, peer, work: line, trace: values, rounds: [], steps: 1, once: false };
}

const turn = async (r: Running): Promise<number> =>
  (await r.peer.ask<{ ns: number }>({ do: "run", work: r.work, steps: r.steps })).ns;

/** Finds how many steps fill a turn. */
async function calibrate(r: Running, { turnMs }: Pace): Promise<void> {
  const most = r.entry.mostSteps ?? 500;
  for (;;) {
    const ms = (await turn(r)) / 1e6;
    r.once = r.steps === 1 && ms > 10 * turnMs;
    if (ms >= turnMs / 2 || r.steps === most) {
      r.steps = Math.min(most, Math.max(1, Math.round((r.steps * turnMs) / ms)));
      return;
    }
    r.steps = Math.min(most, Math.ceil(r.steps * Math.min(20, Math.max(2, turnMs / ms))));
  }
}
