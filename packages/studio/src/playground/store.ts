/** What the page knows and does: the state, its history and its link, and the training that belongs to it. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Advance, Client, Reply, Request, Snapshot } from "../engine/index.ts";
import {
  begin,
  change,
  classesOf,
  fromLink,
  type History,
  INITIAL,
  isRegression,
  MOST_POINTS,
  type Point,
  push,
  Refusal,
  redo,
  type State,
  toLink,
  trainsAlike,
  undo,
} from "../state/index.ts";
import { type Curves, extend, NO_CURVES } from "./curve-data.ts";

/** A unit, and which of its weights: layer 0 is the first hidden one, `from` −1 the bias. */
export interface Selection {
  readonly layer: number;
  readonly unit: number;
  readonly from?: number;
}

interface Shown {
  readonly training: readonly Point[];
  readonly test: readonly Point[];
  /** The state that these points, the snapshot and the curves belong to. */
  readonly state: State;
  readonly snapshot: Snapshot;
}

const ADVANCE: Readonly<Record<State["speed"], Advance>> = {
  step: { steps: 1 },
  epoch: { epochs: 1 },
  full: { milliseconds: 12 },
};

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
  /** The class or the value of points that are added. */
  readonly brush = signal(1);
  readonly #engine: Client;
  /** What the worker is asked next, in order; playing asks when there is nothing else. */
  #waiting: Request[] = [];
  #asked = false;
  #frame = 0;
  #writing: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Client, link: string) {
    this.#engine = engine;
    this.history = signal(begin(this.#read(link) ?? INITIAL));
    this.state = computed(() => this.history.value.present);
    this.reset();
  }

  /** Changes settings. @param during see `push` */
  update(changes: Partial<State>, during?: string): void {
    this.#go(push(this.history.value, change(this.state.value, changes), during));
  }

  undo(): void {
    this.#go(undo(this.history.value));
  }

  redo(): void {
    this.#go(redo(this.history.value));
  }

  /** Another link came into the address. */
  follow(link: string): void {
    if (link.replace(/^#/, "") === toLink(this.state.value)) return;
    const state = this.#read(link);
    if (state !== undefined) this.#go(push(this.history.value, state));
  }

  /** Begins the training anew. */
  reset(): void {
    // What was asked of the old network has no meaning for the new one.
    this.#waiting = [{ kind: "load", state: this.state.value }];
    this.#tick();
  }

  play(): void {
    this.playing.value = this.problem.value === undefined;
    this.#tick();
  }

  pause(): void {
    this.playing.value = false;
  }

  advance(advance: Advance): void {
    this.pause();
    this.#ask({ kind: "advance", advance });
  }

  setWeight(layer: number, from: number, to: number, value: number): void {
    this.#ask({ kind: "weight", layer, from, to, value });
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
    clearTimeout(this.#writing);
    // Browsers limit how often an address may change.
    this.#writing = setTimeout(() => globalThis.history.replaceState(null, "", `#${toLink(this.state.value)}`), 250);
    this.badLink.value = undefined;
    if (!trainsAlike(before, history.present)) this.reset();
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

  #ask(request: Request): void {
    this.#waiting.push(request);
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
    const usual: Request | undefined = this.playing.value
      ? { kind: "advance", advance: ADVANCE[this.state.value.speed] }
      : undefined;
    const request = this.#waiting.shift() ?? usual;
    if (request === undefined) return;
    this.#asked = true;
    const reply = await this.#engine.ask(request);
    this.#asked = false;
    this.#take(request, reply);
    this.#tick();
  }

  #take(request: Request, reply: Reply): void {
    if (reply.kind === "refused") {
      this.problem.value = reply.reason;
      this.shown.value = undefined;
      this.pause();
      return;
    }
    this.problem.value = undefined;
    if (reply.kind === "loaded" && request.kind === "load") {
      const { training, test, snapshot } = reply;
      this.shown.value = { training, test, snapshot, state: request.state };
      this.curves.value = extend(NO_CURVES, snapshot);
      return;
    }
    const shown = this.shown.value;
    if (shown === undefined || reply.kind === "loaded") return;
    this.shown.value = { ...shown, snapshot: reply.snapshot };
    this.curves.value = extend(this.curves.value, reply.snapshot);
    if (reply.snapshot.diverged) this.pause();
  }
}
