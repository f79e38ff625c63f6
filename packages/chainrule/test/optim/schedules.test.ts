import { describe, expect, it } from "vitest";
import {
  constant,
  cosine,
  exponential,
  inverseTime,
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

  it("record how they were made", () => {
    expect(warmup(cosine(1, { steps: 5 }), { steps: 2 }).config).toEqual({
      name: "warmup",
      then: { name: "cosine", rate: 1, steps: 5, floor: 0 },
      steps: 2,
    });
  });

  it("refuse settings that make no sense", () => {
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
    expect(() => warmup(1, { steps: 0 })).toThrow("warmup: steps must be an integer ≥ 1; it is 0.");
    expect(() => warmup("slow" as never, { steps: 1 })).toThrow(
      "warmup: the schedule must be a positive number or a schedule",
    );
  });
});
