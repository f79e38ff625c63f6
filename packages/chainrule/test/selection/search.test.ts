/** Grid and random search, and what a study says. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { split } from "../../src/data/index.ts";
import {
  biasVariance,
  choice,
  gridSearch,
  integer,
  logUniform,
  randomSearch,
  refine,
  type Trial,
  uniform,
} from "../../src/selection/index.ts";

describe("gridSearch", () => {
  it("tries every combination in order and finds the best", async () => {
    const tried: (readonly [number, string])[] = [];
    const study = await gridSearch({
      grid: { rate: [0.1, 0.2], activation: ["relu", "tanh"] },
      evaluate: ({ rate, activation }) => {
        expectTypeOf(rate).toEqualTypeOf<0.1 | 0.2>();
        expectTypeOf(activation).toEqualTypeOf<"relu" | "tanh">();
        tried.push([rate, activation]);
        return activation === "tanh" ? rate : 1;
      },
    });
    expect(tried).toEqual([
      [0.1, "relu"],
      [0.1, "tanh"],
      [0.2, "relu"],
      [0.2, "tanh"],
    ]);
    expect(study.best?.configuration).toEqual({ rate: 0.1, activation: "tanh" });
    expect(study.best?.number).toBe(1);
  });

  it("asks for the test score once, of the winner, with what it kept", async () => {
    const tested: Trial<{ readonly units: number }, string>[] = [];
    const study = await gridSearch({
      grid: { units: [1, 2, 3] as number[] },
      goal: "maximize",
      evaluate: async ({ units }) => ({
        score: -((units - 2) ** 2),
        metrics: { half: units / 2 },
        keep: `model ${units}`,
      }),
      test: (winner) => {
        tested.push(winner);
        return 0.875;
      },
    });
    expect(tested.map(({ keep }) => keep)).toEqual(["model 2"]);
    expect(study.testScore).toBe(0.875);
    const lines = String(study)
      .replaceAll(/\d+\.\d\d(?=$|\n)/g, "0.00")
      .split("\n");
    expect(lines).toEqual([
      "trial  units  score  half  seconds",
      "──────────────────────────────────",
      "    1      2      0     1     0.00",
      "    0      1     -1   0.5     0.00",
      "    2      3     -1   1.5     0.00",
      "Trial 1 won with 0 on validation data; it scores 0.875 on test data.",
    ]);
  });

  it("goes on after a trial that fails, and says why it did", async () => {
    const study = await gridSearch({
      grid: { rate: [1, 2, 3] },
      evaluate: ({ rate }) => {
        if (rate === 1) throw new Error("the loss is NaN in batch 3");
        return rate === 2 ? Number.NaN : Number.POSITIVE_INFINITY;
      },
    });
    expect(study.trials.map(({ failure }) => failure)).toEqual([
      "the loss is NaN in batch 3",
      "the score is NaN",
      undefined,
    ]);
    expect(study.best?.configuration).toEqual({ rate: 3 });
    expect(String(study)).toMatch(/0 +1 +failed +\d\.\d\d {2}the loss is NaN in batch 3/);
    const long = await gridSearch({
      grid: { rate: [0.5, 1] },
      evaluate: ({ rate }) => {
        throw new Error(
          rate === 1 ? "ragged\n  at row 3" : "fit: the loss is NaN after 2.5 epochs. Try a smaller rate.\nMore.",
        );
      },
    });
    expect(String(long).split("\n").slice(2)).toEqual([
      expect.stringMatching(/^ +0 +0\.5 +failed +\d\.\d\d {2}fit: the loss is NaN after 2\.5 epochs\.$/),
      expect.stringMatching(/^ +1 +1 +failed +\d\.\d\d {2}ragged$/),
      "No trial succeeded.",
    ]);
    expect(long.trials[1]?.failure).toBe("ragged\n  at row 3");
    const named = await gridSearch({ grid: { f: [Math.tanh, (x: number) => x + 1] }, evaluate: () => 1 });
    expect(String(named).split("\n")[2]).toMatch(/^ +0 +tanh +1 /);
    const failed = await gridSearch({ grid: { a: [1] }, evaluate: () => Number.NaN, test: () => 1 });
    expect([failed.best, failed.testScore]).toEqual([undefined, undefined]);
    expect(String(failed)).toContain("No trial succeeded.");
  });

  it("keeps the trials where the test fails", async () => {
    const run = (test: () => number) => gridSearch({ grid: { a: [1] }, evaluate: () => 1, test });
    const thrown = await run(() => {
      throw new Error("no test data\nat all");
    });
    expect([thrown.best?.score, thrown.testScore, thrown.testFailure]).toEqual([1, undefined, "no test data\nat all"]);
    expect(String(thrown)).toMatch(/\nTrial 0 won with 1 on validation data; its test failed: no test data$/);
    expect((await run(() => Number.NaN)).testFailure).toBe("the score is NaN");
    expect((await run((() => "good") as never)).testFailure).toBe('test must give a number; it gave "good"');
  });

  it("ends when it is told to, after the present trial", async () => {
    const controller = new AbortController();
    const study = await gridSearch({
      grid: { a: [1, 2, 3] },
      evaluate: ({ a }) => a,
      onTrial: ({ number }) => number === 1 && controller.abort(),
      signal: controller.signal,
    });
    expect(study.trials).toHaveLength(2);
    const none = await gridSearch({ grid: { a: [1] }, evaluate: () => 1, signal: AbortSignal.abort() });
    expect(String(none)).toMatch(/\nNo trial was made\.$/);
  });

  it("derives the seed of a trial from the study's and the trial's number", async () => {
    const seeds = async (seed: number, values: number[]): Promise<number[]> =>
      (await gridSearch({ grid: { a: values }, seed, evaluate: (_, context) => context.seed })).trials.map(
        (t) => t.score,
      );
    const first = await seeds(0, [1, 2, 3]);
    expect(new Set(first).size).toBe(3);
    expect((await seeds(0, [5, 6, 7, 8])).slice(0, 3)).toEqual(first);
    expect(await seeds(1, [1, 2, 3])).not.toEqual(first);
    for (const seed of first) expect(Number.isSafeInteger(seed) && seed >= 0).toBe(true);
  });
});

describe("randomSearch", () => {
  const draw = async (space: Parameters<typeof randomSearch>[0]["space"], trials: number, seed = 0) =>
    (await randomSearch({ space, trials, seed, evaluate: () => 0 })).trials.map(
      ({ configuration }) => configuration as Record<string, unknown>,
    );

  it("draws what each distribution says", async () => {
    const drawn = await draw(
      { u: uniform(-2, 3), l: logUniform(1e-4, 1), i: integer(3, 6), c: choice("a", "b") },
      1500,
    );
    const share = (test: (c: Record<string, unknown>) => boolean): number => drawn.filter(test).length / drawn.length;
    // Standard deviation of a share is at most √(¼/1500) = 0.013; these draws are fixed by the seed.
    const near = (found: number, expected: number): void => expect(Math.abs(found - expected)).toBeLessThan(0.05);
    near(
      share(({ u }) => (u as number) < 0),
      2 / 5,
    );
    near(
      share(({ l }) => (l as number) < 1e-2),
      1 / 2,
    );
    near(
      share(({ l }) => (l as number) < 1e-3),
      1 / 4,
    );
    for (const n of [3, 4, 5, 6])
      near(
        share(({ i }) => i === n),
        1 / 4,
      );
    near(
      share(({ c }) => c === "a"),
      1 / 2,
    );
    expect(
      drawn.every(({ u, l }) => (u as number) >= -2 && (u as number) < 3 && (l as number) >= 1e-4 && (l as number) < 1),
    ).toBe(true);
    // Settings do not depend on each other.
    near(
      share(({ u, c }) => (u as number) < 0.5 && c === "a"),
      1 / 4,
    );
  });

  it("a trial's configuration depends on the seed, its number and the name alone", async () => {
    const first = await draw({ a: uniform(0, 1) }, 3);
    const more = await draw({ b: uniform(0, 1), a: uniform(0, 1) }, 5);
    expect(more.slice(0, 3).map(({ a }) => a)).toEqual(first.map(({ a }) => a));
    expect(more.map(({ b }) => b)).not.toEqual(more.map(({ a }) => a));
    expect(await draw({ a: uniform(0, 1) }, 3, 7)).not.toEqual(first);
  });

  it("types the configuration", async () => {
    await randomSearch({
      space: { rate: logUniform(0.1, 1), activation: choice("relu", "tanh") },
      trials: 1,
      evaluate: ({ rate, activation }) => {
        expectTypeOf(rate).toEqualTypeOf<number>();
        expectTypeOf(activation).toEqualTypeOf<"relu" | "tanh">();
        return 0;
      },
    });
  });
});

describe("refine", () => {
  it("looks between the neighbours, in equal ratios where the grid spans a factor of ten", () => {
    const grid = { rate: [0.001, 0.01, 0.1], share: [0.1, 0.2, 0.3], activation: ["relu", "tanh"], depth: [2] };
    const finer = refine(grid, { rate: 0.01, share: 0.1, activation: "tanh", depth: 2 }, { count: 3 });
    finer.rate.forEach((value, i) => {
      expect(value).toBeCloseTo([0.001, 0.01, 0.1][i] as number, 12);
    });
    finer.share.forEach((value, i) => {
      expect(value).toBeCloseTo([0.1, 0.15, 0.2][i] as number, 12);
    });
    expect([finer.activation, finer.depth]).toEqual([["tanh"], [2]]);
  });

  it("keeps integers integers, each once", () => {
    expect(refine({ units: [1, 2, 3] }, { units: 2 }, { count: 9 }).units).toEqual([1, 2, 3]);
    expect(refine({ units: [8, 64] }, { units: 64 }, { count: 3 }).units).toEqual([8, 36, 64]);
  });
});

describe("mistakes", () => {
  const evaluate = (): number => 0;
  it.each<[string, () => Promise<unknown>, string]>([
    [
      "an empty grid",
      () => gridSearch({ grid: {}, evaluate }),
      "gridSearch: grid must be an object such as { learningRate: [0.01, 0.1] }; it is an object.",
    ],
    [
      "no values",
      () => gridSearch({ grid: { a: [] }, evaluate }),
      'gridSearch: "a" must be an array of values to try; it is empty.',
    ],
    [
      "no function",
      () => gridSearch({ grid: { a: [1] }, evaluate: 3 as never }),
      "gridSearch: evaluate must be a function of the configuration; it is 3.",
    ],
    [
      "an unknown goal",
      () => gridSearch({ grid: { a: [1] }, evaluate, goal: "max" as never }),
      'gridSearch: goal must be one of "minimize", "maximize"; it is "max".',
    ],
    [
      "an unknown option",
      () => gridSearch({ grid: { a: [1] }, evaluate, trails: 3 } as never),
      'gridSearch: unknown option "trails"; there are grid, evaluate, goal, seed, test, onTrial, signal.',
    ],
    [
      "a score that is no number",
      () => gridSearch({ grid: { a: [1] }, evaluate: (() => "good") as never }),
      'gridSearch: evaluate must give a number or { score }; it gave "good".',
    ],
    [
      "a value for a distribution",
      () => randomSearch({ space: { a: 3 } as never, trials: 1, evaluate }),
      'randomSearch: "a" must be a distribution: uniform, logUniform, integer or choice; it is 3.',
    ],
    [
      "no space",
      () => randomSearch({ space: {}, trials: 1, evaluate }),
      "randomSearch: space must be an object such as { learningRate: logUniform(1e-4, 1) }; it is an object.",
    ],
    [
      "no trials",
      () => randomSearch({ space: { a: uniform(0, 1) }, trials: 0, evaluate }),
      "randomSearch: trials must be an integer ≥ 1; it is 0.",
    ],
  ])("%s", async (_, search, message) => {
    await expect(search()).rejects.toThrow(message);
  });

  it("no options at all", async () => {
    await expect(gridSearch(undefined as never)).rejects.toThrow("gridSearch: grid must be an object such as");
    await expect(randomSearch(undefined as never)).rejects.toThrow("randomSearch: space must be an object such as");
    await expect(biasVariance(undefined as never)).rejects.toThrow(
      "biasVariance: fit must be a function of (sample, x)",
    );
    expect(() => split({ x: [[1], [2]], y: [1, 2] }, undefined as never)).toThrow("split: give either fraction");
  });

  it("an array for a distribution, which has a method at, too", async () => {
    await expect(randomSearch({ space: { a: [1, 2] } as never, trials: 1, evaluate })).rejects.toThrow(
      'randomSearch: "a" must be a distribution: uniform, logUniform, integer or choice; it is an array.',
    );
  });

  it("distributions without room, and points that are not of the grid", () => {
    expect(() => uniform(2, 1)).toThrow("uniform: high must be a finite number > 2; it is 1.");
    expect(() => logUniform(0, 1)).toThrow("logUniform: low must be a finite number > 0; it is 0.");
    expect(() => integer(1.5, 2)).toThrow("integer: low must be an integer; it is 1.5.");
    expect(() => choice()).toThrow("choice: give at least one value.");
    expect(() => choice(["a", "b"])).toThrow("choice: the only value is an array; give its elements one by one");
    const none = "A study in which all trials failed has no best.";
    expect(() => refine({ a: [1, 2] }, undefined as never)).toThrow(
      `refine: best must be a point of the grid, such as study.best.configuration; it is undefined. ${none}`,
    );
    expect(() => refine({ a: [1, 2] }, { configuration: { a: 1 } } as never)).toThrow(`; it has no "a". ${none}`);
    expect(() => refine(undefined as never, {} as never)).toThrow("refine: grid must be an object such as");
    expect(() => refine({ a: [] }, { a: 3 } as never)).toThrow(
      'refine: "a" must be an array of values to try; it is empty.',
    );
    expect(() => refine({ a: [1, 2] }, { a: 3 } as never)).toThrow('refine: 3 is not among the values of "a".');
  });
});
