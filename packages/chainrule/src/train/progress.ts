/** The progress line: rewritten in place on a terminal, one line an epoch elsewhere. */
import type { EpochLog } from "./callbacks.ts";

/** Where progress goes; process.stderr is one. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A terminal line is rewritten at most so often, in milliseconds. */
const INTERVAL = 100;

export class Progress {
  readonly #stream: ProgressStream | undefined;
  readonly #epochs: number;
  readonly #steps: number;
  readonly #examples: number;
  #started = 0;
  #epochStarted = 0;
  #lastDrawn = 0;
  #drawn = false;
  #finishedEpochs = 0;
  #previous = "";

  /** @param stream undefined for none @param steps and examples in one epoch */
  constructor(stream: ProgressStream | undefined, epochs: number, steps: number, examples: number) {
    this.#stream = stream;
    this.#epochs = epochs;
    this.#steps = steps;
    this.#examples = examples;
  }

  begin(finishedEpochs: number, now = performance.now()): void {
    this.#finishedEpochs = finishedEpochs;
    this.#started = now;
    this.#epochStarted = now;
  }

  /** After a batch; `loss` is the mean so far in this epoch. */
  batch(epoch: number, step: number, loss: number, now = performance.now()): void {
    if (this.#stream?.isTTY !== true || now - this.#lastDrawn < INTERVAL) return;
    this.#lastDrawn = now;
    const rate = (step / this.#steps) * (this.#examples / Math.max(1e-3, (now - this.#epochStarted) / 1000));
    const done = epoch - 1 - this.#finishedEpochs + step / this.#steps;
    this.#draw(`${this.#head(epoch)}  step ${step}/${this.#steps}  loss ${number(loss)}${this.#previous}  ${speed(rate)}${this.#left(done, now)}`);
  }

  epoch(log: EpochLog, now = performance.now()): void {
    const rate = this.#examples / Math.max(1e-3, (now - this.#epochStarted) / 1000);
    const rest = Object.entries(log).filter(([key]) => key !== "epoch" && key !== "loss");
    const metrics = rest.map(([key, value]) => `  ${words(key)} ${number(value as number)}`).join("");
    const left = this.#left(log.epoch - this.#finishedEpochs, now);
    this.#previous = metrics;
    const line = `${this.#head(log.epoch)}  step ${this.#steps}/${this.#steps}  loss ${number(log.loss)}${metrics}  ${speed(rate)}${left}`;
    if (this.#stream?.isTTY === true) this.#draw(line);
    this.#stream?.write(this.#stream.isTTY === true ? "\n" : `${line}\n`);
    this.#drawn = false;
    this.#epochStarted = now;
  }

  /** Leaves the cursor on a line of its own. */
  end(): void {
    if (this.#drawn) this.#stream?.write("\n");
    this.#drawn = false;
  }

  #head(epoch: number): string {
    return `epoch ${`${epoch}`.padStart(`${this.#epochs}`.length)}/${this.#epochs}`;
  }

  #left(epochsDone: number, now: number): string {
    const total = this.#epochs - this.#finishedEpochs;
    if (epochsDone <= 0) return "";
    const seconds = ((now - this.#started) / 1000) * (total / epochsDone - 1);
    return `  ${clock(seconds)} left`;
  }

  #draw(line: string): void {
    const width = (this.#stream?.columns ?? 120) - 1;
    // Back to the start of the line, and clear what was there.
    this.#stream?.write(`\r\u001b[2K${line.slice(0, width)}`);
    this.#drawn = true;
  }
}

/** validationAccuracy → validation accuracy */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const number = (x: number): string => (Math.abs(x) >= 1e-3 || x === 0 ? x.toFixed(4) : x.toExponential(2));

const speed = (rate: number): string => `${Math.round(rate).toLocaleString("en-US")} examples/s`;

function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
