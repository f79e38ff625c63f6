/** Trace, compilation and first step of the mlp row, each time in a fresh process that has imported the library. */
import type { ContenderName } from "../contenders.ts";
import { linesOf, type Measurement } from "../lines.ts";
import { NoFigure } from "../process.ts";
import { judge, type Target } from "../target.ts";
import { firstStep } from "./growth.ts";
import { mlp } from "./problems.ts";
import type { Row } from "./row.ts";

const NAMES: readonly ContenderName[] = ["chainrule", "chainrule wide", "jax-js"];

const target: Target = { text: "≤ 60 ms", of: "chainrule", limit: { kind: "absolute", value: 60e6 } };

export const compile: Row = {
  name: "compile",
  title: "trace, compilation and first step of mlp, cold, in process",
  async run({ contenders, quick, folder }) {
    const found = NAMES.map((line) => ({ line, rounds: [] as number[], void: undefined as string | undefined }));
    for (let round = 0; round < (quick ? 3 : 11); round++) {
      for (const own of found) {
        if (own.void !== undefined) continue;
        try {
          own.rounds.push(await firstStep(contenders, own.line, mlp, folder));
        } catch (error) {
          if (!(error instanceof NoFigure)) throw error;
          own.void = error.message;
        }
      }
    }
    const lines = linesOf(found satisfies Measurement[]);
    return { per: "a program", unit: "time", lines, verdicts: [judge(target, lines)] };
  },
};
