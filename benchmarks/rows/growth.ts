/** How the time of a step grows with its size, and the time of compilation with the depth. */
import type { ContenderName, Contenders } from "../contenders.ts";
import { linesOf, type Measurement } from "../lines.ts";
import { contest, type Pace } from "../measure.ts";
import { type Problem, store, trainingFlops } from "../problem.ts";
import { NoFigure } from "../process.ts";
import { median } from "../statistics.ts";
import type { Judgement, Verdict } from "../target.ts";
import type { Context, Row } from "./row.ts";

const VARIANTS: ContenderName[] = ["chainrule", "chainrule wide"];

/** From this width and batch up the time per FLOP has a limit. */
const [WIDTH, BATCH] = [128, 32];

function sizes(quick: boolean): [width: number, batch: number][] {
  const widths = quick ? [64, 128, 256, 512] : [64, 128, 256, 512, 1024, 2048];
  const batches = quick ? [1, 32, 256] : [1, 32, 128, 1024];
  return widths.flatMap((width) => batches.map((batch): [number, number] => [width, batch]));
}

/** Two dense layers under a mean squared error, plain SGD. */
const dense = (width: number, batch: number): Problem => ({
  name: `dense-${width}-${batch}`,
  layers: [width, width, width],
  hidden: "relu",
  output: "linear",
  loss: "meanSquared",
  optimizer: { kind: "sgd", learningRate: 1e-3, momentum: 0 },
  batch,
  batches: 1,
});

const lineOf = (variant: ContenderName, width: number, batch: number): string =>
  `${variant}, ${width} × batch ${batch}`;

const tower = (depth: number): Problem => ({
  ...dense(16, 8),
  name: `tower-${depth}`,
  layers: Array.from({ length: depth + 1 }, () => 16),
  hidden: "tanh",
});

async function steps(context: Context): Promise<{ measurements: Measurement[]; verdict: Verdict }> {
  const pace: Pace = { ...context.pace, checkMs: 50 };
  const grid = sizes(context.quick);
  const entries = VARIANTS.flatMap((contender) =>
    grid.map(([width, batch]) => ({
      line: lineOf(contender, width, batch),
      contender,
      problem: store(dense(width, batch), context.folder),
      task: "train" as const,
      group: `${width} ${batch}`,
    })),
  );
  const lines = await contest(entries, context.contenders, pace);
  const measurements = lines.map((line, i): Measurement => {
    const flops = trainingFlops((entries[i] as (typeof entries)[number]).problem);
    return { ...line, rounds: line.rounds.map((ns) => (ns * 1000) / flops) };
  });
  const judged = (variant: ContenderName): Judgement => {
    const rates = grid.map(([width, batch]) => {
      const own = measurements.find(({ line }) => line === lineOf(variant, width, batch));
      return { rate: median(own?.rounds ?? []), counts: width >= WIDTH && batch >= BATCH };
    });
    const known = rates.filter(({ rate }) => !Number.isNaN(rate));
    if (known.length < grid.length) return { outcome: "not available" };
    const best = Math.min(...known.map(({ rate }) => rate));
    const worst = Math.max(...known.filter(({ counts }) => counts).map(({ rate }) => rate));
    return within(worst / best / 1.3);
  };
  const text = `time per FLOP ≤ 1.3 × its best from width ${WIDTH} and batch ${BATCH} up`;
  return { measurements, verdict: { text, plain: judged("chainrule"), wide: judged("chainrule wide") } };
}

const within = (share: number): Judgement => ({ outcome: share <= 1 ? "reached" : "missed", share });

/** The time of trace, compilation and first step of towers of dense layers, each in a fresh process. */
async function compilation(context: Context): Promise<{ measurements: Measurement[]; verdict: Verdict }> {
  const depths = context.quick ? [8, 32] : [4, 8, 16, 32, 64];
  const rounds = context.quick ? 1 : 5;
  const measurements: Measurement[] = [];
  const judged = async (variant: ContenderName): Promise<Judgement> => {
    const times = new Map(depths.map((depth) => [depth, [] as number[]]));
    try {
      for (let round = 0; round < rounds; round++) {
        for (const depth of depths) {
          times.get(depth)?.push(await firstStep(context.contenders, variant, tower(depth), context.folder));
        }
      }
    } catch (error) {
      if (!(error instanceof NoFigure)) throw error;
      measurements.push({ line: variant, rounds: [], void: error.message });
      return { outcome: "not available" };
    }
    const [first = 1, last = 1] = [depths[0], depths.at(-1)];
    const growth = median(times.get(last) ?? []) / median(times.get(first) ?? []);
    for (const [depth, values] of times) {
      const note = `${(median(values) / 1e6).toFixed(1)} ms in all`;
      measurements.push({ line: `${variant}, ${depth} layers`, rounds: values.map((ns) => ns / depth), note });
    }
    return within(growth / (last / first));
  };
  const plain = await judged("chainrule");
  const wide = await judged("chainrule wide");
  return { measurements, verdict: { text: "compile time grows no faster than the number of layers", plain, wide } };
}

/** Nanoseconds from the model to the end of its first step, in a process of its own. */
export async function firstStep(contenders: Contenders, name: ContenderName, problem: Problem, folder: string) {
  const peer = await contenders.start(name, { fresh: true });
  try {
    return (await peer.ask<{ ns: number }>({ do: "first", problem: store(problem, folder), task: "train" })).ns;
  } finally {
    await peer.close();
  }
}

export const growth: Row = {
  name: "growth",
  title: "steps of two dense layers of many sizes: time per FLOP of their products",
  async run(context) {
    const { measurements, verdict } = await steps(context);
    return { per: "a FLOP", unit: "ps/FLOP", lines: linesOf(measurements), verdicts: [verdict] };
  },
};

export const growthOfCompilation: Row = {
  name: "growth-compile",
  title: "trace, compilation and first step of towers of dense layers, by depth",
  async run(context) {
    const { measurements, verdict } = await compilation(context);
    return { per: "a layer", unit: "time", lines: linesOf(measurements), verdicts: [verdict] };
  },
};
