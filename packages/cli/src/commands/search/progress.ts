/** How far a search is: on a terminal one line that rewrites itself, elsewhere a line for each trial; as JSON an object for each. */
import type { Output } from "../../output.ts";
import type { EpochLog, Phase, SearchRow, SearchSpace, TrialNumber } from "../../recipe/index.ts";
import { ProgressLine } from "../../render/progress.ts";
import { epochLine } from "../train/progress.ts";
import { describeSettings, trialNumbers } from "./trials.ts";

export class SearchProgress {
  readonly #output: Output;
  readonly #space: SearchSpace;
  readonly #line = new ProgressLine(process.stderr);
  #best: SearchRow | undefined;

  constructor(output: Output, space: SearchSpace) {
    this.#output = output;
    this.#space = space;
  }

  epoch(log: EpochLog, phase: Phase, trial: TrialNumber | undefined): void {
    if (!this.#output.progress || !this.#line.isTerminal) return;
    const best = this.#best === undefined ? "" : `best ${this.#best.validationLoss.toFixed(4)}  `;
    const part = trial === undefined ? "the best settings" : `trial ${trial.number}/${trial.count}`;
    this.#line.show(`${trial === undefined ? "" : best}${epochLine(part, log, phase)}`);
  }

  trial(row: SearchRow, count: number): void {
    this.#output.json({ event: "trial", trials: count, ...trialNumbers(row), seconds: row.seconds });
    if (row.failure === undefined && !(row.validationLoss >= (this.#best?.validationLoss ?? Number.POSITIVE_INFINITY)))
      this.#best = row;
    if (!this.#output.progress || this.#line.isTerminal) return;
    const found =
      row.failure === undefined
        ? `loss ${row.validationLoss.toFixed(4)}  score ${row.validationScore.toFixed(4)}`
        : "failed";
    const mark = this.#best === row ? "  best so far" : "";
    this.#line.show(`trial ${row.trial}/${count}  ${describeSettings(this.#space, row)}  ${found}${mark}`);
  }

  end(): void {
    this.#line.end();
  }
}
