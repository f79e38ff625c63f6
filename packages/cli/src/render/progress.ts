/** A line that tells how far something is: rewritten in place on a terminal, elsewhere a line for each thing done. */

/** Where progress goes; process.stderr is one. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The least time between two updates on a terminal, in milliseconds. */
const INTERVAL = 100;

export class ProgressLine {
  readonly #stream: ProgressStream;
  #shown = Number.NEGATIVE_INFINITY;
  #waiting: string | undefined;
  #drawn = false;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Whether the line is rewritten in place. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** What there is to tell now. On a terminal not more than ten times a second, elsewhere always. */
  show(text: string): void {
    if (!this.isTerminal) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#waiting = text;
    const now = performance.now();
    if (now - this.#shown >= INTERVAL) this.#draw(now);
  }

  /** Shows what was told last, and leaves the cursor on a line of its own. */
  end(): void {
    if (this.#waiting !== undefined) this.#draw(performance.now());
    if (this.#drawn) this.#stream.write("\n");
    this.#drawn = false;
  }

  #draw(now: number): void {
    // A line that wraps could not be rewritten.
    const width = (this.#stream.columns || 80) - 1;
    // Back to the start of the line, and clear what was there.
    this.#stream.write(`\r\u001b[2K${(this.#waiting as string).slice(0, width)}`);
    this.#shown = now;
    this.#waiting = undefined;
    this.#drawn = true;
  }
}
