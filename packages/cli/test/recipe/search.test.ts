/** Searches: what may be written, which trials are made, and what wins. */
import { params } from "chainrule/nn";
import { describe, expect, test } from "vitest";
import { type SearchRow, searchNetworks, searchSpace, trainNetwork } from "../../src/recipe/index.ts";
import { circle } from "./support/problems.ts";

const textsOf = (space: ReturnType<typeof searchSpace>) =>
  Object.fromEntries(
    Object.entries(space).map(([name, { values, distribution }]) => [name, values ?? distribution.text]),
  );

describe("a space", () => {
  test("is the usual one of what no option settles", () => {
    const space = textsOf(searchSpace([], { hidden: [8], batchSize: 32 }));
    expect(space).toEqual({
      learningRate: "logUniform(0.001, 0.03)",
      l2: "logUniform(0.0001, 0.3)",
      dropout: [0, 0.1, 0.2, 0.4],
    });
  });

  test("is what the user writes", () => {
    const written = [
      "hidden=64|128,64|none",
      "l2=0.001..0.1",
      "dropout=0..0.5",
      "activation=relu|tanh",
      "batch-size=16",
    ];
    expect(textsOf(searchSpace(written, {}))).toEqual({
      hidden: [[64], [128, 64], []],
      l2: "logUniform(0.001, 0.1)",
      dropout: "uniform(0, 0.5)",
      activation: ["relu", "tanh"],
      batchSize: [16],
    });
  });

  test.each([
    ["l2", "there is no = in it"],
    ["width=3", "width is none of learning-rate, hidden, l2, dropout, batch-size, activation, optimizer"],
    ["=3", "nothing is none of learning-rate"],
    ["l2=0..1", "a range that is drawn by ratios cannot begin at 0"],
    ["learning-rate=0|1", "0 is not a number above 0"],
    ["l2=0.1..0.1", "0.1 is not below 0.1"],
    ["l2=0.1|x", "x is not a number ≥ 0"],
    ["dropout=0|1", "1 is not a number from 0 to below 1"],
    ["hidden=8,", "8, is not integers ≥ 1 separated by commas, or none"],
    ["hidden=8..16", "this setting takes a list of values, not a range"],
    ["batch-size=", "an empty value is not an integer ≥ 1"],
    ["activation=step", "step is not one of relu, gelu"],
  ])("%s is refused", (text, why) => {
    expect(() => searchSpace([text], {})).toThrow(`--space ${text} cannot be read: ${why}`);
  });
});

describe("a search", () => {
  const problem = circle(120);
  const settings = { seed: 2, epochs: 4, validation: 0.25 };

  test("over a grid tries all, and trains the winner as train would", async () => {
    const seen: SearchRow[] = [];
    const space = searchSpace(["hidden=2|16", "learning-rate=0.0001|0.02"], {});
    const found = await searchNetworks(
      problem,
      settings,
      { space, method: "grid" },
      { onTrial: (row) => seen.push(row) },
    );
    expect(seen).toEqual(found.rows);
    expect(found.rows.map((row) => row.settings)).toEqual([
      { hidden: [2], learningRate: 0.0001 },
      { hidden: [2], learningRate: 0.02 },
      { hidden: [16], learningRate: 0.0001 },
      { hidden: [16], learningRate: 0.02 },
    ]);
    expect(found.best.validationLoss).toBe(Math.min(...found.rows.map((row) => row.validationLoss)));
    expect(found.best.settings.learningRate).toBe(0.02);
    expect(new Set(found.rows.map((row) => row.seed)).size).toBe(4);
    const again = await trainNetwork(problem, found.settings);
    expect(again.history).toEqual(found.trained.history);
    // The rows held back are the same as in its trial.
    expect(found.trained.validationLoss).toBe(found.best.validationLoss);
  });

  test("at random is repeatable, and an abort keeps the best so far", async () => {
    const options = { space: searchSpace([], {}), method: "random", trials: 3 } as const;
    const first = await searchNetworks(problem, settings, options);
    const again = await searchNetworks(problem, settings, options);
    const timeless = (rows: readonly SearchRow[]) => rows.map(({ seconds: _, ...row }) => row);
    expect(timeless(again.rows)).toEqual(timeless(first.rows));
    const controller = new AbortController();
    const cut = await searchNetworks(problem, settings, options, {
      signal: controller.signal,
      onTrial: () => controller.abort(),
    });
    expect(timeless(cut.rows)).toEqual(timeless(first.rows.slice(0, 1)));
  });

  test("without a training on all rows has the network of the winning trial, which is that of train", async () => {
    const space = searchSpace(["hidden=2|16"], {});
    const own = { ...settings, refit: false };
    const runs: number[] = [];
    const found = await searchNetworks(
      problem,
      own,
      { space, method: "grid" },
      { onEpoch: ({ epoch }, _, trial) => runs.push(epoch === 1 ? (trial?.number ?? 0) : -1) },
    );
    expect(runs.filter((trial) => trial >= 0)).toEqual([1, 2]);
    const again = await trainNetwork(problem, found.settings);
    const weightsOf = ({ network }: typeof again) =>
      Object.values(params(network)).map(({ value }) => Array.from(value.dataSync()));
    expect(weightsOf(found.trained)).toEqual(weightsOf(again));
    expect(found.trained.choices).toEqual(again.choices);
  });

  test("does not count the trial that an abort cuts short", async () => {
    const controller = new AbortController();
    const { rows, best, count } = await searchNetworks(
      problem,
      settings,
      { space: searchSpace(["hidden=16"], {}), method: "random", trials: 5 },
      {
        signal: controller.signal,
        onEpoch: ({ epoch }, _, trial) => {
          if (trial?.number === 2 && epoch === 1) controller.abort();
        },
      },
    );
    expect(rows.map(({ failure }) => failure)).toEqual([undefined]);
    expect([best.trial, count]).toEqual([1, 5]);
  });

  test("in folds holds each row back once", async () => {
    const space = searchSpace(["hidden=4"], {});
    const epochs: number[] = [];
    await searchNetworks(
      problem,
      { seed: 2, epochs: 2, folds: 5, refit: false },
      { space, method: "grid" },
      { onEpoch: ({ epoch }, { run, runs }) => epochs.push(epoch === 1 ? run / runs : -1) },
    );
    expect(epochs.filter((share) => share > 0)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    const blind = searchNetworks(problem, { seed: 2, folds: 121 }, { space, method: "grid" });
    await expect(blind).rejects.toThrow(
      "The 120 rows to train on cannot be parted into 121 folds. Use fewer with --folds, or more data.",
    );
  });

  test("tells why it cannot be", async () => {
    const grid = { space: searchSpace(["l2=0.1..0.2"], {}), method: "grid" } as const;
    await expect(searchNetworks(problem, settings, grid)).rejects.toThrow(
      "A grid needs a list of values for each setting, but l2 has the range 0.1..0.2. Write --space 'l2=value|value'",
    );
    const wild = { space: searchSpace(["optimizer=sgd", "learning-rate=1e30"], {}), method: "grid" } as const;
    await expect(searchNetworks(problem, settings, wild)).rejects.toThrow(
      "None of the 1 trials gave a network. The first failed so: Training met NaN or infinity at a learning rate of 1e+30",
    );
    const blind = { space: searchSpace(["l2=0.1"], {}), method: "grid" } as const;
    await expect(searchNetworks(problem, { ...settings, validation: 0 }, blind)).rejects.toThrow(
      "A search needs rows held back to compare on",
    );
  });
});
