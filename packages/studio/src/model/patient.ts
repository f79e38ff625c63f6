/** Asking an engine that may never answer. */
import type { Asked, Client, Kind, Reply, Request } from "../engine/index.ts";

/**
 * An engine beside the one that trains: a model file that makes it work without end stops neither the page nor the training. After a
 * time it is ended, and the next question starts another.
 */
export class PatientEngine {
  readonly #start: () => Client;
  readonly #limit: number;
  readonly #lost: () => void;
  #client: Client | undefined;

  /**
   * @param limit in milliseconds
   * @param lost told when an engine was ended or has ended by itself, with the model that it had opened
   */
  constructor(start: () => Client, limit: number, lost: () => void) {
    this.#start = start;
    this.#limit = limit;
    this.#lost = lost;
  }

  ask<K extends Kind>(kind: K, asked: Asked<K>): Promise<Reply<K>> {
    this.#client ??= this.#start();
    const client = this.#client;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        client.stop();
        if (this.#client === client) {
          this.#client = undefined;
          this.#lost();
        }
        resolve({
          reason: `It took longer than ${this.#limit / 1000} seconds, so it was stopped, and the model was closed.`,
        });
      }, this.#limit);
      void client.ask({ kind, asked } as Request<K>).then((reply) => {
        clearTimeout(timer);
        if (client.lost === true && this.#client === client) {
          this.#client = undefined;
          this.#lost();
        }
        resolve(reply);
      });
    });
  }
}
