/** How good a model of rows is on rows that have the target, all at once or batch by batch. */
import { type Tensor, tensor } from "chainrule";
import {
  type Cell,
  numberOf,
  type Table,
  type TableModel,
  type TablePrediction,
  type TargetEncoder,
} from "chainrule/table";
import { Failure } from "../failure.ts";
import { assessClassification, type ClassificationAssessment } from "./classification.ts";
import { assessRegression, type Point, type RegressionAssessment, scatterPoints } from "./regression.ts";

/** What someone would say who knows nothing, by the rows trained on. */
export interface Baseline {
  /** The most frequent class, by number, or the mean. */
  readonly value: number;
}

/** What a model says about rows, and how good it is. */
export interface Assessed {
  readonly assessment: ClassificationAssessment | RegressionAssessment;
  /** True and predicted values, of a regression. */
  readonly points: readonly Point[] | undefined;
}

export interface AssessOptions {
  readonly baseline?: Baseline | undefined;
  /** Of two classes the second is predicted where its probability is above it; default 0.5. */
  readonly threshold?: number | undefined;
  /** How many of the worst mistakes to tell; default 10. */
  readonly mistakes?: number | undefined;
}

/**
 * What a model said about rows and what was true. Of each row it keeps the probabilities of all classes and the class, or both
 * values: 8 bytes a number. The rows themselves are not kept.
 */
export class Predictions {
  readonly #target: TargetEncoder;
  readonly #said: Float64Array[] = [];
  readonly #truth: Float64Array[] = [];
  /** How many rows there are. */
  rows = 0;

  constructor(target: TargetEncoder) {
    this.#target = target;
  }

  /**
   * @param cells the target's column of the same rows
   * @returns what was true: numbers of classes, or values
   * @throws CellError for a target that does not fit; Failure for outputs that are no numbers
   */
  add({ probabilities, values, outputs }: TablePrediction, cells: readonly Cell[]): Float64Array {
    // Also where numbers are taken as they stand below: it refuses what is none.
    const encoded = this.#target.encode(cells).dataSync();
    requireFiniteOutputs(outputs);
    const truth =
      values === undefined ? Float64Array.from(encoded) : Float64Array.from(cells, (cell) => numberOf(cell) as number);
    this.#said.push(values ?? joined(probabilities as readonly Float64Array[]));
    this.#truth.push(truth);
    this.rows += cells.length;
    return truth;
  }

  assess({ baseline, threshold, mistakes }: AssessOptions = {}): Assessed {
    const options = {
      ...(baseline === undefined ? {} : { baseline: baseline.value }),
      ...(mistakes === undefined ? {} : { mistakes }),
    };
    const [said, targets] = [joined(this.#said), joined(this.#truth)];
    const { classes } = this.#target;
    if (classes === undefined)
      return {
        assessment: assessRegression({ predictions: said, targets, ...options }),
        points: scatterPoints(said, targets),
      };
    const probabilities = tensor(said).reshape([this.rows, classes.length]);
    const cut = threshold === undefined ? {} : { threshold };
    return {
      assessment: assessClassification({ probabilities, targets, classes, ...cut, ...options }),
      points: undefined,
    };
  }
}

/** @throws CellError, DataError for rows that do not fit; Failure for outputs that are no numbers */
export async function assessModel(model: TableModel, table: Table, baseline?: Baseline): Promise<Assessed> {
  const all = new Predictions(model.target);
  all.add(await model.predict(table), table.column(model.target.name));
  return all.assess({ baseline });
}

/**
 * @param outputs [rows, outputs]
 * @param place of a row, for the message
 * @throws Failure
 */
export function requireFiniteOutputs(outputs: Tensor, place = (row: number): string => `row ${row + 1}`): void {
  const at = outputs.dataSync().findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new Failure(
    `The model's outputs for ${place(Math.floor(at / (outputs.shape[1] ?? 1)))} are not all finite numbers: its weights are damaged, ` +
      "or the row holds extreme values.",
  );
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
