import { describe, expect, it } from "vitest";
import {
  constant,
  cosine,
  exponential,
  inversePower,
  inverseTime,
  oneCycle,
  type ScheduleFunction,
  stepDecay,
  warmup,
} from "../../src/optim/index.ts";
import { tensor } from "../../src/tensor/index.ts";

const at = (schedule: ScheduleFunction, steps: number[]): number[] =>
  steps.map((step) => schedule(tensor(step, { dtype: "float64" })).itemSync());

const close = (found: number[], expected: number[]): void => {
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 12);
  });
};

describe("schedules", () => {
  it("constant", () => {
    expect(at(constant(0.1), [0, 1000])).toEqual([0.1, 0.1]);
  });

  it("inverseTime: a₀/(1 + decay·max(0, step − holdSteps))", () => {
    close(at(inverseTime(0.1, { decay: 0.5 }), [0, 1, 2, 6]), [0.1, 0.1 / 1.5, 0.05, 0.025]);
    close(at(inverseTime(0.1, { decay: 0.5, holdSteps: 100 }), [0, 100, 102, 106]), [0.1, 0.1, 0.05, 0.025]);
    expect(at(inverseTime(0.1, { decay: 0 }), [7])).toEqual([0.1]);
  });

  it("exponential: a₀·factor^(step/every)", () => {
    close(at(exponential(0.8, { factor: 0.25, every: 10 }), [0, 5, 10, 20]), [0.8, 0.4, 0.2, 0.05]);
  });

  it("stepDecay: a₀·factor^⌊step/every⌋", () => {
    close(at(stepDecay(0.8, { factor: 0.5, every: 10 }), [0, 9, 10, 19, 20]), [0.8, 0.8, 0.4, 0.4, 0.2]);
  });

  it("cosine: from a₀ to the floor in half a period, then the floor", () => {
    close(at(cosine(1, { steps: 6, floor: 0.2 }), [0, 2, 3, 6, 60]), [1, 0.8, 0.6, 0.2, 0.2]);
    close(at(cosine(1, { steps: 6 }), [6]), [0]);
  });

  it("warmup: rises to the first rate, then follows the other schedule from its start", () => {
    close(at(warmup(0.4, { steps: 4 }), [0, 1, 2, 3, 4, 100]), [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]);
    close(at(warmup(inverseTime(1, { decay: 1 }), { steps: 2 }), [0, 1, 2, 3, 4]), [0.5, 1, 1, 0.5, 1 / 3]);
  });

  it("inversePower: a₀/(step + 1)^exponent", () => {
    close(at(inversePower(0.6, { exponent: 0.5 }), [0, 3, 8]), [0.6, 0.3, 0.2]);
    close(at(inversePower(0.6, { exponent: 1, holdSteps: 10 }), [0, 10, 11, 12]), [0.6, 0.6, 0.3, 0.2]);
  });

  // PyTorch 1.13: OneCycleLR(SGD, max_lr=0.1, total_steps=10, cycle_momentum=False).
  it("oneCycle: up and down as PyTorch's OneCycleLR", () => {
    const rates = [
      0.0040000000000000036, 0.052000000000000005, 0.1, 0.09504846320134738, 0.0811745653949763, 0.06112620219362893,
      0.03887419780637107, 0.0188258346050237, 0.004951936798652629, 4e-7,
    ];
    close(at(oneCycle(0.1, { steps: 10 }), [...rates.keys(), 10, 1000]), [...rates, 4e-7, 4e-7]);
    // max_lr=0.5, total_steps=20, pct_start=0.25, div_factor=10, final_div_factor=100; steps 0, 1, 4, 10, 19.
    const other = oneCycle(0.5, { steps: 20, rise: 0.25, startFactor: 10, endFactor: 100 });
    close(at(other, [0, 1, 4, 10, 19]), [0.05, 0.11590097423302681, 0.5, 0.3274269943451431, 0.0005]);
  });

  it("all can be held at their first rate for the first k steps", () => {
    const holdSteps = 7;
    const pairs: (readonly [ScheduleFunction, ScheduleFunction])[] = [
      [inverseTime(1, { decay: 0.5 }), inverseTime(1, { decay: 0.5, holdSteps })],
      [inversePower(1, { exponent: 0.5 }), inversePower(1, { exponent: 0.5, holdSteps })],
      [exponential(1, { factor: 0.5, every: 2 }), exponential(1, { factor: 0.5, every: 2, holdSteps })],
      [stepDecay(1, { factor: 0.5, every: 2 }), stepDecay(1, { factor: 0.5, every: 2, holdSteps })],
      [cosine(1, { steps: 5 }), cosine(1, { steps: 5, holdSteps })],
      [warmup(1, { steps: 5 }), warmup(1, { steps: 5, holdSteps })],
      [oneCycle(1, { steps: 10 }), oneCycle(1, { steps: 10, holdSteps })],
    ];
    for (const [plain, held] of pairs) {
      const [first] = at(plain, [0]) as [number];
      close(at(held, [0, 1, 6, 7]), [first, first, first, first]);
      close(at(held, [8, 9, 10, 30]), at(plain, [1, 2, 3, 23]));
      expect(held.config).toEqual({ ...plain.config, holdSteps });
    }
  });

  it("record how they were made", () => {
    expect(warmup(cosine(1, { steps: 5 }), { steps: 2 }).config).toEqual({
      name: "warmup",
      then: { name: "cosine", rate: 1, steps: 5, floor: 0, holdSteps: 0 },
      steps: 2,
      holdSteps: 0,
    });
  });

  it("refuse settings that make no sense", () => {
    expect(at(constant(0.1, { holdSteps: 5 }), [0, 1000])).toEqual([0.1, 0.1]);
    expect(() => constant(0.1, { hold: 5 } as never)).toThrow('constant: unknown option "hold"; there are holdSteps.');
    expect(() => constant(0.1, { holdSteps: -1 })).toThrow(
      "constant: holdSteps must be a finite number ≥ 0; it is -1.",
    );
    expect(() => constant(0)).toThrow("constant: the rate must be a finite number > 0; it is 0.");
    expect(() => inverseTime(-1, { decay: 1 })).toThrow(
      "inverseTime: the first rate must be a finite number > 0; it is -1.",
    );
    expect(() => inverseTime(1, { decay: -1 })).toThrow("inverseTime: decay must be a finite number ≥ 0; it is -1.");
    expect(() => inverseTime(1, undefined as never)).toThrow(
      "inverseTime: decay must be a finite number ≥ 0; it is undefined.",
    );
    expect(() => inverseTime(1, { decay: 1, holdSteps: -1 })).toThrow(
      "inverseTime: holdSteps must be a finite number ≥ 0; it is -1.",
    );
    expect(() => inverseTime(1, { decay: 1, hold: 1 } as never)).toThrow(
      'inverseTime: unknown option "hold"; there are decay, holdSteps.',
    );
    expect(() => exponential(1, { factor: 2, every: 1 })).toThrow(
      "exponential: factor must be a finite number > 0 and ≤ 1; it is 2.",
    );
    expect(() => stepDecay(1, { factor: 0.5, every: 0 })).toThrow("stepDecay: every must be an integer ≥ 1; it is 0.");
    expect(() => cosine(1, { steps: 0.5 })).toThrow("cosine: steps must be an integer ≥ 1; it is 0.5.");
    expect(() => cosine(1, { steps: 5, floor: 2 })).toThrow(
      "cosine: floor must be a finite number ≥ 0 and ≤ 1; it is 2.",
    );
    expect(() => cosine(1, { steps: 5, holdSteps: -1 })).toThrow(
      "cosine: holdSteps must be a finite number ≥ 0; it is -1.",
    );
    expect(() => inversePower(1, { exponent: -1 })).toThrow(
      "inversePower: exponent must be a finite number ≥ 0; it is -1.",
    );
    expect(() => oneCycle(1, { steps: 1 })).toThrow("oneCycle: steps must be an integer ≥ 2; it is 1.");
    expect(() => oneCycle(1, { steps: 3 })).toThrow(
      "oneCycle: rise is 0.3, which of 3 steps leaves none to rise in. Use more steps.",
    );
    expect(() => oneCycle(1, { steps: 9, rise: 1 })).toThrow(
      "oneCycle: rise must be a finite number > 0 and < 1; it is 1.",
    );
    expect(() => warmup(1, { steps: 0 })).toThrow("warmup: steps must be an integer ≥ 1; it is 0.");
    expect(() => warmup("slow" as never, { steps: 1 })).toThrow(
      "warmup: the schedule must be a positive number or a schedule",
    );
  });
});
