/** Times the steps of a program, on copies of it. */
import type { Program, Step } from "../loop/ir.ts";
import type { Target } from "../target/target.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { blockLength, clockStep, Meter, repeatFor } from "./meter.ts";
import { innerLists, outline, writtenBy } from "./outline.ts";
import { Parts } from "./parts.ts";

/** Nanoseconds. */
export interface Times {
  /** Of a run of the program. */
  readonly ns: number;
  /** Of each step when it is repeated. */
  readonly warm: ReadonlyMap<Step, number>;
  /** Of those outermost steps that take longer in their place in the program, as far as the clock can tell. */
  readonly inPlace: ReadonlyMap<Step, number>;
  /** Threads that took part in runs of the program. */
  readonly threads: number;
}

/**
 * Milliseconds for each step, which give engines the time to optimize its code, and at most, for each thing that is
 * timed; a program that takes longer is run once.
 */
const STEP_BUDGET = 20;
const MOST = { whole: 500, warm: 800, inPlace: 200 };
/** What takes less than this fraction of the call is not told apart from it. */
const LEAST_OF_CALL = 0.1;
/** The longest step of a clock, in milliseconds, by which single runs of kernels can be timed. */
const FINE_STEP = 0.002;
/** By how many of its steps a clock may be wrong. */
const CLOCK_ERROR = 2;
/** Runs of the program from fresh inputs on, before values can have become extraordinary. The first does not count. */
const RUNS_IN_PLACE = 8;

/** A step that is timed, and what it overwrites, as it was before. */
interface Timed {
  readonly part: number;
  readonly meter: Meter;
  readonly before: ReadonlyMap<number, TypedArray>;
}

export class Stopwatch {
  readonly #program: Program;
  readonly #target: Target;
  readonly #inputs: readonly TypedArray[];
  readonly #runsOf: (list: readonly Step[]) => number;
  /** Each step as a part; part 0 does nothing: what it takes is the call. */
  readonly #parts: Parts;
  readonly #timed = new Map<Step, Timed>();
  readonly #block: number;
  readonly #budget: (most: number) => number;

  /**
   * @param inputs the values of the program's inputs
   * @param runsOf how often a list of steps runs in a run of the program
   */
  constructor(
    program: Program,
    target: Target,
    inputs: readonly TypedArray[],
    runsOf: (list: readonly Step[]) => number,
  ) {
    this.#program = program;
    this.#target = target;
    this.#inputs = inputs;
    this.#runsOf = runsOf;
    const steps = outline(program.steps).flatMap(({ step }) => step ?? []);
    this.#parts = new Parts(target, program, [[], ...steps.map((step) => [step])]);
    this.#budget = (most) => Math.min(most, STEP_BUDGET * (steps.length + 1));
    this.#block = blockLength(steps.length + 1, this.#budget(MOST.warm));
    steps.forEach((step, i) => {
      this.#timed.set(step, this.#prepare(step, i + 1));
    });
  }

  measure(): Times {
    const parts = this.#parts;
    const program = this.#target.instantiate(this.#program);
    const view = (id: number): TypedArray => program.view(id);
    const call = new Meter({ run: (times) => parts.run(times), restore() {} }, this.#block);
    repeatFor(this.#budget(MOST.warm), () => {
      parts.select(0);
      call.sample();
      this.#fill((id) => parts.view(id));
      this.#visit(this.#program.steps);
    });
    const restore = (): void => this.#fill(view);
    const budget = this.#budget(MOST.whole);
    const run = (times: number): void => {
      for (let i = 0; i < times; i++) program.run();
    };
    const whole = new Meter({ run, restore }, blockLength(1, budget));
    repeatFor(budget, () => whole.sample());
    const warm = new Map(Array.from(this.#timed, ([step, { meter }]) => [step, without(call.ns, meter.ns)]));
    const { threads = 1 } = program;
    // Threads that are called for a single kernel take longer to come than in the middle of a program.
    const canTell = threads === 1 && clockStep() <= FINE_STEP && (whole.ns / 1e6) * RUNS_IN_PLACE <= MOST.inPlace;
    return { ns: whole.ns, warm, inPlace: canTell ? this.#inPlace(warm) : new Map(), threads };
  }

  #fill(view: (id: number) => TypedArray): void {
    this.#program.inputs.forEach((id, i) => {
      view(id).set(this.#inputs[i] as TypedArray);
    });
  }

  #prepare(step: Step, part: number): Timed {
    const parts = this.#parts;
    const before = new Map(Array.from(writtenBy(step), (id) => [id, parts.view(id).slice()]));
    const restore = (): void => {
      for (const [id, values] of before) parts.view(id).set(values);
    };
    return { part, before, meter: new Meter({ run: (times) => parts.run(times), restore }, this.#block) };
  }

  /** Times each step once more, in the order in which they run, so that each finds what it finds in the program. */
  #visit(steps: readonly Step[]): void {
    for (const step of steps) {
      const { part, meter, before } = this.#timed.get(step) as Timed;
      for (const [id, values] of before) values.set(this.#parts.view(id));
      this.#parts.select(part);
      meter.sample();
      if (step.kind !== "kernel") this.#visitInside(step, before);
    }
  }

  /** The steps inside, as they run first; then all is as the step leaves it. */
  #visitInside(step: Step, before: ReadonlyMap<number, TypedArray>): void {
    const after = Array.from(before, ([id, values]) => {
      const view = this.#parts.view(id);
      const left = view.slice();
      view.set(values);
      return [id, left] as const;
    });
    if (step.kind === "repeat") this.#parts.view(step.counter)[0] = 0;
    for (const { steps } of innerLists(step)) if (this.#runsOf(steps) > 0) this.#visit(steps);
    for (const [id, values] of after) this.#parts.view(id).set(values);
  }

  /** The shortest run of each of the outermost steps, when the program is run step by step. */
  #inPlace(warm: ReadonlyMap<Step, number>): Map<Step, number> {
    const parts = this.#parts;
    const { steps } = this.#program;
    const order = [0, ...steps.map((step) => (this.#timed.get(step) as Timed).part)];
    const least = order.map(() => Number.POSITIVE_INFINITY);
    repeatFor(this.#budget(MOST.inPlace), () => {
      this.#fill((id) => parts.view(id));
      for (let run = 0; run < RUNS_IN_PLACE; run++) {
        order.forEach((part, i) => {
          parts.select(part);
          const start = performance.now();
          parts.run(1);
          const taken = performance.now() - start;
          if (run > 0 && taken < (least[i] as number)) least[i] = taken;
        });
      }
    });
    const [call = 0, ...ns] = least.map((ms) => ms * 1e6);
    // Differences of a few steps of the clock are its error.
    const error = CLOCK_ERROR * clockStep() * 1e6;
    return new Map(
      steps.flatMap((step, i) => {
        const found = without(call, ns[i] as number);
        return found > (warm.get(step) as number) + error ? [[step, found] as const] : [];
      }),
    );
  }
}

/** What is left of a time without that of the call. */
const without = (call: number, ns: number): number => Math.max(LEAST_OF_CALL * call, ns - call);
