/** Asking an engine that may never answer. */
import type { Asked, Client, Kind, Reply, Request } from "../engine/index.ts";

/** An engine with what waits for its answers, which come in the order of the questions. */
interface Running {
  readonly client: Client;
  readonly waiting: ((reply: Reply) => void)[];
  /** Of the first that waits. */
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * An engine beside the one that trains: a model file that makes it work without end stops neither the page nor the training. After a
 * time it is ended, and the next question starts another.
 */
export class PatientEngine {
  readonly #start: () => Client;
  readonly #limit: number;
  readonly #lost: () => void;
  #running: Running | undefined;

  /**
   * @param limit in milliseconds, of each question from when its turn comes
   * @param lost told when an engine was ended or has ended by itself, with the model that it had opened
   */
  constructor(start: () => Client, limit: number, lost: () => void) {
    this.#start = start;
    this.#limit = limit;
    this.#lost = lost;
  }

  ask<K extends Kind>(kind: K, asked: Asked<K>): Promise<Reply<K>> {
    this.#running ??= { client: this.#start(), waiting: [] };
    const running = this.#running;
    return new Promise((resolve) => {
      running.waiting.push(resolve as (reply: Reply) => void);
      if (running.waiting.length === 1) this.#watch(running);
      void running.client.ask({ kind, asked } as Request<K>).then((reply) => {
        clearTimeout(running.timer);
        if (running.client.lost === true && this.#running === running) {
          this.#running = undefined;
          this.#lost();
        }
        running.waiting.shift()?.(reply);
        if (running.waiting.length > 0) this.#watch(running);
      });
    });
  }

  /** The turn of a question has come. */
  #watch(running: Running): void {
    running.timer = setTimeout(() => this.#end(running), this.#limit);
  }

  /** What waits behind the question that took too long has no answer either. */
  #end({ client, waiting }: Running): void {
    client.stop();
    this.#running = undefined;
    this.#lost();
    const seconds = this.#limit / 1000;
    const reason = `It took longer than ${seconds} seconds, so it was stopped, and the model was closed.`;
    for (const answer of waiting.splice(0)) answer({ reason });
  }
}
