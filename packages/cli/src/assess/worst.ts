/** The largest of many. */

interface Entry<T> {
  readonly score: number;
  readonly value: T;
}

/** Keeps the values with the highest scores, the highest first, and of equal ones those that came first. */
export class Worst<T> {
  readonly #most: number;
  readonly #entries: Entry<T>[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** @param make called only for what is kept, for now at least */
  offer(score: number, make: () => T): void {
    const last = this.#entries.at(-1);
    const full = this.#entries.length === this.#most;
    if (this.#most === 0 || (full && last !== undefined && score <= last.score)) return;
    if (full) this.#entries.pop();
    const at = this.#entries.findLastIndex((entry) => entry.score >= score) + 1;
    this.#entries.splice(at, 0, { score, value: make() });
  }

  get values(): T[] {
    return this.#entries.map(({ value }) => value);
  }
}
