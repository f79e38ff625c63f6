/** Times what is too short for the clock: by blocks of many runs, of which the shortest counts. */

/** Something to time. */
export interface Work {
  /** Does it so many times. */
  run(times: number): void;
  /** Brings back what a run finds and changes, so that every block does the same. */
  restore(): void;
}

/** A block lasts so many steps of the clock, where the time allows it. */
const CLOCK_STEPS = 25;
/** By how much the number of runs grows at a time; blocks that are shorter than its inverse of a block do not count. */
const GROWTH = 8;

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

/** The length of blocks that suits a number of meters which share some time, in milliseconds. */
export const blockLength = (meters: number, budget: number): number =>
  Math.min(Math.max(budget / (20 * meters), CLOCK_STEPS * clockStep()), budget / (3 * meters));

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
  readonly #block: number;
  #runs = 1;
  #least = Number.POSITIVE_INFINITY;

  /** @param block the length of a block in milliseconds */
  constructor(work: Work, block: number) {
    this.#work = work;
    this.#block = block;
  }

  /** Nanoseconds of a run, by the shortest block so far. */
  get ns(): number {
    return this.#least;
  }

  /** Times one block, and leaves what a single run leaves. */
  sample(): void {
    const least = this.#block / GROWTH;
    let [runs, taken] = [this.#runs, this.#time(this.#runs)];
    while (taken < least) {
      runs *= GROWTH;
      taken = this.#time(runs);
    }
    this.#least = Math.min(this.#least, (taken * 1e6) / runs);
    this.#runs = Math.max(1, Math.round((runs * this.#block) / taken));
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
