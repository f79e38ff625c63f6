/** What the services of a worker share: the network in training. */
import { Refusal, type State } from "../state/index.ts";
import { Trainer } from "./trainer.ts";

export class Session {
  #trainer: Trainer | undefined;
  #reason = "Nothing is loaded.";

  /** @throws Refusal with the reason why there is none */
  get trainer(): Trainer {
    if (this.#trainer === undefined) throw new Refusal(this.#reason);
    return this.#trainer;
  }

  /** Begins anew. @throws Refusal if there is nothing to learn from */
  load(state: State): Trainer {
    this.#trainer = undefined;
    try {
      this.#trainer = new Trainer(state);
      return this.#trainer;
    } catch (error) {
      this.#reason = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }
}
