/**
 * Data for training: examples with their targets (`dataset.ts`), splits, preprocessing, and readers of file formats.
 * All of it works on the host, before training, and nothing here knows a model.
 */
import "../compile/index.ts";

export { type BatchesOptions, batches } from "./batches.ts";
export {
  type Cells,
  type CheckDataOptions,
  checkData,
  type DataReport,
  type Finding,
  type FindingKind,
} from "./check.ts";
export { type CSVData, type CSVOptions, type CSVRow, fromCSV, parseCSV, parseCSVRows } from "./csv.ts";
export { Dataset, type DatasetLike, dataset, type Values } from "./dataset.ts";
export { DataError } from "./errors.ts";
export { type FoldIndices, type FoldOptions, foldIndices } from "./folds.ts";
export { type IDXArray, parseIDX } from "./idx.ts";
export { oneHot } from "./one-hot.ts";
export {
  type FractionOptions,
  type FractionsOptions,
  type SplitOptions,
  type SplitStrategy,
  split,
  splitIndices,
} from "./split.ts";
export { Standardizer, type StandardizerJSON, standardize } from "./standardize.ts";
