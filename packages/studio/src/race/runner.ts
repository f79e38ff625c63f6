/** What the page knows of a race, and what drives it. */
import { type Signal, signal } from "@preact/signals";
import type { Advance, RaceSnapshot, RaceWanted, Reply } from "../engine/index.ts";
import { type Point, racesAlike, type State } from "../state/index.ts";
import { begun, type Driven, type Grown, grow, type Store } from "../store/index.ts";

export interface ShownRace {
  /** The state that the snapshot and the curves belong to. */
  readonly state: State;
  readonly snapshot: RaceSnapshot;
  /** What all lanes learn from. */
  readonly points: readonly Point[];
}

export class Runner implements Driven {
  /** Undefined until the worker has answered. */
  readonly shown = signal<ShownRace | undefined>(undefined);
  /** For each lane the training loss, then for each the test loss, then the training accuracy. */
  readonly curves: Signal<Grown> = signal(begun(0));
  /** Why there is no race. */
  readonly problem = signal<string | undefined>(undefined);
  wanted: RaceWanted = { surface: true };
  readonly #store: Store;
  /** What the race that is asked for, or shown, belongs to. */
  #state: State | undefined;
  /** What is left of an epoch that the engine had not the time for. */
  #left = 0;
  /** Counts what was asked of it: the answer to the last goes on. */
  #asked = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  get ready(): boolean {
    return this.problem.peek() === undefined;
  }

  /** Begins a race anew if another one than this is on. */
  follow(state: State): void {
    if (this.#state === undefined || !racesAlike(this.#state, state)) this.reset();
  }

  reset(): void {
    const state = this.#store.state.value;
    this.#state = state;
    this.#left = 0;
    this.#asked++;
    const { wanted } = this;
    void this.#store.query("race", { state, wanted }).then((reply) => {
      // Another network was loaded in the meantime, and with it the next race is asked for.
      if (reply === undefined && this.#state === state) this.#state = undefined;
      const points = reply?.answer?.points ?? [];
      this.#show(state, { curves: begun(3 * state.lanes.length), points }, reply);
    });
  }

  /** An epoch that has begun is finished first. */
  advance(advance: Advance): void {
    this.#train("epochs" in advance && this.#left > 0 ? { steps: this.#left } : advance);
  }

  /** Has what is wanted shown, without training on. */
  look(): void {
    this.#ask({});
  }

  #train(advance: Advance): void {
    // What was asked for by hand goes on to its end by itself; what is played, with the next question.
    const byHand = !this.#store.playing.value;
    const mine = ++this.#asked;
    this.#ask({ advance }, (left) => {
      if (mine !== this.#asked) return;
      this.#left = left;
      if (byHand && left > 0) this.#train({ steps: left });
    });
  }

  #ask(how: { readonly advance?: Advance }, done?: (left: number) => void): void {
    const state = this.#state;
    if (state === undefined) return;
    void this.#store.query("advanceRace", { ...how, wanted: this.wanted }).then((reply) => {
      this.#show(state, { curves: this.curves.value, points: this.shown.value?.points ?? [] }, reply);
      if (reply?.answer !== undefined && this.#state === state) done?.(reply.answer.left);
    });
  }

  #show(
    state: State,
    { curves, points }: { readonly curves: Grown; readonly points: readonly Point[] },
    reply: Reply<"race" | "advanceRace"> | undefined,
  ): void {
    if (reply === undefined || this.#state !== state) return;
    this.problem.value = reply.reason;
    const snapshot = reply.answer;
    if (snapshot === undefined) {
      this.shown.value = undefined;
      this.#store.pause();
      return;
    }
    this.shown.value = { state, snapshot, points };
    this.curves.value = grow(curves, snapshot.position, valuesOf(snapshot));
    if (!snapshot.lanes.some(runs)) this.#store.pause();
  }
}

const runs = ({ snapshot }: RaceSnapshot["lanes"][number]): boolean =>
  snapshot !== undefined && !snapshot.diverged && snapshot.end === undefined;

function valuesOf({ lanes }: RaceSnapshot): (number | undefined)[] {
  return [
    ...lanes.map(({ snapshot }) => snapshot?.training.loss),
    ...lanes.map(({ snapshot }) => snapshot?.test?.loss),
    ...lanes.map(({ snapshot }) => snapshot?.training.accuracy),
  ];
}

const runners = new WeakMap<Store, Runner>();

/** That of a store: it stays while the visitor is in another part of the studio. */
export function runnerOf(store: Store): Runner {
  const runner = runners.get(store) ?? new Runner(store);
  runners.set(store, runner);
  return runner;
}
