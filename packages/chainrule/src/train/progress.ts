/** The progress line: rewritten in place on a terminal, lines elsewhere, and neither more than ten times a second. */
import type { EpochLog } from "./callbacks.ts";

/** Where progress goes; process.stderr is one. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** How training proceeds: numbers of one epoch, and of all. */
export interface ProgressPlan {
  readonly epochs: number;
  /** Epochs done before, of a training that is resumed. */
  readonly done: number;
  /** Steps in an epoch. */
  readonly steps: number;
  /** Examples in an epoch. */
  readonly examples: number;
}

/** The least time between two updates, in milliseconds. */
const INTERVAL = 100;

export class Progress {
  readonly #stream: ProgressStream;
  readonly #plan: ProgressPlan;
  readonly #terminal: boolean;
  readonly #started: number;
  #epochStarted: number;
  #updated = Number.NEGATIVE_INFINITY;
  /** The line of the last finished epoch, as long as it has not been written. */
  #waiting: string | undefined;
  #drawn = false;
  /** Metrics of the last finished epoch, which stay on the line during the next. */
  #metrics: readonly (readonly [string, number])[] = [];

  /** @param now in milliseconds, here and below */
  constructor(stream: ProgressStream, plan: ProgressPlan, now: number) {
    this.#stream = stream;
    this.#plan = plan;
    this.#terminal = stream.isTTY === true;
    this.#started = now;
    this.#epochStarted = now;
  }

  /** After a step, counted from 1; `loss` is the mean so far in this epoch. */
  step(epoch: number, step: number, loss: number, now: number): void {
    if (!this.#terminal || now - this.#updated < INTERVAL) return;
    this.#waiting = undefined;
    this.#show(this.#line(epoch, step, loss, now), now);
  }

  /** After an epoch and its validation. */
  epoch(log: EpochLog, now: number): void {
    const rest = Object.entries(log).filter(([key]) => key !== "epoch" && key !== "loss");
    this.#metrics = rest.map(([key, value]) => [words(key), value as number]);
    this.#waiting = this.#line(log.epoch, this.#plan.steps, log.loss, now);
    this.#epochStarted = now;
    if (now - this.#updated >= INTERVAL) this.#show(this.#waiting, now);
  }

  /** Shows the last state, and leaves the cursor on a line of its own. */
  end(now: number): void {
    if (this.#waiting !== undefined) this.#show(this.#waiting, now);
    if (this.#drawn) this.#stream.write("\n");
    this.#drawn = false;
  }

  #line(epoch: number, step: number, loss: number, now: number): string {
    const { epochs, done, steps, examples } = this.#plan;
    const rate = ((step / steps) * examples * 1000) / Math.max(1, now - this.#epochStarted);
    const finished = epoch - 1 + step / steps - done;
    const left = ((now - this.#started) / 1000) * ((epochs - done) / finished - 1);
    const speed = Math.round(rate).toLocaleString("en-US");
    const head = `epoch ${`${epoch}`.padStart(`${epochs}`.length)}/${epochs}`;
    const metrics = this.#metrics.map(([name, value]) => `  ${name} ${number(value)}`).join("");
    const full = `${head}  step ${step}/${steps}  loss ${number(loss)}${metrics}  ${speed} examples/s  ${clock(left)} left`;
    if (!this.#terminal || full.length <= this.#width) return full;
    // On a narrow terminal what tells most: without further losses, and with shorter words.
    const few = this.#metrics.filter(([name]) => !name.endsWith("loss"));
    const brief = few.map(([name, value]) => `  ${name.replace("validation", "val.")} ${number(value)}`).join("");
    return `${head}  ${step}/${steps}  loss ${number(loss)}${brief}  ${speed}/s  ${clock(left)} left`.slice(
      0,
      this.#width,
    );
  }

  /** A line that wraps could not be rewritten. */
  get #width(): number {
    return (this.#stream.columns ?? 120) - 1;
  }

  #show(line: string, now: number): void {
    this.#updated = now;
    this.#waiting = undefined;
    if (!this.#terminal) {
      this.#stream.write(`${line}\n`);
      return;
    }
    // Back to the start of the line, and clear what was there.
    this.#stream.write(`\r\u001b[2K${line}`);
    this.#drawn = true;
  }
}

/** validationAccuracy → validation accuracy */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const number = (x: number): string => (Math.abs(x) >= 1e-3 || x === 0 ? x.toFixed(4) : x.toExponential(2));

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
