/** Times what is too short for the clock: by blocks of many runs, of which the shortest counts. */

/** Something to time. */
export interface Work {
  /** Does it so many times. */
  run(times: number): void;
  /** Brings back what a run finds and changes, so that every block does the same. */
  restore(): void;
}

/** A block lasts so many steps of the clock where the time allows it, and at least. */
const CLOCK_STEPS = 25;
const LEAST_CLOCK_STEPS = 8;
/** By how much the number of runs grows at most at a time. */
const GROWTH = 8;
/** A first block may have been interrupted, so there is another one unless it would take longer, in milliseconds. */
const SECOND_BLOCK = 100;
/**
 * The most runs in a row where the clock allows it: what shrinks by 0.9 in each, such as a momentum without gradients, is
 * by then far from the subnormal numbers, with which processors are slow.
 */
const MOST_RUNS = 512;
/** The longest step of a clock, in milliseconds, by which single runs of kernels can be timed. */
const FINE_STEP = 0.002;

/** The shortest step seen so far. */
let leastStep = Number.POSITIVE_INFINITY;

/** The step of the clock in milliseconds: some 0.0001 in Node, up to 1 in browsers. */
export function clockStep(): number {
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    leastStep = Math.min(leastStep, now - start);
  }
  return leastStep;
}

export const isClockFine = (): boolean => clockStep() <= FINE_STEP;

/** The longest block that is likely to pass without interruption where others use the processor too, in milliseconds. */
const UNDISTURBED = 1;

/** The length of blocks that suits a number of meters which share some time, in milliseconds. */
export function blockLength(meters: number, budget: number): number {
  const share = budget / meters;
  const wanted = Math.max(Math.min(share / 20, UNDISTURBED), CLOCK_STEPS * clockStep());
  return Math.max(Math.min(wanted, share / 3), LEAST_CLOCK_STEPS * clockStep());
}

/**
 * Repeats something until it has taken that many milliseconds; once at least. From the second time on it may stop where
 * it is as soon as `isOver()`.
 */
export function repeatFor(budget: number, pass: (isOver: () => boolean) => void): void {
  const end = performance.now() + budget;
  pass(() => false);
  const isOver = (): boolean => performance.now() >= end;
  while (!isOver()) pass(isOver);
}

export class Meter {
  readonly #work: Work;
  readonly #length: number;
  readonly #mostRuns = isClockFine() ? MOST_RUNS : Number.POSITIVE_INFINITY;
  #runs = 1;
  /** Blocks that were long enough to count. */
  #blocks = 0;
  #least = Number.POSITIVE_INFINITY;

  /** @param length of a block, in milliseconds */
  constructor(work: Work, length: number) {
    this.#work = work;
    this.#length = length;
  }

  /** Nanoseconds of a run, by the shortest block so far. */
  get ns(): number {
    return this.#least;
  }

  /** Times a block, or shorter ones that together are as long, and leaves what a single run leaves. */
  sample(): void {
    const length = this.#length;
    let [runs, total] = [this.#runs, 0];
    while (total < length || (this.#blocks < 2 && total < SECOND_BLOCK)) {
      runs = this.#runs;
      const taken = this.#time(runs);
      total += taken;
      if (taken >= length / 2 || runs === this.#mostRuns) {
        this.#least = Math.min(this.#least, (taken * 1e6) / runs);
        this.#blocks++;
      }
      const suitable = Math.max(1, Math.round((runs * length) / Math.max(taken, length / GROWTH)));
      this.#runs = Math.min(this.#mostRuns, suitable);
    }
    if (runs === 1) return;
    this.#work.restore();
    this.#work.run(1);
  }

  /** Milliseconds that so many runs take. */
  #time(runs: number): number {
    this.#work.restore();
    const start = performance.now();
    this.#work.run(runs);
    return performance.now() - start;
  }
}
