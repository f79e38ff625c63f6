/** What the page knows and does: the state, its history and its link, and the training that belongs to it. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type {
  Advance,
  Answer,
  Asked,
  Client,
  Kind,
  Reply,
  Request,
  Snapshot,
  ViewName,
  Views,
  Wanted,
} from "../engine/index.ts";
import {
  begin,
  change,
  classesOf,
  fromLink,
  type History,
  INITIAL,
  isRegression,
  MOST_POINTS,
  type PartName,
  type Place,
  type Point,
  placeOf,
  push,
  Refusal,
  redo,
  type State,
  sameState,
  toLink,
  trainsAlike,
  undo,
  weightIndex,
  widthsOf,
} from "../state/index.ts";
import { type Curves, extend, NO_CURVES } from "./curve-data.ts";

/** A unit, and which of its weights: layer 0 is the first hidden one, `from` −1 the bias. */
export interface Selection {
  readonly layer: number;
  readonly unit: number;
  readonly from?: number;
}

export interface Shown {
  readonly training: readonly Point[];
  readonly test: readonly Point[];
  /** The place of each of them in the data set; −1 for points that were added. */
  readonly rows: { readonly training: readonly number[]; readonly test: readonly number[] };
  /** The state that these points, the snapshot and the curves belong to. */
  readonly state: State;
  readonly snapshot: Snapshot;
}

/** What is played, stepped and reset where it is not the network of the playground. */
export interface Driven {
  /** Whether there is something to train on with. */
  readonly ready: boolean;
  advance(advance: Advance): void;
  reset(): void;
}

const ADVANCE: Readonly<Record<State["speed"], Advance>> = {
  step: { steps: 1 },
  epoch: { epochs: 1 },
  full: { milliseconds: 12 },
};

interface Question {
  readonly kind: Kind;
  readonly request: () => Request;
  /** Undefined in place of an answer that has lost its meaning. */
  readonly done: (reply: Reply | undefined) => void;
}

export class Store {
  readonly history: Signal<History<State>>;
  readonly state: ReadonlySignal<State>;
  /** Undefined until the worker has answered. */
  readonly shown = signal<Shown | undefined>(undefined);
  readonly curves = signal<Curves>(NO_CURVES);
  readonly playing = signal(false);
  /** Why there is nothing to train, or why a link was refused. */
  readonly problem = signal<string | undefined>(undefined);
  readonly badLink = signal<string | undefined>(undefined);
  readonly selection = signal<Selection | undefined>(undefined);
  /** How often a weight was set by hand. */
  readonly edits = signal(0);
  /** The class or the value of points that are added. */
  readonly brush = signal(1);
  readonly #engine: Client;
  /** What the worker is asked next, in order; playing asks when there is nothing else. */
  #waiting: Question[] = [];
  #asked = false;
  /** Whether the last turn was the training's. */
  #trained = false;
  #frame = 0;
  readonly #driven = signal<Driven | undefined>(undefined);
  /** The views that are wanted, the latest wish last. */
  #wishes: readonly { readonly name: ViewName; readonly asked: unknown }[] = [];

  constructor(engine: Client, link: string) {
    this.#engine = engine;
    this.history = signal(begin(this.#read(link) ?? INITIAL));
    this.state = computed(() => this.history.value.present);
    this.#load();
  }

  /** Changes settings. @param during see `push` */
  update(changes: Partial<State>, during?: string): void {
    const next = change(this.state.value, changes);
    // Choosing what is chosen is nothing to undo.
    if (!sameState(next, this.state.value)) this.#go(push(this.history.value, next, during));
  }

  /** Where the visitor is stays, whatever is undone. */
  undo(): void {
    this.#go(this.#here(undo(this.history.value)));
  }

  redo(): void {
    this.#go(this.#here(redo(this.history.value)));
  }

  /** Goes to a part of the studio, or to a place within it; the training goes on. */
  open(part: PartName, within: Partial<Place> = {}): void {
    this.#go({ ...this.history.value, present: { ...this.state.value, ...within, part } });
  }

  /** Another link came into the address. */
  follow(link: string): void {
    if (link.replace(/^#/, "") === toLink(this.state.value)) return;
    const state = this.#read(link);
    if (state !== undefined) this.#go(push(this.history.value, state));
  }

  /** Whether something else is driven, so that the network is not seen. */
  get drivesOther(): boolean {
    return this.#driven.value !== undefined;
  }

  /** Begins the training anew. */
  reset(): void {
    const driven = this.#driven.peek();
    if (driven === undefined) this.#load();
    else driven.reset();
  }

  /** Plays, steps and resets something else from now on. @returns what ends that */
  drive(driven: Driven): () => void {
    this.pause();
    this.#driven.value = driven;
    return () => {
      this.pause();
      this.#driven.value = undefined;
    };
  }

  #load(): void {
    const state = this.state.value;
    // What was asked of the old network has no meaning for the new one.
    for (const { done } of this.#waiting.splice(0)) done(undefined);
    this.#ask(
      "load",
      () => ({ state, wanted: this.#wanted }),
      (reply) => this.#loaded(state, reply),
    );
  }

  play(): void {
    this.playing.value = this.#driven.peek()?.ready ?? this.problem.value === undefined;
    this.#tick();
  }

  pause(): void {
    this.playing.value = false;
  }

  advance(advance: Advance): void {
    this.pause();
    this.#train(advance);
  }

  /** Before the first step this changes the weights to start from, which the link holds; later, the training. */
  setWeight(layer: number, from: number, to: number, value: number): void {
    const shown = this.shown.value;
    if (shown?.snapshot.step === 0 && trainsAlike(shown.state, this.state.value) && !this.playing.value) {
      const index = weightIndex(widthsOf(shown.state), layer, from, to);
      const weights = Array.from(shown.snapshot.weights).with(index, Math.fround(value));
      this.update({ weights }, `weight ${index}`);
      return;
    }
    this.#ask(
      "weight",
      () => ({ layer, from, to, value, wanted: this.#wanted }),
      (reply) => {
        this.#show(reply);
        if (reply?.answer !== undefined) this.edits.value++;
      },
    );
  }

  /** Asks the worker something about the present network. @returns undefined if another one was loaded in the meantime */
  query<K extends Kind>(kind: K, asked: Asked<K>): Promise<Reply<K> | undefined> {
    return new Promise((resolve) => {
      this.#ask(kind, () => asked, resolve);
    });
  }

  /** Wants a view with each snapshot. @returns what ends the wish */
  want<K extends ViewName>(name: K, asked: Views[K]["asked"]): () => void {
    const wish = { name, asked };
    this.#wishes = [...this.#wishes, wish];
    // What comes next shows it; where nothing is to come, it is asked for.
    if (this.#waiting.length === 0 && !this.playing.value) this.#advance({});
    return () => {
      this.#wishes = this.#wishes.filter((other) => other !== wish);
    };
  }

  addPoint(x: number, y: number): void {
    const { own } = this.state.value;
    if (own.length < MOST_POINTS) this.update({ own: [...own, [x, y, this.target]] });
  }

  /** What a point gets that is added now. */
  get target(): number {
    const { state, brush } = this;
    const most = isRegression(state.value) ? 1 : classesOf(state.value) - 1;
    const value = Math.min(brush.value, most);
    return isRegression(state.value) ? value : Math.max(0, Math.round(value));
  }

  removePoint(point: Point): void {
    this.update({ own: this.state.value.own.filter((other) => other !== point) });
  }

  /** The state with the present weights as those to start from. */
  get trained(): State {
    const shown = this.shown.value;
    return shown === undefined ? this.state.value : change(this.state.value, { weights: [...shown.snapshot.weights] });
  }

  #go(history: History<State>): void {
    const before = this.state.value;
    this.history.value = history;
    this.badLink.value = undefined;
    if (!trainsAlike(before, history.present)) this.#load();
  }

  #here(history: History<State>): History<State> {
    return { ...history, present: { ...history.present, ...placeOf(this.state.value) } };
  }

  get #wanted(): Wanted {
    return Object.fromEntries(this.#wishes.map(({ name, asked }) => [name, asked]));
  }

  #read(link: string): State | undefined {
    try {
      return fromLink(link);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.badLink.value = error.message;
      return undefined;
    }
  }

  #train(advance: Advance): void {
    const driven = this.#driven.peek();
    if (driven === undefined) this.#advance({ advance });
    else driven.advance(advance);
  }

  #advance(how: { readonly advance?: Advance }): void {
    this.#ask(
      "advance",
      () => ({ ...how, wanted: this.#wanted }),
      (reply) => this.#show(reply),
    );
  }

  /** @param asked is called when its turn comes */
  #ask<K extends Kind>(kind: K, asked: () => Asked<K>, done: (reply: Reply<K> | undefined) => void): void {
    const request = () => ({ kind, asked: asked() }) as Request;
    this.#waiting.push({ kind, request, done: done as Question["done"] });
    this.#tick();
  }

  /** Asks at most once a frame, and never while an answer is awaited. */
  #tick(): void {
    if (this.#frame !== 0 || this.#asked) return;
    if (this.#waiting.length === 0 && !this.playing.value) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      void this.#turn();
    });
  }

  async #turn(): Promise<void> {
    this.#trained = this.#trainsNext;
    if (this.#trained) {
      const later = this.#waiting.splice(0);
      this.#train(ADVANCE[this.state.value.speed]);
      this.#waiting.push(...later);
    }
    const question = this.#waiting.shift();
    if (question === undefined) return;
    this.#asked = true;
    const reply = await this.#engine.ask(question.request());
    this.#asked = false;
    question.done(reply);
    this.#tick();
  }

  /** What plays has every other turn, however much is asked; but what is to begin anew does not train on. */
  get #trainsNext(): boolean {
    if (!this.playing.value) return false;
    return !this.#waiting.some(({ kind }) => this.#trained || kind === "load" || kind === "race");
  }

  #loaded(state: State, reply: Reply<"load"> | undefined): void {
    const answer = this.#accept<"load">(reply);
    if (answer === undefined) return;
    this.shown.value = { ...answer, state };
    this.curves.value = extend(NO_CURVES, answer.snapshot);
  }

  #show(reply: Reply<"advance" | "weight"> | undefined): void {
    const [snapshot, shown] = [this.#accept<"advance">(reply), this.shown.value];
    if (shown === undefined || snapshot === undefined) return;
    this.shown.value = { ...shown, snapshot };
    this.curves.value = extend(this.curves.value, snapshot);
    if (snapshot.diverged || snapshot.end !== undefined) this.#halt();
  }

  /** Where the worker refused, says why, and shows nothing. */
  #accept<K extends Kind>(reply: Reply<K> | undefined): Answer<K> | undefined {
    if (reply === undefined) return undefined;
    this.problem.value = reply.reason;
    if (reply.reason === undefined) return reply.answer;
    this.shown.value = undefined;
    this.#halt();
    return undefined;
  }

  /** The network cannot go on; what is driven in its place may. */
  #halt(): void {
    if (this.#driven.peek() === undefined) this.pause();
  }
}
