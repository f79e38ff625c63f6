/** The worker's side of the protocol, without the worker. */
import { Refusal } from "../state/index.ts";
import type { Reply, Request } from "./protocol.ts";
import { Trainer } from "./trainer.ts";

export class Host {
  #trainer: Trainer | undefined;
  #reason = "Nothing is loaded.";

  handle(request: Request): Reply {
    try {
      if (request.kind === "load") {
        this.#trainer = undefined;
        this.#trainer = new Trainer(request.state);
        const { examples } = this.#trainer;
        const [training, test] = [examples.training?.points ?? [], examples.test?.points ?? []];
        return { kind: "loaded", snapshot: this.#trainer.snapshot(), training, test };
      }
      const trainer = this.#trainer;
      if (trainer === undefined) return { kind: "refused", reason: this.#reason };
      if (request.kind === "weight") trainer.setWeight(request.layer, request.from, request.to, request.value);
      if (request.kind === "advance" && request.advance !== undefined) trainer.advance(request.advance);
      return { kind: "snapshot", snapshot: trainer.snapshot() };
    } catch (error) {
      this.#reason = reasonOf(error);
      return { kind: "refused", reason: this.#reason };
    }
  }
}

/** Other errors than refusals are the studio's own; they are told rather than swallowed. */
const reasonOf = (error: unknown): string =>
  error instanceof Refusal
    ? error.message
    : `The training stopped: ${error instanceof Error ? error.message : String(error)}`;
