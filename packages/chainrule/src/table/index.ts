/**
 * Tables as files have them, with words, dates and gaps, and models that predict from their rows. A table (`table.ts`) has
 * cells (`cells.ts`, `dates.ts`); `columns.ts` finds out what they are by the rules in `kinds.ts`; `encoder.ts` makes
 * features of them (`encoders/`) and `target.ts` targets; `model.ts` puts both around a network, and `importance.ts` asks
 * which columns it needs. Nothing here knows a file format, and what is a data set of numbers already belongs to `data/`.
 */
import "../compile/index.ts";
import { register } from "../nn/index.ts";
import { buildTableModel, TableModel } from "./model.ts";

register(TableModel.type, buildTableModel);

export { CellError, isMissing, numberOf } from "./cells.ts";
export { type ColumnInfo, type InferOptions, inferColumns } from "./columns.ts";
export {
  type Encoded,
  type EncoderOptions,
  type EncodingNote,
  type Feature,
  TableEncoder,
} from "./encoder.ts";
export type { CellNote, ColumnEncoder, Imputation } from "./encoders/index.ts";
export {
  type ColumnImportance,
  type ImportanceOptions,
  type PermutationImportance,
  permutationImportance,
} from "./importance.ts";
export type { ColumnKind, OddCells } from "./kinds.ts";
export { TableModel, type TableModelParts, type TablePrediction, type TablePredictOptions } from "./model.ts";
export { columnNumbers } from "./numbers.ts";
export type { DateFormat } from "./standalone/dates.ts";
export { type Cell, type Row, Table } from "./table.ts";
export { type Decoded, TargetEncoder, type TargetOptions } from "./target.ts";
export { inferTask, type TargetTask, type TaskChoice } from "./target-task.ts";
