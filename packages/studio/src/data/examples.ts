/** A state's data as training and test examples. */
import { type Tensor, tensor } from "chainrule";
import { splitIndices } from "chainrule/data";
import { isRegression, outputsOf, type Point, type State, tableOf, usedRows } from "../state/index.ts";
import { type Example, inputsOf } from "./features.ts";
import { drawSet } from "./sets.ts";

/** Examples for the network. */
export interface Part {
  /** [n, features] */
  readonly x: Tensor;
  /** [n, 1], float: values, or the class for two classes; else int32 [n], the class. */
  readonly y: Tensor;
  readonly points: readonly Point[];
  /** The further columns of a table in each example, in their order there; none in points that were added. */
  readonly more: readonly (readonly number[])[];
  /** The place of each in the data set; −1 for a point that was added. */
  readonly rows: readonly number[];
}

export interface Examples {
  /** Undefined if there is no point. */
  readonly training: Part | undefined;
  readonly test: Part | undefined;
}

/** The points that the visitor added are for training. They have the mean in further columns of a table. */
export function examplesOf(state: State): Examples {
  const table = tableOf(state);
  const more = table && usedRows(table).more;
  const drawn = drawSet(state).map((point, i): Example => ({ point, more: more?.[i] ?? [], row: i }));
  const [training, test] = divide(state, drawn);
  const added = state.own.map((point): Example => ({ point, more: [], row: -1 }));
  return { training: partOf(state, [...training, ...added]), test: partOf(state, test) };
}

/** Why there is nothing to learn from, and what to do. */
export function whyNone(state: State): string {
  const table = tableOf(state);
  if (state.data !== "table") return "There are no points to learn from yet. Add some in the picture.";
  if (table === undefined) return "There is no table yet. Paste one, drop a file or open one under “Your own table”.";
  return "No row of the table has a value in all of the chosen columns. Choose other columns under “Your own table”.";
}

function divide(
  { testShare, dataSeed }: State,
  examples: readonly Example[],
): [training: readonly Example[], test: readonly Example[]] {
  if (testShare === 0 || examples.length < 2) return [examples, []];
  // With 20 points a small share may be less than one of them.
  const fraction = Math.max(testShare, 1 / examples.length);
  const targets = tensor(examples.map(({ point: [, , target] }) => target));
  const parts = splitIndices(targets, { fraction, seed: dataSeed });
  return parts.map((indices) => Array.from(indices, (i) => examples[i] as Example)) as [Example[], Example[]];
}

function partOf(state: State, examples: readonly Example[]): Part | undefined {
  if (examples.length === 0) return undefined;
  const points = examples.map(({ point }) => point);
  const targets = points.map(([, , target]) => target);
  const single = isRegression(state) || outputsOf(state) === 1;
  const y = single
    ? tensor(Float32Array.from(targets), { shape: [targets.length, 1] })
    : tensor(targets, { dtype: "int32" });
  return {
    x: inputsOf(examples, state.features),
    y,
    points,
    more: examples.map(({ more }) => more),
    rows: examples.map(({ row }) => row),
  };
}
