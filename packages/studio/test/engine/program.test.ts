/** A run as a program gives the numbers of the page, to the last bit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { programOf } from "../../src/engine/program/index.ts";
import { float32, list } from "../../src/engine/program/numbers.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import {
  ACTIVATIONS,
  CLASSIFICATION,
  change,
  FEATURES,
  fromLink,
  INITIAL,
  INITIALIZERS,
  OPTIMIZERS,
  REGRESSION,
  REGULARIZERS,
  SCHEDULES,
  type State,
  VALUE_LOSSES,
} from "../../src/state/index.ts";
import { runPrograms } from "../support/programs.ts";
import { arbitraryState } from "../support/states.ts";

/** Small, so that a run of each takes little. */
const SMALL = change(INITIAL, { points: 30, layers: [3], batch: 7 });

/** Every choice of every setting, once. */
const CHOICES: Partial<State>[] = [
  ...[...CLASSIFICATION, ...REGRESSION].map((data) => ({ data, own: [[0.5, -0.25, 1]] as const })),
  ...[3, 5].map((classes) => ({ data: "spirals" as const, classes })),
  { data: "gaussians", classes: 4, classLoss: "squaredError" },
  { classLoss: "squaredError" },
  ...VALUE_LOSSES.map((valueLoss) => ({ data: "ripple" as const, valueLoss })),
  ...ACTIVATIONS.map((activation) => ({ activation })),
  ...OPTIMIZERS.map((optimizer) => ({ optimizer })),
  ...SCHEDULES.map((schedule) => ({ schedule, decaySteps: 10 })),
  ...REGULARIZERS.map((regularizer) => ({ regularizer, penalty: 0.01 })),
  ...REGULARIZERS.map((regularizer) => ({ regularizer, penalty: 0.01, optimizer: "lbfgs" as const })),
  ...INITIALIZERS.map((initializer) => ({ initializer })),
  ...FEATURES.map((name) => ({ features: [name] })),
  { features: FEATURES },
  { layers: [] },
  { layers: [2, 3, 2], batch: 500 },
  { layers: [2], weights: [0.1, -0.2, 0.3, 0.4, 0, -0.5, 1 / 3, 2, -1e-9] },
  { testShare: 0, batch: 1, seed: 0 },
  ...["0110", "0,5,2,4"].map((target) => ({
    data: "table" as const,
    table: fromLink(
      `v=1&data=table&table=a,1,2,4,7;b,3,1,0,2;c,5,1,1,0;d,2,2,1,0;e${target.includes(",") ? "," : ",no,yes;"}${target}`,
    ).table,
    features: ["x", "c1", "c2"] as const,
  })),
];

/** Trained so far by steps of all kinds, and by hand. */
async function trained(state: State): Promise<Trainer> {
  const trainer = new Trainer(state);
  await trainer.advance({ epochs: 2 });
  await trainer.advance({ steps: 1 });
  return trainer;
}

/** What the page has, and what a program of it prints. */
const seen = (trainer: Trainer) => {
  const { snapshot, steps, weights } = { snapshot: trainer.snapshot(), steps: trainer.step, weights: trainer.weights };
  const loss = snapshot.training.loss.toPrecision(3);
  return {
    printed: `The training loss after ${steps} step${steps === 1 ? "" : "s"} is ${loss}.`,
    weights: [...weights],
  };
};

describe("a program", () => {
  it("gives the weights and the loss of the page, for every choice", async () => {
    const trainers = await Promise.all(CHOICES.map((choice) => trained(change(SMALL, choice))));
    const ran = runPrograms(trainers.map(programOf));
    for (const [i, trainer] of trainers.entries()) expect(ran[i], JSON.stringify(CHOICES[i])).toEqual(seen(trainer));
  });

  it("does so for any state", async () => {
    const states = fc
      .sample(arbitraryState, { numRuns: 30, seed: 20_260 })
      .filter(({ data, own, table }) => own.length > 0 || (data !== "own" && (data !== "table" || table !== null)))
      // Newton's method is for small networks.
      .map((state) => (state.optimizer === "newton" ? change(state, { layers: [2] }) : state));
    const trainers = await Promise.all(states.map(trained));
    const ran = runPrograms(trainers.map(programOf));
    for (const [i, trainer] of trainers.entries()) expect(ran[i], JSON.stringify(states[i])).toEqual(seen(trainer));
  });

  it("repeats what was done by hand", async () => {
    const trainers = ["momentum", "lbfgs"].map(
      (optimizer) => new Trainer(change(SMALL, { optimizer: optimizer as State["optimizer"] })),
    );
    for (const trainer of trainers) {
      trainer.setWeight(0, 1, 2, 3);
      trainer.setWeight(0, 1, 2, 0.1);
      await trainer.advance({ steps: 3 });
      trainer.setWeight(1, -1, 0, -2);
      trainer.setWeight(0, -1, 1, 0.7);
      await trainer.advance({ steps: 2 });
      trainer.setWeight(1, 0, 0, 0.3);
    }
    const programs = trainers.map(programOf);
    expect(programs[0]).toContain(
      '    if (step === 0) set("0.weight", 5, 0.1);\n    if (step === 3) set("2.bias", 0, -2);',
    );
    expect(programs[1]).toContain(
      'await descend(3);\nset("2.bias", 0, -2);\nset("0.bias", 1, 0.7);\nawait descend(2);',
    );
    const ran = runPrograms(programs);
    for (const [i, trainer] of trainers.entries()) expect(ran[i]).toEqual(seen(trainer));
  });

  it("says no more than is needed", () => {
    const text = programOf(new Trainer(change(SMALL, { data: "own", own: [[1, -2, 0]], testShare: 0 })));
    expect(text).toBe(EXPECTED);
  });
});

it("writes numbers of 32 bits so that they come back", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      expect(Math.fround(Number(float32(value)))).toBe(value);
      expect(float32(value).replace("-0", "0").length).toBeLessThanOrEqual(String(value).length);
    }),
  );
  expect([float32(Math.fround(0.1)), float32(-0), float32(1 / 3)]).toEqual(["0.1", "-0", "0.33333334"]);
});

it("breaks long lists", () => {
  expect(list(["1", "2"], "")).toBe("[1, 2]");
  const long = list(Array<string>(40).fill("0.125"), "  ");
  expect(Math.max(...long.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(90);
  expect(long.replace(/\s/g, "")).toBe(`[${"0.125,".repeat(40)}]`);
});

const EXPECTED = `/**
 * A training of Chainrule Studio: a network of 2 → 3 → 1 units, 0 steps. Where chainrule is
 * installed, Node 24 runs it as it is, and has the weights of the page to the last bit.
 *
 * The settings of the page: #v=1&data=own&points=30&testShare=0&layers=3&batch=7
 */
import { random, tensor } from "chainrule";
import { binaryCrossEntropy } from "chainrule/loss";
import { dense, initialize, sequential, tanh } from "chainrule/nn";
import { sgd } from "chainrule/optim";
import { trainSteps } from "chainrule/train";

// What is learned from: 1 point, x, y and the class of each.
const points = trainingPoints();
const x = tensor(points.map(([x, y]) => [x, y]));
const y = tensor(points.map(([, , label]) => [label]));

// The network, and its weights at the start.
export const model = sequential(
  dense(2, 3),
  tanh,
  dense(3, 1),
);
initialize(model, { seed: 1 });

// What a mistake costs.
const loss = binaryCrossEntropy;

// The training: every epoch goes through all points, in an order that follows from the seed and its number.
const steps = 0;
const train = trainSteps(
  model,
  sgd({ learningRate: 0.03, momentum: 0.9 }),
  (batch) => loss(model(batch.x), batch.y),
  { x, y },
);
const key = random.foldIn(random.key(1), 0x0de5);
for (let epoch = 0, step = 0; step < steps; epoch++) {
  const order = random.permutation(random.foldIn(key, epoch), points.length).dataSync();
  for (let first = 0; first < points.length && step < steps; first += 1, step++) {
    const rows = order.slice(first, first + 1);
    train(tensor(rows, { dtype: "int32", shape: [1, rows.length] }));
  }
}

const cost = loss(model(x), y).itemSync();
console.log(\`The training loss after 0 steps is \${cost.toPrecision(3)}.\`);

function trainingPoints(): [x: number, y: number, target: number][] {
  return [[1, -2, 0]];
}
`;
