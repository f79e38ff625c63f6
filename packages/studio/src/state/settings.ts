/** All settings of the studio, each with its limits. */
import { bits, choice, choices, type Field, floats, integer, list, number, Refusal, several } from "./fields.ts";
import { lanesOf } from "./lanes.ts";
import { EXTENT, MOST_CLASSES, MOST_LAYERS, MOST_MORE, MOST_POINTS, MOST_ROWS, MOST_UNITS } from "./limits.ts";
import type { Point } from "./table.ts";
import { tableField } from "./table-link.ts";

export const CLASSIFICATION = ["circles", "xor", "gaussians", "spirals", "moons", "own"] as const;
export const REGRESSION = ["plane", "ripple"] as const;
/** What the network may see of a place in the picture. */
export const FEATURES = ["x", "y", "xx", "yy", "xy", "sinx", "siny"] as const;
/** Further columns of a table, in their order there. */
export const COLUMNS = ["c1", "c2", "c3", "c4", "c5", "c6"] as const;
export const ACTIVATIONS = ["tanh", "relu", "sigmoid", "linear", "leakyRelu", "elu", "gelu", "silu"] as const;
export const OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton", "lbfgs"] as const;
export const SCHEDULES = ["constant", "inverseTime", "stepDecay", "exponential", "cosine"] as const;
export const REGULARIZERS = ["none", "l1", "l2"] as const;
export const INITIALIZERS = ["glorotUniform", "glorotNormal", "heUniform", "heNormal", "normal", "zeros"] as const;
export const CLASS_LOSSES = ["crossEntropy", "squaredError"] as const;
export const VALUE_LOSSES = ["squaredError", "absoluteError", "huber"] as const;
export const PLANES = ["path", "weights", "random"] as const;
export const SPEEDS = ["step", "epoch", "full"] as const;
/** The parts of the studio. */
export const PARTS = ["playground", "space", "flow", "race", "ideas", "model"] as const;
/** Trained models that come with the studio. */
export const MODELS = ["digits", "iris"] as const;
/** What a lesson may hide of them. */
export const HIDEABLE = ["data", "features", "network", "settings", "curves", "landscape"] as const;

/** The guided pages of the part "ideas", in their order. */
export const IDEAS = [
  "xor",
  "boolean",
  "towers",
  "zeros",
  "saturation",
  "momentum",
  "lasso",
  "overfitting",
  "rate",
  "newton",
] as const;

export type PartName = (typeof PARTS)[number];
export type ModelName = (typeof MODELS)[number];
export type IdeaName = (typeof IDEAS)[number];
export type FeatureName = (typeof FEATURES)[number] | (typeof COLUMNS)[number];

/** At so many places from 0 to 1 the height of a drawn function is kept; between them it is straight. */
export const DRAWN = 33;
/** Those of the largest network: 13 features, 6 layers of 8 units and 5 outputs. */
const MOST_WEIGHTS =
  (FEATURES.length + MOST_MORE + 1) * MOST_UNITS + (MOST_LAYERS - 1) * 9 * MOST_UNITS + 9 * MOST_CLASSES;

/** Newton's method takes some 60 ms for a step of so many. */
export const MOST_WEIGHTS_OF_NEWTON = 200;

const coordinate = number(0, { least: -EXTENT, most: EXTENT });
const target = number(0, { least: -1, most: MOST_CLASSES - 1 });
const point: Omit<Field<Point>, "initial"> = {
  read: (text) => {
    const parts = text.split(",", 4);
    if (parts.length !== 3) throw new Refusal("a point is three numbers, x,y,target");
    const [x, y, value] = parts as [string, string, string];
    return [coordinate.read(x), coordinate.read(y), target.read(value)];
  },
  write: (all) => all.join(","),
};
/** Two units by their numbers from 0, the one across and the one up. */
const pair: Omit<Field<readonly [number, number]>, "initial"> = {
  read: (text) => {
    const parts = text.split("-", 3);
    if (parts.length !== 2) throw new Refusal("the axes of a picture are two units, such as 0-1");
    return parts.map(unit.read) as [number, number];
  },
  write: (units) => units.join("-"),
};
/** Of a layer, or a feature. */
const unit = integer(0, { least: 0, most: FEATURES.length + MOST_MORE - 1 });
const units = integer(4, { least: 1, most: MOST_UNITS });
const example = integer(1, { least: 1, most: MOST_ROWS + MOST_POINTS });
/** A training point, counted from 1, or the batch of the next step. */
const exampleOrBatch: Field<number | "batch"> = {
  ...example,
  read: (text) => (text === "batch" ? text : example.read(text)),
  write: String,
};
const seed = integer(1, { least: 0, most: 999_999 });

/** The places of two weights in the list of all. */
const place = integer(0, { least: 0, most: MOST_WEIGHTS - 1 });
const twoWeights: Field<readonly [number, number]> = {
  initial: [0, 1],
  read: (text) => {
    const [first, second, more] = text.split("-", 3).map(place.read);
    if (first === undefined || second === undefined || more !== undefined || first === second) {
      throw new Refusal("it must be two different weights such as 0-1");
    }
    return [first, second];
  },
  write: (weights) => weights.join("-"),
};
/** One period, between 0.1 and 0.9. */
const SINE = Array.from({ length: DRAWN }, (_, i) => {
  const height = 0.5 + 0.4 * Math.sin((2 * Math.PI * i) / (DRAWN - 1));
  return Math.round(100 * height) / 100;
});

/** What lanes of a race may differ in: the network keeps its shape, so that all can start from the same weights. */
export const RACED = {
  optimizer: choice(OPTIMIZERS, "momentum"),
  rate: number(0.03, { least: 1e-6, most: 10 }),
  momentum: number(0.9, { least: 0.05, most: 0.999 }),
  schedule: choice(SCHEDULES, "constant"),
  /** Steps after which the rate is halved; for the cosine, after which it is 0. */
  decaySteps: integer(1000, { least: 10, most: 100_000 }),
  batch: integer(10, { least: 1, most: 500 }),
  regularizer: choice(REGULARIZERS, "none"),
  penalty: number(0.001, { least: 1e-6, most: 10 }),
  activation: choice(ACTIVATIONS, "tanh"),
  initializer: choice(INITIALIZERS, "glorotUniform"),
};

/** The names are those in links, so they stay. */
export const SETTINGS = {
  /** What is open. */
  part: choice(PARTS, "playground"),
  /** The data set. */
  data: choice([...CLASSIFICATION, ...REGRESSION, "table"], "circles"),
  /** The visitor's table. */
  table: tableField,
  /** Classes, where the data set has a choice. */
  classes: integer(2, { least: 2, most: MOST_CLASSES }),
  points: integer(200, { least: 20, most: 500 }),
  /** The standard deviation of what is added to the coordinates, or to the value in a regression. */
  noise: number(0.1, { least: 0, most: 1 }),
  dataSeed: seed,
  testShare: number(0.3, { least: 0, most: 0.8 }),
  /** Points of the visitor's own, for training. */
  own: several(point, ";", MOST_POINTS, []),
  features: choices([...FEATURES, ...COLUMNS], ["x", "y"], 1),
  /** Units of each hidden layer. */
  layers: several(units, "-", MOST_LAYERS, [4, 4]),
  activation: RACED.activation,
  classLoss: choice(CLASS_LOSSES, "crossEntropy"),
  valueLoss: choice(VALUE_LOSSES, "squaredError"),
  optimizer: RACED.optimizer,
  rate: RACED.rate,
  momentum: RACED.momentum,
  schedule: RACED.schedule,
  decaySteps: RACED.decaySteps,
  regularizer: RACED.regularizer,
  penalty: RACED.penalty,
  initializer: RACED.initializer,
  batch: RACED.batch,
  seed,
  /** Weights to start from, in place of random ones: layer by layer, the matrix by rows and then the biases. */
  weights: floats(MOST_WEIGHTS),
  speed: choice(SPEEDS, "epoch"),
  /** Whether the points of the test set are drawn. */
  showTest: choice(["no", "yes"], "no"),
  /** Whether the surface shows the decision alone. */
  decision: choice(["no", "yes"], "no"),
  /** What the gradient flow goes through. */
  example: exampleOrBatch,
  /** Which of its steps is shown, from 0. */
  cursor: integer(0, { least: 0, most: 999 }),
  /** Whether the loss surface is shown, and which plane of it: that of the path so far, of two weights, or a random one. */
  landscape: choice(["closed", "open"], "closed"),
  plane: choice(PLANES, "path"),
  planeWeights: twoWeights,
  planeSeed: seed,
  /** How far through the layers the space is shown; see `space.ts`. */
  stage: number(0, { least: 0, most: 2 * MOST_LAYERS + 1 }),
  /** The units that are the axes there, for the features and each layer; the first two where nothing is said. */
  axes: several(pair, ",", MOST_LAYERS + 2, []),
  /** The model that is looked into; a file that was opened is not in a link. */
  model: choice(MODELS, "digits"),
  /** What each lane of a race has in place of the settings of all. */
  lanes: lanesOf(RACED, [{ optimizer: "sgd" }, { optimizer: "momentum" }, { optimizer: "adam" }]),
  /** What the lanes of a race get alike. */
  equal: choice(["steps", "epochs", "time"], "steps"),
  /** How the axis of the loss is divided in a race. */
  lossAxis: choice(["log", "linear"], "log"),
  /** Parts of the page that a lesson hides. */
  hide: choices(HIDEABLE, [], 0),
  /** Which idea is open, and which of its steps. */
  idea: choice(["none", ...IDEAS], "none"),
  ideaStep: integer(1, { least: 1, most: 9 }),
  /** The truth table that perceptrons are made for: 2ⁿ results, the first input the highest digit of the row. */
  truth: bits([4, 8], [0, 1, 1, 0]),
  /** The function that towers approximate: its heights. */
  drawn: list(DRAWN, number(0, { least: 0, most: 1 }), SINE),
  /** How many towers there are. */
  towers: integer(8, { least: 1, most: 64 }),
} satisfies Record<string, unknown>;

export type RacedName = keyof typeof RACED;
export type Lane = State["lanes"][number];

export type SettingName = keyof typeof SETTINGS;
/** The whole state of a page. A plain object; two with equal fields train to equal numbers. */
export type State = { readonly [K in SettingName]: (typeof SETTINGS)[K] extends Field<infer T> ? T : never };

export const NAMES = Object.keys(SETTINGS) as SettingName[];

/** A setting whose type is not known where it is used. */
export const fieldOf = (name: SettingName): Field<unknown> => SETTINGS[name] as Field<unknown>;

export const INITIAL = Object.fromEntries(NAMES.map((name) => [name, fieldOf(name).initial])) as State;

/** What is drawn, and not what is computed: a change of these does not begin the training anew. */
const SHOWN: ReadonlySet<SettingName> = new Set([
  "part",
  "speed",
  "showTest",
  "decision",
  "landscape",
  "plane",
  "planeWeights",
  "planeSeed",
  "stage",
  "axes",
  "model",
  "example",
  "cursor",
  "lanes",
  "equal",
  "lossAxis",
  "hide",
  "idea",
  "ideaStep",
  "truth",
  "drawn",
  "towers",
]);

/** Whether a setting says what is drawn only. */
export const isShown = (name: SettingName): boolean => SHOWN.has(name);

/** Settings that say where in the studio a visitor is; going somewhere is not undone. */
export type Place = Pick<State, "part" | "idea" | "ideaStep">;

export const placeOf = ({ part, idea, ideaStep }: State): Place => ({ part, idea, ideaStep });

/** Whether a setting is the same. Tables, which may be large, are compared by being the same. */
const alike = (a: State, b: State, name: SettingName): boolean =>
  a[name] === b[name] || (name !== "table" && fieldOf(name).write(a[name]) === fieldOf(name).write(b[name]));

export const sameState = (a: State, b: State): boolean => NAMES.every((name) => alike(a, b, name));

/** Whether two states train alike. */
export const trainsAlike = (a: State, b: State): boolean => NAMES.every((name) => isShown(name) || alike(a, b, name));
