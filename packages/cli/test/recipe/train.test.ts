/** The recipe: what it chooses, and that it is repeatable. */
import { tensor } from "chainrule";
import { params } from "chainrule/nn";
import { predict } from "chainrule/train";
import { describe, expect, test } from "vitest";
import {
  type Choice,
  type EpochLog,
  holdBack,
  type Phase,
  type Problem,
  scoresOf,
  trainNetwork,
} from "../../src/recipe/index.ts";
import { blobs, circle, column, matrix, surface } from "./support/problems.ts";

const weightsOf = (trained: Awaited<ReturnType<typeof trainNetwork>>): number[][] =>
  Object.values(params(trained.network)).map(({ value }) => Array.from(value.dataSync()));

const scoreOn = async (trained: Awaited<ReturnType<typeof trainNetwork>>, { task, x, y }: Problem): Promise<number> =>
  scoresOf(task, (await predict(trained.network, x)).dataSync(), y.dataSync()).score;

const choiceOf = (choices: readonly Choice[], name: string): Choice | undefined => choices.find((c) => c.name === name);

describe("with nothing told", () => {
  test("learns classes, two classes and numbers", async () => {
    for (const [make, least] of [
      [(seed: number) => blobs(150, 4, 3, seed), 0.95],
      [(seed: number) => circle(400, seed), 0.85],
      [(seed: number) => surface(400, seed), 0.85],
    ] as const) {
      // The centres of blobs depend on the seed, so they are scored on what they have seen.
      const problem = make(1);
      const trained = await trainNetwork(problem, { seed: 0 });
      expect(await scoreOn(trained, problem.task === "classification" ? problem : make(2))).toBeGreaterThan(least);
      expect(trained.validationScore).toBeGreaterThan(least - 0.05);
    }
  });

  test("compares strengths of the penalty, then widths, and says why", async () => {
    const trained = await trainNetwork(circle(300), { seed: 0 });
    const { candidates, choices, history, bestEpoch, validationLoss, epochs, refitted, folds, trainings } = trained;
    expect(candidates.map(({ hidden, l2 }) => [hidden, l2])).toEqual([
      [[64], 0.001],
      [[64], 0.01],
      [[64], 0.1],
      [[32], candidates[3]?.l2],
    ]);
    const chosen = candidates.filter((candidate) => candidate.chosen);
    expect(chosen).toHaveLength(1);
    expect(chosen[0]?.validationLoss).toBe(Math.min(...candidates.map((c) => c.validationLoss)));
    expect(validationLoss).toBe(chosen[0]?.validationLoss);
    expect(choiceOf(choices, "l2")).toEqual({
      name: "l2",
      value: String(chosen[0]?.l2),
      reason: "lowest validation loss of 0.001, 0.01, 0.1",
      option: "--l2",
    });
    expect(choiceOf(choices, "validation")?.value).toBe("3 folds, stratified");
    const final = choiceOf(choices, "final training");
    const found = chosen[0]?.epochs as number;
    // What `refitEpochs` says: of at most 50 epochs twice those found, as long as that is not above 25.
    const rule = [
      [found >= 25, found, "as many as were found best on rows held back"],
      [2 * found <= 25, 2 * found, `twice the ${found} found best on rows held back`],
      [true, 25, `twice the ${found} found best on rows held back, but not over half of --epochs`],
    ].find(([applies]) => applies) as [boolean, number, string];
    expect(final?.value).toBe(`on all rows, ${rule[1]} epochs`);
    expect(final?.reason).toBe(`rows held back are worth having once all is chosen; ${rule[2]}`);
    // Three strengths and a second width in three folds, and once on all rows.
    expect([epochs, refitted, folds, trainings]).toEqual([rule[1], true, 3, 13]);
    const losses = history.map((log) => log.validationLoss as number);
    expect(losses[bestEpoch - 1]).toBe(Math.min(...losses));
  });

  test("gives the same network for a seed, and another for another", async () => {
    const [a, b, c] = [
      await trainNetwork(surface(120), { seed: 5 }),
      await trainNetwork(surface(120), { seed: 5 }),
      await trainNetwork(surface(120), { seed: 6 }),
    ];
    expect(weightsOf(b)).toEqual(weightsOf(a));
    expect(b.history).toEqual(a.history);
    expect(weightsOf(c)).not.toEqual(weightsOf(a));
  });

  test("manages few rows, more features than rows, and many classes", async () => {
    const tiny = await trainNetwork(blobs(8, 3, 2), { seed: 0 });
    expect(tiny.candidates).toEqual([]);
    expect(tiny.validationLoss).toBeUndefined();
    expect(choiceOf(tiny.choices, "validation")).toMatchObject({
      value: "none",
      reason: "with 8 rows, what is held back would tell too little",
    });
    expect(await scoreOn(tiny, blobs(8, 3, 2))).toBe(1);
    const one = await trainNetwork(
      { task: "regression", x: matrix([[1, 2]]), y: column([0.5]), classes: 1 },
      { seed: 0 },
    );
    expect((await predict(one.network, [[1, 2]])).dataSync()[0]).toBeCloseTo(0.5, 0);
    const wide = blobs(40, 100, 2);
    expect(await scoreOn(await trainNetwork(wide, { seed: 0 }), wide)).toBe(1);
    const many = blobs(400, 8, 100);
    expect(await scoreOn(await trainNetwork(many, { seed: 0 }), many)).toBeGreaterThan(0.8);
  });

  test("of a large table compares over fewer epochs, and keeps the best one of a training with rows held back", async () => {
    const phases = new Set<string>();
    const trained = await trainNetwork(
      circle(20_500),
      { seed: 0, hidden: [8], epochs: 8 },
      { onEpoch: (_, { name, epochs }) => phases.add(`${name} ${epochs}`) },
    );
    expect([...phases]).toEqual(["choose 2", "train 8"]);
    expect(trained.epochs).toBe(trained.bestEpoch);
    expect(choiceOf(trained.choices, "final training")?.value).toBe("on those not held back");
  });
});

describe("what is told", () => {
  test("is done, and is the only candidate", async () => {
    const { candidates, choices, network } = await trainNetwork(circle(100), {
      seed: 0,
      hidden: [8, 4],
      l2: 0.02,
      activation: "tanh",
      optimizer: "sgd",
      learningRate: 0.1,
      dropout: 0.25,
      batchSize: 10,
      epochs: 4,
      patience: 3,
      validation: 0.3,
    });
    expect(candidates).toHaveLength(1);
    expect(candidates[0]).toMatchObject({ hidden: [8, 4], l2: 0.02, chosen: true });
    const told = choices
      .filter(({ reason }) => reason.startsWith("told by"))
      .map(({ option, value }) => `${option} ${value}`);
    expect(told).toEqual([
      "--hidden 8, 4",
      "--l2 0.02",
      "--validation 30 % of the rows, stratified",
      "--activation tanh",
      "--optimizer sgd",
      "--learning-rate 0.1",
      "--batch-size 10",
      "--epochs 4",
      "--patience 3",
      "--dropout 0.25",
    ]);
    expect(network.layers.map((layer) => layer.name)).toEqual([
      "Dense",
      "tanh",
      "Dropout",
      "Dense",
      "tanh",
      "Dropout",
      "Dense",
    ]);
  });

  test("a linear model has no hidden layer", async () => {
    const { network, choices } = await trainNetwork(blobs(60, 3, 2), { seed: 0, hidden: [] });
    expect(network.layers).toHaveLength(1);
    expect(choiceOf(choices, "hidden units")?.value).toBe("none");
  });

  test("no validation: one training on all rows", async () => {
    const { candidates, history, epochs, bestEpoch, stopped } = await trainNetwork(circle(100), {
      seed: 0,
      validation: 0,
      epochs: 5,
    });
    expect(candidates).toEqual([]);
    expect(history).toHaveLength(5);
    expect(Object.keys(history[0] as EpochLog)).toEqual(["epoch", "loss"]);
    expect([epochs, bestEpoch, stopped]).toEqual([5, 5, "all epochs done"]);
  });

  test("patience ends training, and the best weights count", async () => {
    const { history, bestEpoch, stopped, epochs } = await trainNetwork(circle(200), {
      seed: 0,
      hidden: [64],
      l2: 0,
      learningRate: 0.05,
      epochs: 300,
      patience: 4,
      validation: 0.3,
      refit: false,
    });
    expect(stopped).toBe("no better for 4 epochs");
    expect(history).toHaveLength(bestEpoch + 4);
    expect(epochs).toBe(bestEpoch);
  });

  test("without a final training the network is the one that was validated", async () => {
    const problem = circle(200);
    const shares = { seed: 0, hidden: [8], l2: 0.01, epochs: 5, validation: 0.25 } as const;
    const held = await trainNetwork(problem, { ...shares, refit: false });
    const all = await trainNetwork(problem, { ...shares, refit: true });
    expect(held.history).toEqual(all.history);
    expect(weightsOf(held)).not.toEqual(weightsOf(all));
  });
});

describe("rows held back", () => {
  test("are what the network was scored on, also one narrower than the others that were compared", async () => {
    const problem = circle(160);
    const widths = new Set<number>();
    for (let seed = 0; seed < 6; seed++) {
      const trained = await trainNetwork(problem, { seed, validation: 0.25, refit: false });
      const classes = problem.y.dataSync();
      const { held } = holdBack(160, 0.25, { strategy: "stratified", seed, classes });
      const outputs = (await predict(trained.network, problem.x)).dataSync();
      const { loss, score } = scoresOf(
        "binary",
        Array.from(held, (row) => outputs[row] as number),
        Array.from(held, (row) => classes[row] as number),
      );
      expect(loss).toBeCloseTo(trained.validationLoss as number, 5);
      expect(score).toBe(trained.validationScore);
      widths.add(trained.candidates.find(({ chosen }) => chosen)?.hidden[0] as number);
    }
    expect([...widths].sort()).toEqual([32, 64]);
  });

  test("are whole groups, of whatever size, and batches fit into what is left", async () => {
    const groups = Array.from({ length: 60 }, (_, row) => (row < 50 ? "large" : `small ${row % 2}`));
    const { choices } = await trainNetwork(
      { ...circle(60), groups },
      { seed: 0, split: "group", hidden: [4], epochs: 3 },
    );
    expect(choiceOf(choices, "validation")?.value).toBe("3 folds, group");
    expect(choiceOf(choices, "batch size")?.value).toBe("10");
    const alone = await trainNetwork(
      { ...circle(30), groups: groups.slice(0, 30) },
      { seed: 0, split: "group", epochs: 2 },
    );
    expect(choiceOf(alone.choices, "validation")).toMatchObject({ value: "none", reason: "all rows are of one group" });
  });

  test("are the last ones in time", async () => {
    const problem = surface(60);
    // What comes last is nothing like what came before: only a network that has not seen it can be so wrong.
    const y = column(Array.from(problem.y.dataSync(), (value, row) => (row < 48 ? value : value + 50)));
    const { validationLoss, choices } = await trainNetwork({ ...problem, y }, { seed: 0, split: "time" });
    expect(validationLoss).toBeGreaterThan(2000);
    expect(choiceOf(choices, "validation")?.value).toBe("20 % of the rows, time");
  });

  test("of few rows are held back when told", async () => {
    const { validationLoss, choices } = await trainNetwork(circle(10), { seed: 0, validation: 0.3 });
    expect(validationLoss).toBeGreaterThan(0);
    expect(choiceOf(choices, "validation")).toMatchObject({
      value: "30 % of the rows, stratified",
      reason: "told by --validation",
    });
  });

  test("what cannot be done as told is said", async () => {
    const { choices } = await trainNetwork(circle(30), {
      seed: 0,
      batchSize: 500,
      validation: 0,
      patience: 3,
      epochs: 2,
    });
    expect(choiceOf(choices, "batch size")).toMatchObject({
      value: "30",
      reason: "all rows that are trained on at a time, fewer than --batch-size 500",
    });
    expect(choiceOf(choices, "patience")).toMatchObject({ value: "2", reason: "no rows are held back to watch" });
  });
});

test("losses on training rows are without the penalty, as those on validation rows", async () => {
  // Weights held at 0 by the penalty: each of both classes has the probability 1/2, and the loss is ln 2 (0.693). The penalty
  // of the initial weights alone is 50 times that.
  const { history } = await trainNetwork(circle(200), { seed: 0, hidden: [4], l2: 20, learningRate: 0.01, epochs: 20 });
  const { loss, validationLoss } = history.at(-1) as { loss: number; validationLoss?: number };
  expect(loss).toBeCloseTo(validationLoss as number, 1);
  expect(Math.max(...history.map((log) => log.loss))).toBeLessThan(5);
});

describe("rare classes", () => {
  /** One row in `every` is of class 1, and they are not quite apart from the others. */
  const rare = (every: number): Problem => {
    const { x } = circle(600, 4);
    const inner = Array.from({ length: 600 }, (_, row) => Number(row % every === 0));
    const shifted = Float32Array.from(x.dataSync(), (value, i) => value + 1.5 * (inner[i >> 1] as number));
    return { task: "binary", x: tensor(shifted, { shape: [600, 2] }), y: column(inner), classes: 2 };
  };
  const found = async (problem: Problem, settings: { readonly balanced?: boolean }): Promise<number> => {
    const { network } = await trainNetwork(problem, { seed: 0, ...settings });
    return Array.from((await predict(network, problem.x)).dataSync()).filter((logit) => logit > 0).length;
  };

  test("weigh more when told", async () => {
    const problem = rare(10);
    expect(await found(problem, { balanced: true })).toBeGreaterThan(1.5 * (await found(problem, {})));
  });

  test("weigh no more unasked; where they are extremely rare it is said what would change that", async () => {
    const choice = async (every: number) =>
      choiceOf(
        (await trainNetwork(rare(every), { seed: 0, hidden: [4], l2: 0.01, epochs: 2 })).choices,
        "class weights",
      );
    expect(await choice(10)).toMatchObject({
      value: "none",
      reason: "no class is 20 times rarer than in equal shares",
    });
    expect(await choice(100)).toMatchObject({
      value: "none",
      reason: "keeps probabilities true; --balanced finds more of the rare classes and shifts them",
    });
  });
});

describe("an abort", () => {
  /** Aborts at an epoch, counted over all runs. */
  const abortAt = async (at: number) => {
    const controller = new AbortController();
    const seen: Phase[] = [];
    const trained = await trainNetwork(
      circle(200),
      { seed: 0, validation: 0.25, epochs: 10, patience: 10 },
      {
        signal: controller.signal,
        onEpoch: (_, phase) => {
          if (seen.push(phase) === at) controller.abort();
        },
      },
    );
    return { trained, seen };
  };

  test("finishes the epoch and gives the best network so far", async () => {
    // 4 candidates of 10 epochs, then all rows.
    for (const at of [1, 14, 42]) {
      const { trained, seen } = await abortAt(at);
      expect(seen).toHaveLength(at);
      expect(trained.stopped).toBe("interrupted");
      expect(trained.history[trained.bestEpoch - 1]?.validationLoss).toBeGreaterThan(0);
      expect(weightsOf(trained).flat().every(Number.isFinite)).toBe(true);
    }
    expect((await abortAt(42)).seen.at(-1)?.name).toBe("refit");
    // In the second of three strengths: nothing was compared with the widths.
    const { choices } = (await abortAt(14)).trained;
    expect(choiceOf(choices, "hidden units")?.reason).toBe("the only one tried before training was interrupted");
  });

  test("that comes before the start still trains one epoch", async () => {
    const { history, stopped } = await trainNetwork(circle(100), { seed: 0 }, { signal: AbortSignal.abort() });
    expect(history).toHaveLength(1);
    expect(stopped).toBe("interrupted");
  });
});

describe("numbers that are not finite", () => {
  test("in the data are refused by row", async () => {
    const x = matrix([
      [1, 2],
      [3, Number.NaN],
      [5, 6],
    ]);
    await expect(
      trainNetwork({ task: "regression", x, y: column([1, 2, 3]), classes: 1 }, { seed: 0 }),
    ).rejects.toThrow("The inputs of row 2 are not all finite numbers, so nothing can be learnt from them.");
  });

  test("in training end in advice, never in a network", async () => {
    const told = { seed: 0, hidden: [16], l2: 0, optimizer: "sgd", learningRate: 1e30 } as const;
    const advice =
      "Training met NaN or infinity at a learning rate of 1e+30, so there is no network. Use a lower one, such as " +
      "--learning-rate 0.05, and look for extreme values in the columns with chainrule inspect.";
    for (const settings of [
      told,
      { ...told, validation: 0 },
      { seed: 0, optimizer: "sgd", learningRate: 1e30 } as const,
    ]) {
      await expect(trainNetwork(surface(100), settings)).rejects.toThrow(advice);
    }
  });
});
