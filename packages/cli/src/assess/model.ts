/** How good a model of rows is on a table that has the target. */
import { numberOf, type Table, type TableModel } from "chainrule/table";
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

/** @throws CellError, DataError for rows that do not fit; Failure for outputs that are no numbers */
export async function assessModel(model: TableModel, table: Table, baseline?: Baseline): Promise<Assessed> {
  const { target } = model;
  const cells = table.column(target.name);
  // Also where numbers are taken as they stand below: it refuses what is none.
  const truth = target.encode(cells).dataSync();
  const { probabilities, values, outputs } = await model.predict(table);
  if (outputs.dataSync().some((value) => !Number.isFinite(value)))
    throw new Failure(
      "The model's outputs are not all finite numbers: its weights are damaged, or the rows hold extreme values.",
    );
  if (values === undefined) {
    const assessment = assessClassification({
      probabilities: (probabilities as readonly Float64Array[]).map((row) => Array.from(row)),
      targets: Array.from(truth),
      classes: target.classes as readonly string[],
      ...(baseline === undefined ? {} : { baseline: baseline.value }),
    });
    return { assessment, points: undefined };
  }
  const targets = Float64Array.from(cells, (cell) => numberOf(cell) as number);
  const assessment = assessRegression({
    predictions: values,
    targets,
    ...(baseline === undefined ? {} : { baseline: baseline.value }),
  });
  return { assessment, points: scatterPoints(values, targets) };
}
