/** The worker's side of the protocol, without the worker. */
import { Refusal } from "../state/index.ts";
import type { Kind, Reply, Request, Service } from "./protocol.ts";
import { boolean } from "./services/boolean.ts";
import { checks } from "./services/checks.ts";
import { descent } from "./services/descent.ts";
import { exports } from "./services/exports.ts";
import { flow } from "./services/flow.ts";
import { model } from "./services/model.ts";
import { race } from "./services/race.ts";
import { spread } from "./services/spread.ts";
import { tables } from "./services/tables.ts";
import { towers } from "./services/towers.ts";
import { training } from "./services/training.ts";
import { Session } from "./session.ts";

export class Host {
  readonly #services: Service<Kind>;

  constructor() {
    const session = new Session();
    this.#services = {
      ...training(session),
      ...flow(session),
      ...checks(session),
      ...exports(session),
      ...model(),
      ...tables(),
      ...race(),
      ...boolean,
      ...towers,
      ...descent,
      ...spread,
    };
  }

  async handle<K extends Kind>({ kind, asked }: Request<K>): Promise<Reply<K>> {
    try {
      return { answer: await (this.#services as Service<K>)[kind](asked) };
    } catch (error) {
      return { reason: reasonOf(error) };
    }
  }
}

/** Other errors than refusals are the studio's own; they are told rather than swallowed. */
const reasonOf = (error: unknown): string =>
  error instanceof Refusal
    ? error.message
    : `The training stopped: ${error instanceof Error ? error.message : String(error)}`;
