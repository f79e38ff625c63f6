/** The resident memory of a process that does many steps. */
import type { ContenderName } from "../contenders.ts";
import { linesOf, type Measurement } from "../lines.ts";
import { type StoredProblem, store } from "../problem.ts";
import { NoFigure } from "../process.ts";
import { judge, type Target } from "../target.ts";
import { mlp } from "./problems.ts";
import type { Context, Row } from "./row.ts";

interface Course {
  readonly importedBytes: number;
  readonly peakBytes: number;
  readonly samples: readonly number[];
}

const NAMES: readonly ContenderName[] = ["chainrule", "chainrule wide", "numpy", "pytorch", "jax-js"];

const TARGETS: readonly Target[] = [
  { text: "peak above the import's ≤ 60 MB", of: "chainrule", limit: { kind: "absolute", value: 60e6 } },
  // Less than half a kilobyte a step: what a heap breathes, not what a leak of one small object would take.
  {
    text: "flat: later half ≤ 4 MB above the earlier",
    of: "chainrule growth",
    limit: { kind: "absolute", value: 4e6 },
  },
];

async function measure(
  context: Context,
  name: ContenderName,
  problem: StoredProblem,
  steps: number,
): Promise<Measurement[]> {
  try {
    const peer = await context.contenders.start(name, { fresh: true });
    try {
      await peer.ask({ do: "prepare", work: name, problem, task: "train" });
      const course = await peer.ask<Course>({ do: "memory", work: name, steps });
      const { importedBytes, peakBytes } = course;
      return [
        { line: name, rounds: [peakBytes - importedBytes] },
        {
          line: `${name} growth`,
          rounds: [growthOf(course.samples)],
          note: "mean of the last quarter over the second",
        },
      ];
    } finally {
      await peer.close();
    }
  } catch (error) {
    if (!(error instanceof NoFigure)) throw error;
    return [{ line: name, rounds: [], void: error.message }];
  }
}

/** How much higher the last quarter of the samples lies than the second; the first warms up. Never below zero. */
export function growthOf(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4);
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return Math.max(0, mean(samples.slice(-quarter)) - mean(samples.slice(quarter, 2 * quarter)));
}

export const memory: Row = {
  name: "memory",
  title: "resident memory of 10,000 steps of mlp, above what the import takes (1,000 steps with --quick)",
  async run(context) {
    const problem = store(mlp, context.folder);
    const measurements: Measurement[] = [];
    // With --quick the slowest one waits for a full run.
    for (const name of NAMES.filter((known) => !(context.quick && known === "pytorch")))
      measurements.push(...(await measure(context, name, problem, context.quick ? 1000 : 10_000)));
    const lines = linesOf(measurements);
    return { per: "a process", unit: "bytes", lines, verdicts: TARGETS.map((target) => judge(target, lines)) };
  },
};
