/** Lanes that start from the same and differ in some settings, and get the same number of steps, or the same time. */
import { laneState, type Point, Refusal, type State } from "../../state/index.ts";
import type { Advance, LaneSnapshot, RaceSnapshot, RaceWanted, Snapshot } from "../snapshot.ts";
import { Trainer } from "../trainer.ts";
import { raceLandscape } from "./landscape.ts";

/** The time that each lane gets at once, in milliseconds. */
const SLICE = 2;
/** Milliseconds that the lanes may take of the engine at a time. */
export const PATIENCE = 30;

export class Race {
  readonly #equal: State["equal"];
  readonly #stepsOfEpoch: number;
  readonly #lanes: readonly LaneInRace[];
  readonly #landscape: ReturnType<typeof raceLandscape>;
  /** What all lanes learn from. */
  readonly points: readonly Point[];
  #position = 0;
  #left = 0;
  /** Milliseconds that a round takes; before one was seen, as many as an answer has. */
  #pace = PATIENCE;

  /** @throws Refusal if there is nothing to learn from */
  constructor(state: State) {
    this.#equal = state.equal;
    this.#lanes = state.lanes.map((lane) => new LaneInRace(laneState(state, lane)));
    const trainers = this.#lanes.flatMap(({ trainer }) => trainer ?? []);
    const [first] = trainers;
    if (first === undefined) throw new Refusal(this.#lanes[0]?.reason ?? "There is no lane.");
    this.points = first.examples.training?.points ?? [];
    this.#stepsOfEpoch = Math.ceil(this.points.length / state.batch);
    this.#landscape = raceLandscape(this.#lanes.map(({ trainer }) => trainer));
  }

  /**
   * Lets all lanes train on. An epoch is that of the shared settings where lanes get the same number of steps. What is not done within
   * the patience is `left` in the snapshot, for the next question to ask for.
   *
   * @param now a clock in milliseconds
   */
  async advance(
    advance: Advance,
    now: () => number = () => performance.now(),
    patience = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    this.#left = 0;
    if ("milliseconds" in advance) {
      const until = now() + advance.milliseconds;
      do await this.#round(1, now);
      while (now() < until && this.#lanes.some(({ runs }) => runs));
      return;
    }
    const steps = "steps" in advance;
    const rounds = steps ? advance.steps : advance.epochs;
    this.#left = this.#equal === "steps" && !steps ? rounds * this.#stepsOfEpoch : rounds;
    await this.#rounds(patience, now);
  }

  snapshot({ surface, landscape }: RaceWanted): RaceSnapshot {
    const lanes = this.#lanes.map((lane) => lane.snapshot(surface));
    const running = lanes.map(({ snapshot }) => snapshot);
    return {
      position: this.#position,
      left: this.#left,
      lanes,
      landscape: landscape === undefined ? undefined : this.#landscape(landscape, running),
    };
  }

  /** At least one of those that are left: many steps at once are quicker than one by one. */
  async #rounds(patience: number, now: () => number): Promise<void> {
    const start = now();
    for (let spent = 0; this.#left > 0 && (spent === 0 || spent < patience); ) {
      const count = Math.min(this.#left, Math.max(1, Math.floor((patience - spent) / this.#pace)));
      await this.#round(count, now);
      this.#left -= count;
      const before = spent;
      // A clock may be too coarse to see a round.
      spent = Math.max(now() - start, before + 0.01);
      this.#pace = (spent - before) / count;
    }
  }

  /** Gives each lane some steps, epochs or slices of time. */
  async #round(count: number, now: () => number): Promise<void> {
    this.#position += this.#equal === "time" ? count * SLICE : count;
    for (const lane of this.#lanes) {
      if (!lane.runs) continue;
      if (this.#equal === "time") await lane.spend(this.#position, now);
      else await lane.trainer?.advance(this.#equal === "steps" ? { steps: count } : { epochs: count });
    }
  }
}

class LaneInRace {
  readonly trainer: Trainer | undefined;
  readonly reason: string | undefined;
  #last: Snapshot | undefined;
  #milliseconds = 0;

  constructor(state: State) {
    try {
      this.trainer = new Trainer(state);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.reason = error.message;
    }
  }

  /** Whether there are steps to do. What was seen to have blown up stays as it is. */
  get runs(): boolean {
    return this.trainer !== undefined && this.#last?.diverged !== true && this.#last?.end === undefined;
  }

  /** Trains until so much time was spent on it in all. */
  async spend(milliseconds: number, now: () => number): Promise<void> {
    const before = now();
    const left = milliseconds - this.#milliseconds;
    if (left > 0) await this.trainer?.advance({ milliseconds: left }, now);
    this.#milliseconds += now() - before;
  }

  snapshot(surface: boolean): LaneSnapshot {
    if (this.trainer === undefined) return { reason: this.reason as string };
    this.#last = this.trainer.snapshot(surface ? { surface: true } : {});
    return { snapshot: this.#last };
  }
}
