/** Times the steps of a program, on copies of it. */
import type { Program, Step } from "../../loop/ir.ts";
import type { Executable, Target } from "../../target/target.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import { blockLength, clockStep, isClockFine, Meter, repeatFor } from "./meter.ts";
import { innerLists, outline, touchedBy } from "./outline.ts";
import { type Arena, copyBuffer, Parts, withBuffers } from "./parts.ts";

/** Nanoseconds. */
export interface Times {
  /** Of a run of the program. */
  readonly ns: number;
  /** Of each step when it is repeated. */
  readonly warm: ReadonlyMap<Step, number>;
  /** Of those outermost kernels that take longer in their place in the program, as far as the clock can tell. */
  readonly inPlace: ReadonlyMap<Step, number>;
  /** Threads that took part in runs of the program. */
  readonly threads: number;
}

/**
 * Milliseconds for each step, which give engines the time to optimize its code, and at most, for each thing that is
 * timed; a program that takes longer is run once.
 */
const STEP_BUDGET = 20;
const MOST = { whole: 400, warm: 800, inPlace: 300 };
/** The whole program is timed so many times longer while it takes so much more than its steps: it is not optimized yet. */
const MORE_TIMES = 3;
const SLOW = 1.1;
/** What takes less than this fraction of what is timed with it is not told apart from that. */
const LEAST_FRACTION = 0.1;
/** By how many of its steps a clock may be wrong. */
const CLOCK_ERROR = 2;
/** Runs of the program from fresh inputs on, before values can have become extraordinary. The first does not count. */
const RUNS_IN_PLACE = 8;

interface TimedPart {
  readonly part: number;
  readonly meter: Meter;
}

/** A step that is timed. */
interface Timed extends TimedPart {
  readonly step: Step;
  /** What it overwrites, as it was before. */
  readonly before: ReadonlyMap<number, TypedArray>;
  /** For control flow, which would do other things when it is repeated: what brings back the buffers that it updates. */
  readonly reset: Reset | undefined;
}

interface Reset extends TimedPart {
  /** Where the program finds the values of these buffers. */
  readonly copies: ReadonlyMap<number, number>;
}

export class Stopwatch {
  readonly #program: Program;
  readonly #target: Target;
  readonly #inputs: readonly TypedArray[];
  readonly #runsOf: (list: readonly Step[]) => number;
  readonly #parts: Parts;
  readonly #timed: ReadonlyMap<Step, Timed>;
  /** A part that does nothing: what it takes is the call. */
  readonly #call: TimedPart;
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
    this.#budget = (most) => Math.min(most, STEP_BUDGET * (steps.length + 1));
    const list: (readonly Step[])[] = [[]];
    const add = (part: readonly Step[]): number => list.push(part) - 1;
    let arena: Arena = program;
    const planned = steps.map((step) => {
      if (step.kind === "kernel") return { step, part: add([step]), reset: undefined };
      const updated = program.buffers.filter(({ id }) => touchedBy(step).updated.includes(id));
      const { added, ...grown } = withBuffers(arena, updated);
      arena = grown;
      const copies = new Map(updated.map(({ id }, i) => [id, added[i] as number]));
      const before = updated.map((buffer, i) => copyBuffer(added[i] as number, buffer));
      return { step, part: add([...before, step]), reset: { part: add(before), copies } };
    });
    const parts = new Parts(target, arena, list);
    const block = blockLength(list.length, this.#budget(MOST.warm));
    const meterOf = (before: ReadonlyMap<number, TypedArray>): Meter => {
      const restore = (): void => {
        for (const [id, values] of before) parts.view(id).set(values);
      };
      return new Meter({ run: (times) => parts.run(times), restore }, block);
    };
    this.#parts = parts;
    this.#call = { part: 0, meter: meterOf(new Map()) };
    this.#timed = new Map(
      planned.map(({ step, part, reset }) => {
        const before = new Map(Array.from(touchedBy(step).written, (id) => [id, parts.view(id).slice()]));
        const timed = { step, part, before, meter: meterOf(before) };
        return [step, { ...timed, reset: reset && { ...reset, meter: meterOf(before) } }];
      }),
    );
  }

  measure(): Times {
    const program = this.#target.instantiate(this.#program);
    repeatFor(this.#budget(MOST.warm), (isOver) => {
      this.#sample(this.#call);
      this.#fill((id) => this.#parts.view(id));
      this.#visit(this.#program.steps, isOver);
    });
    const warm = new Map(
      Array.from(this.#timed, ([step, { meter, reset }]) => [step, without((reset ?? this.#call).meter.ns, meter.ns)]),
    );
    const ns = this.#whole(
      program,
      this.#program.steps.reduce((sum, step) => sum + (warm.get(step) as number), 0),
    );
    const { threads = 1 } = program;
    // Threads that are called for a single kernel take longer to come than in the middle of a program.
    const canTell = threads === 1 && isClockFine() && (ns / 1e6) * RUNS_IN_PLACE <= MOST.inPlace;
    return { ns, warm, inPlace: canTell ? this.#inPlace(warm) : new Map(), threads };
  }

  /** @param expected nanoseconds of its steps */
  #whole(program: Executable, expected: number): number {
    const run = (times: number): void => {
      for (let i = 0; i < times; i++) program.run();
    };
    const budget = this.#budget(MOST.whole);
    const length = blockLength(1, budget);
    const restore = (): void => {
      this.#fill((id) => program.view(id));
      // So that caches are as they are between runs.
      if (meter.ns < length * 1e6) program.run();
    };
    const meter: Meter = new Meter({ run, restore }, length);
    for (let i = 0; i < MORE_TIMES && !(meter.ns <= SLOW * expected); i++) repeatFor(budget, () => meter.sample());
    return meter.ns;
  }

  #fill(view: (id: number) => TypedArray): void {
    this.#program.inputs.forEach((id, i) => {
      view(id).set(this.#inputs[i] as TypedArray);
    });
  }

  #sample({ part, meter }: TimedPart): void {
    this.#parts.select(part);
    meter.sample();
  }

  /** Times each step once more, in the order in which they run, so that each finds what it finds in the program. */
  #visit(steps: readonly Step[], isOver: () => boolean): void {
    const parts = this.#parts;
    for (const step of steps) {
      if (isOver()) return;
      const timed = this.#timed.get(step) as Timed;
      for (const [id, values] of timed.before) values.set(parts.view(id));
      for (const [id, copy] of timed.reset?.copies ?? []) parts.view(copy).set(parts.view(id));
      if (timed.reset) this.#sample(timed.reset);
      this.#sample(timed);
      if (step.kind !== "kernel") this.#visitInside(timed, isOver);
    }
  }

  /** The steps inside, as they run first; then all is as the step leaves it. */
  #visitInside({ step, before }: Timed, isOver: () => boolean): void {
    const after = Array.from(before, ([id, values]) => {
      const view = this.#parts.view(id);
      const left = view.slice();
      view.set(values);
      return [id, left] as const;
    });
    if (step.kind === "repeat") this.#parts.view(step.counter)[0] = 0;
    for (const { steps } of innerLists(step)) if (this.#runsOf(steps) > 0) this.#visit(steps, isOver);
    for (const [id, values] of after) this.#parts.view(id).set(values);
  }

  /** The shortest run of each of the outermost kernels, when the program is run step by step. */
  #inPlace(warm: ReadonlyMap<Step, number>): Map<Step, number> {
    const parts = this.#parts;
    const steps = this.#program.steps;
    const order = [this.#call, ...steps.map((step) => this.#timed.get(step) as Timed)];
    const least = order.map(() => Number.POSITIVE_INFINITY);
    repeatFor(this.#budget(MOST.inPlace), () => {
      this.#fill((id) => parts.view(id));
      for (let run = 0; run < RUNS_IN_PLACE; run++) {
        order.forEach(({ part }, i) => {
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
        return step.kind === "kernel" && found > (warm.get(step) as number) + error ? [[step, found] as const] : [];
      }),
    );
  }
}

/** What is left of a time without that of what is done besides. */
const without = (other: number, ns: number): number => Math.max(LEAST_FRACTION * other, ns - other);
