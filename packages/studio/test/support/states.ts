/** Any state, for properties. */
import fc from "fast-check";
import {
  ACTIVATIONS,
  CLASS_LOSSES,
  CLASSIFICATION,
  COLUMNS,
  classesOf,
  DRAWN,
  FEATURES,
  HIDEABLE,
  IDEAS,
  INITIALIZERS,
  isRegression,
  MODELS,
  MOST_CLASSES,
  OPTIMIZERS,
  type OwnTable,
  PARTS,
  PLANES,
  REGRESSION,
  REGULARIZERS,
  SCHEDULES,
  SETTINGS,
  type SettingName,
  SPEEDS,
  type State,
  type TableColumn,
  tidyName,
  VALUE_LOSSES,
  weightCount,
} from "../../src/state/index.ts";

/** The limits of a number among the settings. */
function limits(name: SettingName): { least: number; most: number } {
  const { least, most } = SETTINGS[name] as unknown as { least: number; most: number };
  return { least, most };
}
const whole = (name: SettingName) => fc.integer({ min: limits(name).least, max: limits(name).most });
const real = (name: SettingName) =>
  fc
    .double({ min: limits(name).least, max: limits(name).most, noNaN: true })
    // Zero has one sign here, and denormal numbers have no use.
    .map((value) => (Math.abs(value) < 1e-9 ? limits(name).least : value));
const some = <T>(names: readonly T[], minLength: number) => fc.subarray([...names], { minLength });
const coordinate = fc.double({ min: -3, max: 3, noNaN: true }).map((value) => Number(value.toFixed(3)) + 0);

const exactly = (length: number) => ({ minLength: length, maxLength: length });

const independent = fc.record({
  part: fc.constantFrom(...PARTS),
  data: fc.constantFrom(...CLASSIFICATION, ...REGRESSION, "table"),
  classes: whole("classes"),
  points: whole("points"),
  noise: real("noise"),
  dataSeed: whole("dataSeed"),
  testShare: real("testShare"),
  features: some(FEATURES, 1),
  layers: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }),
  activation: fc.constantFrom(...ACTIVATIONS),
  classLoss: fc.constantFrom(...CLASS_LOSSES),
  valueLoss: fc.constantFrom(...VALUE_LOSSES),
  optimizer: fc.constantFrom(...OPTIMIZERS),
  rate: real("rate"),
  momentum: real("momentum"),
  schedule: fc.constantFrom(...SCHEDULES),
  decaySteps: whole("decaySteps"),
  regularizer: fc.constantFrom(...REGULARIZERS),
  penalty: real("penalty"),
  initializer: fc.constantFrom(...INITIALIZERS),
  batch: whole("batch"),
  seed: whole("seed"),
  speed: fc.constantFrom(...SPEEDS),
  showTest: fc.constantFrom("no", "yes"),
  decision: fc.constantFrom("no", "yes"),
  example: fc.oneof(fc.constant("batch"), fc.integer({ min: 1, max: 5200 })),
  cursor: whole("cursor"),
  landscape: fc.constantFrom("closed", "open"),
  plane: fc.constantFrom(...PLANES),
  planeWeights: fc
    .uniqueArray(fc.integer({ min: 0, max: 516 }), { minLength: 2, maxLength: 2 })
    .map(([first = 0, second = 1]) => [first, second] as const),
  planeSeed: whole("planeSeed"),
  stage: real("stage"),
  axes: fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 8 }),
  model: fc.constantFrom(...MODELS),
  lanes: fc.array(
    fc.record(
      {
        optimizer: fc.constantFrom(...OPTIMIZERS),
        rate: real("rate"),
        schedule: fc.constantFrom(...SCHEDULES),
        batch: whole("batch"),
        initializer: fc.constantFrom(...INITIALIZERS),
      },
      { requiredKeys: [] },
    ),
    { minLength: 2, maxLength: 4 },
  ),
  equal: fc.constantFrom("steps", "epochs", "time"),
  lossAxis: fc.constantFrom("log", "linear"),
  hide: some(HIDEABLE, 0),
  idea: fc.constantFrom("none", ...IDEAS),
  ideaStep: whole("ideaStep"),
  truth: fc.constantFrom(2, 3).chain((inputs) => fc.array(fc.integer({ min: 0, max: 1 }), exactly(2 ** inputs))),
  drawn: fc.array(fc.integer({ min: 0, max: 100 }), exactly(DRAWN)).map((heights) => heights.map((h) => h / 100)),
  towers: whole("towers"),
}) as fc.Arbitrary<Omit<State, "own" | "weights" | "table">>;

const name = fc.string({ unit: "binary", maxLength: 12 }).map(tidyName);
const cell = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);
const table = fc
  .record({
    rows: fc.integer({ min: 1, max: 12 }),
    more: fc.integer({ min: 0, max: 3 }),
    words: fc.option(fc.array(name, { minLength: 2, maxLength: MOST_CLASSES })),
  })
  .chain(({ rows, more, words }) => {
    const column = (values: fc.Arbitrary<number>): fc.Arbitrary<TableColumn> =>
      fc.record({
        name,
        values: fc.array(values, { minLength: rows, maxLength: rows }).map((all) => Float64Array.from(all)),
      });
    const target =
      words === null
        ? column(cell)
        : column(fc.integer({ min: 0, max: words.length - 1 })).map((labels) => ({ ...labels, words }));
    return fc.tuple(...Array.from({ length: more + 2 }, () => column(cell)), target).map(
      (columns): OwnTable => ({
        columns,
        x: 0,
        y: 1,
        target: more + 2,
        task: words === null ? "value" : "classes",
        more: Array.from({ length: more }, (_, i) => i + 2),
      }),
    );
  });

/** With a table where there can be one, and points and weights that fit. */
export const arbitraryState: fc.Arbitrary<State> = fc.tuple(independent, fc.option(table)).chain(([settings, own]) => {
  const further = own?.more.length ?? 0;
  const rest = {
    ...settings,
    table: settings.data === "table" ? own : null,
    features:
      settings.data === "table"
        ? [...settings.features, ...COLUMNS.slice(0, further).filter((_, i) => i % 2 === 0)]
        : settings.features,
  };
  const target = isRegression(rest)
    ? fc.constantFrom(-1, -0.25, 0, 1)
    : fc.integer({ min: 0, max: classesOf(rest) - 1 });
  const count = weightCount({ ...rest, own: [], weights: null });
  const weights = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: count, maxLength: count });
  return fc
    .record({ own: fc.array(fc.tuple(coordinate, coordinate, target), { maxLength: 20 }), weights: fc.option(weights) })
    .map((more) => ({ ...rest, ...more }));
});
