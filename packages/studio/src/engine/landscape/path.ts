/** The way that weights have come, in bounded memory. */

/** More than can be told apart in a picture. */
const MOST = 300;

export class Path {
  #places: readonly Float32Array[] = [];
  /** Places that are left out after each that is kept, and those left out since. */
  #skip = 0;
  #skipped = 0;
  #last: Float32Array;

  constructor(start: Float32Array) {
    this.#last = start;
    this.#places = [start];
  }

  /** One place more; when there are too many, every other is dropped, and from then on as many are left out. */
  add(weights: Float32Array): void {
    this.#last = weights;
    if (this.#skipped < this.#skip) {
      this.#skipped++;
      return;
    }
    this.#skipped = 0;
    if (this.#places.length < MOST) {
      this.#places = [...this.#places, weights];
      return;
    }
    this.#places = [...this.#places.filter((_, i) => i % 2 === 0), weights];
    this.#skip = 2 * this.#skip + 1;
  }

  /** From the start to where the weights are. What is no number is left out. */
  get places(): readonly Float32Array[] {
    const all = this.#places.at(-1) === this.#last ? this.#places : [...this.#places, this.#last];
    return all.filter((place) => place.every(Number.isFinite));
  }
}
