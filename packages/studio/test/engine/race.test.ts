/** Several trainings from the same start. */
import { describe, expect, it } from "vitest";
import { Host } from "../../src/engine/host.ts";
import type { Asked, Kind, LaneSnapshot, Request } from "../../src/engine/index.ts";
import { Race } from "../../src/engine/race/index.ts";
import { race as raceService } from "../../src/engine/services/race.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, INITIAL, type Lane, laneState, type State } from "../../src/state/index.ts";

const state = (changes: Partial<State>): State => change(INITIAL, changes);
const WANTED = { surface: false } as const;
const ran = (lane: LaneSnapshot | undefined) => {
  if (lane?.snapshot === undefined) throw new Error(lane?.reason);
  return lane.snapshot;
};

const FOUR: readonly Lane[] = [
  { optimizer: "sgd", rate: 0.1 },
  { optimizer: "adam", batch: 20 },
  { regularizer: "l2", penalty: 0.01, schedule: "cosine", decaySteps: 40 },
  { optimizer: "lbfgs" },
];

describe("a race", () => {
  it("starts all lanes with the same weights", () => {
    const { lanes, position } = new Race(state({ lanes: FOUR, seed: 5 })).snapshot(WANTED);
    expect(position).toBe(0);
    expect(lanes).toHaveLength(4);
    const first = ran(lanes[0]);
    for (const lane of lanes) {
      expect(ran(lane).weights).toEqual(first.weights);
      expect(ran(lane).training).toEqual(first.training);
    }
    const given = new Race(state({ layers: [], weights: [1, 2, 3], lanes: [{}, { initializer: "zeros" }] }));
    for (const lane of given.snapshot(WANTED).lanes) expect([...ran(lane).weights]).toEqual([1, 2, 3]);
  });

  it("gives each lane the numbers of a training by itself", async () => {
    const settings = state({ data: "moons", lanes: FOUR, landscape: "open" });
    const race = new Race(settings);
    await race.advance({ steps: 30 });
    const { lanes, position } = race.snapshot({ surface: true });
    expect(position).toBe(30);
    for (const [i, lane] of lanes.entries()) {
      const single = new Trainer(laneState(settings, FOUR[i] as Lane));
      await single.advance({ steps: 30 });
      expect(ran(lane)).toEqual(single.snapshot({ surface: true }));
    }
  });

  it("goes on alike by steps, by rounds, or by time", async () => {
    const lanes = [{ batch: 10 }, { batch: 70 }, { optimizer: "lbfgs" }] as const;
    const steps = new Race(state({ lanes }));
    // An epoch of the shared settings: 14 batches of 10 from 140 points.
    await steps.advance({ epochs: 2 });
    expect(steps.snapshot(WANTED)).toMatchObject({ position: 28 });
    expect(steps.snapshot(WANTED).lanes.map((lane) => ran(lane).step)).toEqual([28, 28, 28]);

    const epochs = new Race(state({ lanes, equal: "epochs" }));
    await epochs.advance({ steps: 1 });
    await epochs.advance({ epochs: 2 });
    const rounds = epochs.snapshot(WANTED);
    expect(rounds.position).toBe(3);
    expect(rounds.lanes.map((lane) => [ran(lane).epoch, ran(lane).step])).toEqual([
      [3, 42],
      [3, 6],
      [3, 3],
    ]);

    // A clock that goes on by a millisecond whenever it is looked at.
    let clock = 0;
    const time = new Race(state({ lanes, equal: "time" }));
    await time.advance({ milliseconds: 40 }, () => clock++);
    const { position, lanes: timed } = time.snapshot(WANTED);
    expect(position).toBeGreaterThan(2);
    const counts = timed.map((lane) => ran(lane).epoch);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it("goes on without a lane that has blown up, has arrived, or cannot start", async () => {
    const lanes: readonly Lane[] = [
      { optimizer: "sgd", rate: 10 },
      { optimizer: "newton" },
      { optimizer: "sgd", rate: 0.05 },
    ];
    const race = new Race(state({ data: "plane", layers: [], features: ["x", "xx"], lanes }));
    await race.advance({ steps: 100 });
    const before = race.snapshot({ surface: false, landscape: { plane: { kind: "path" }, fresh: 0 } });
    await race.advance({ steps: 10 });
    const { lanes: after } = race.snapshot(WANTED);
    expect(after.map((lane) => [ran(lane).diverged, ran(lane).end?.converged, ran(lane).step])).toEqual([
      [true, undefined, 100],
      [false, true, 1],
      [false, undefined, 110],
    ]);
    // What has blown up does not make the map so large that nothing else is to be seen.
    expect(before.landscape?.half).toBeLessThan(10);

    const large = state({ layers: [8, 8, 8, 8], lanes: [{ optimizer: "newton" }, { optimizer: "sgd" }] });
    const some = new Race(large);
    await some.advance({ steps: 2 });
    const [refused, going] = some.snapshot(WANTED).lanes;
    expect(refused?.reason).toContain("Newton’s method works out 249 × 249 second derivatives");
    expect(ran(going).step).toBe(2);
    expect(() => new Race({ ...large, lanes: [{ optimizer: "newton" }, { optimizer: "newton" }] })).toThrow(
      "Newton’s method works out 249 × 249",
    );
  });

  it("draws the paths of all lanes on one loss surface", async () => {
    const lanes = [{ optimizer: "sgd" }, { optimizer: "newton" }] as const;
    const race = new Race(state({ data: "plane", layers: [], noise: 0, testShare: 0, weights: [1, -1, 0], lanes }));
    for (let i = 0; i < 5; i++) await race.advance({ steps: 4 });
    const plane = { kind: "weights", weights: [0, 1] } as const;
    const { landscape, lanes: ended } = race.snapshot({ surface: false, landscape: { plane, fresh: 0 } });
    // The start, and where each lane is after each advance; Newton's method has arrived after its first step.
    expect(landscape?.paths.map(({ length }) => length / 2)).toEqual([6, 2]);
    for (const path of landscape?.paths ?? []) expect([...path.slice(0, 2)]).toEqual([1, -1]);
    // The best lane, Newton's, has the other weights of the plane: the loss is mean ((a−1/6)x + (b−1/6)y)² + bias² there.
    expect([...(landscape?.paths[1]?.slice(2) ?? [])].map((value) => value.toFixed(5))).toEqual(["0.16667", "0.16667"]);
    const lowest = (landscape?.losses ?? new Float32Array()).reduce((a, b) => Math.min(a, b));
    expect(lowest).toBeLessThan(0.02);
    expect(ran(ended[1]).end?.converged).toBe(true);
  });
});

it("leaves what it has no time for to the next question, and lanes stay equal", async () => {
  // A clock that goes on by 20 milliseconds whenever it is looked at: two rounds take longer than an answer may.
  let clock = 0;
  const { race: begin, advanceRace } = raceService(() => 20 * clock++);
  begin({ state: state({ lanes: [{}, { optimizer: "newton" }], layers: [2] }), wanted: WANTED });
  const seen = [await advanceRace({ advance: { epochs: 1 }, wanted: WANTED })];
  for (let i = 0; i < 20 && (seen.at(-1)?.left ?? 0) > 0; i++) {
    seen.push(await advanceRace({ advance: { steps: seen.at(-1)?.left ?? 0 }, wanted: WANTED }));
  }
  // An epoch of the shared settings: 14 batches of 10 from 140 points.
  expect(seen.map(({ position, left }) => position + left)).toEqual(seen.map(() => 14));
  expect(seen.map(({ left }) => left)).toEqual([12, 10, 8, 6, 4, 2, 0]);
  for (const { position, lanes } of seen) expect(lanes.map((lane) => ran(lane).step)).toEqual([position, position]);
});

it("is run by the worker", async () => {
  const host = new Host();
  const ask = <K extends Kind>(kind: K, asked: Asked<K>) => host.handle<K>({ kind, asked } as Request<K>);
  expect(await ask("advanceRace", { wanted: WANTED })).toEqual({ reason: "No race is on." });
  const reason = "There are no points to learn from yet. Add some in the picture.";
  expect(await ask("race", { state: state({ data: "own" }), wanted: WANTED })).toEqual({ reason });
  expect((await ask("race", { state: INITIAL, wanted: WANTED })).answer).toMatchObject({
    position: 0,
    points: new Trainer(INITIAL).examples.training?.points,
  });
  const { answer } = await ask("advanceRace", { advance: { steps: 1 }, wanted: WANTED });
  expect(answer?.lanes.map((lane) => ran(lane).step)).toEqual([1, 1, 1]);
});
