/** What follows from the settings: the task, the classes, the network's shape; and what keeps a state consistent. */
import { Refusal } from "./fields.ts";
import {
  COLUMNS,
  FEATURES,
  type FeatureName,
  INITIAL,
  type Lane,
  REGRESSION,
  SETTINGS,
  type State,
  trainsAlike,
} from "./settings.ts";
import { classNames, type OwnTable, type Point } from "./table.ts";

/** The methods that find the length of each step themselves. */
export const searchesLines = (optimizer: State["optimizer"]): optimizer is "newton" | "lbfgs" =>
  optimizer === "newton" || optimizer === "lbfgs";

/** Whether every step sees all examples, and finds its own length: there are no batches, no rate and no schedule. */
export const isFullBatch = ({ optimizer }: Pick<State, "optimizer">): boolean => searchesLines(optimizer);

/** What says which data there are. */
type Data = Pick<State, "data"> & Partial<Pick<State, "table">>;

/** The visitor's table, where it is what is learned from. */
export const tableOf = ({ data, table }: Data): OwnTable | undefined =>
  data === "table" ? (table ?? undefined) : undefined;

export const isRegression = (state: Data): boolean =>
  (REGRESSION as readonly string[]).includes(state.data) || tableOf(state)?.task === "value";

/** The settings of a lane of a race. */
export const laneState = (state: State, lane: Lane): State => change(state, lane);

/** Whether two states run the same race. */
export const racesAlike = (a: State, b: State): boolean =>
  trainsAlike(a, b) && a.equal === b.equal && SETTINGS.lanes.write(a.lanes) === SETTINGS.lanes.write(b.lanes);

/** Whether the number of classes is the visitor's choice. */
export const choosesClasses = ({ data }: Pick<State, "data">): boolean =>
  data === "spirals" || data === "gaussians" || data === "own";

export function classesOf(state: Data & Pick<State, "classes">): number {
  const table = tableOf(state);
  if (table !== undefined) return Math.max(2, classNames(table)?.length ?? 0);
  return choosesClasses(state) ? state.classes : 2;
}

/** What a class is called. */
export function classNamed(state: Data, label: number): string {
  const table = tableOf(state);
  return (table && classNames(table)?.[label]) ?? `class ${label}`;
}

/** The features that there are for the data, chosen or not. */
export const featuresOf = (state: Data): FeatureName[] => [
  ...FEATURES,
  ...COLUMNS.slice(0, tableOf(state)?.more.length ?? 0),
];

/** The column of the table that a feature is; undefined for what is computed of x and y, and without a table. */
export function columnOfFeature(state: Data, name: FeatureName): string | undefined {
  const table = tableOf(state);
  if (table === undefined) return undefined;
  const at = name === "x" || name === "y" ? table[name] : table.more[(COLUMNS as readonly string[]).indexOf(name)];
  return at === undefined ? undefined : table.columns[at]?.name;
}

/** Two classes need one output, the logit of the second. */
export function outputsOf(state: Data & Pick<State, "classes">): number {
  const classes = classesOf(state);
  return isRegression(state) || classes === 2 ? 1 : classes;
}

/** The widths of all layers: features, hidden layers, outputs. */
export const widthsOf = (state: State): number[] => [state.features.length, ...state.layers, outputsOf(state)];

/** Whether two networks have the same units and inputs, so that the weights of one fit the other. */
export const sameNetwork = (a: State, b: State): boolean =>
  widthsOf(a).join() === widthsOf(b).join() && a.features.join() === b.features.join();

/** The number of weights and biases. */
export const weightCount = (state: State): number =>
  widthsOf(state).reduce((sum, width, i, widths) => (i === 0 ? 0 : sum + ((widths[i - 1] as number) + 1) * width), 0);

/** The two weights that are axes of the loss surface; for a network without them, the first two. */
export function planeWeightsOf(state: State): readonly [number, number] {
  return Math.max(...state.planeWeights) < weightCount(state) ? state.planeWeights : [0, 1];
}

/** The place of a weight in the list of all. @param from −1 for the bias */
export function weightIndex(widths: readonly number[], layer: number, from: number, to: number): number {
  const before = widths.slice(0, layer).reduce((sum, width, i) => sum + (width + 1) * (widths[i + 1] as number), 0);
  const [inputs, outputs] = widths.slice(layer, layer + 2) as [number, number];
  return before + (from < 0 ? inputs : from) * outputs + to;
}

const fits = (state: State, [, , target]: Point): boolean =>
  isRegression(state) ? Math.abs(target) <= 1 : Number.isInteger(target) && target >= 0 && target < classesOf(state);

/** Says why settings that are valid one by one are not together. @throws Refusal */
export function requireConsistent(state: State): void {
  if (!state.own.every((each) => fits(state, each))) {
    const targets = isRegression(state) ? "values from -1 to 1" : `classes from 0 to ${classesOf(state) - 1}`;
    throw new Refusal(`own: the points of ${state.data} have ${targets}`);
  }
  const missing = state.features.find((name) => !featuresOf(state).includes(name));
  if (missing !== undefined) throw new Refusal(`features: the data have no further column ${missing}`);
  const { weights } = state;
  if (weights !== null && weights.length !== weightCount(state)) {
    throw new Refusal(`weights: there are ${weights.length}, and this network has ${weightCount(state)}`);
  }
}

/** A state with some settings changed, without what no longer fits to them. */
export function change(state: State, changes: Partial<State>): State {
  const wanted = { ...state, ...changes };
  const features = wanted.features.filter((name) => featuresOf(wanted).includes(name));
  const next = {
    ...wanted,
    features:
      features.length === 0 ? INITIAL.features : features.length < wanted.features.length ? features : wanted.features,
  };
  const own = next.own.filter((each) => fits(next, each));
  const weights = changes.weights !== undefined || sameNetwork(next, state) ? next.weights : null;
  return { ...next, own: own.length === next.own.length ? next.own : own, weights };
}
