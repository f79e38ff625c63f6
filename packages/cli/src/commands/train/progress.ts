/**
 * How far training is: on a terminal one line, elsewhere a line for an epoch, or for each candidate that is compared; as JSON an
 * object for an epoch.
 */
import type { Output } from "../../output.ts";
import type { EpochLog, Phase } from "../../recipe/index.ts";
import { ProgressLine } from "../../render/progress.ts";

export class TrainingProgress {
  readonly #output: Output;
  readonly #line = new ProgressLine(process.stderr);
  /** The last epoch of a candidate, to be told when the next one begins. */
  #candidate: { readonly run: number; readonly text: string } | undefined;
  /** What is being trained, where there are several, as "fold 2 of 5". */
  part = "";

  constructor(output: Output) {
    this.#output = output;
  }

  epoch(log: EpochLog, phase: Phase): void {
    this.#output.json({
      event: "epoch",
      ...(this.part === "" ? {} : { part: this.part }),
      phase: phase.name,
      run: phase.run,
      ...log,
    });
    if (!this.#output.progress) return;
    if (this.#candidate?.run !== phase.run) this.#tellCandidate();
    const text = epochLine(this.part, log, phase);
    if (phase.name === "choose" && !this.#line.isTerminal) this.#candidate = { run: phase.run, text };
    else this.#line.show(text);
  }

  end(): void {
    this.#tellCandidate();
    this.#line.end();
  }

  #tellCandidate(): void {
    if (this.#candidate !== undefined) this.#line.show(this.#candidate.text);
    this.#candidate = undefined;
  }
}

/** "fold 2/5  training  epoch 3/50  loss 0.1234  validation 0.2345 …" */
export function epochLine(part: string, log: EpochLog, { name, run, runs, epochs, candidate }: Phase): string {
  const { hidden, l2 } = candidate;
  const what = {
    choose: `comparing ${run}/${runs}`,
    train: "training",
    refit: "training on all rows",
  }[name];
  const numbers = [
    `loss ${short(log.loss)}`,
    ...(log.validationLoss === undefined ? [] : [`validation ${short(log.validationLoss)}`]),
    ...(log.validationScore === undefined ? [] : [`score ${log.validationScore.toFixed(4)}`]),
  ];
  // Last, since a narrow terminal cuts the end off.
  const settings = name === "choose" ? [`hidden ${hidden.join(", ") || "none"}; l2 ${l2}`] : [];
  return [...(part === "" ? [] : [part]), what, `epoch ${log.epoch}/${epochs}`, ...numbers, ...settings].join("  ");
}

const short = (x: number): string => (Math.abs(x) >= 1e-3 || x === 0 ? x.toFixed(4) : x.toExponential(2));
