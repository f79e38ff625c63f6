/**
 * What a model of rows does with a row, outside of its network: how cells are read (`cells.ts`, `dates.ts`), what features are
 * made of them (`writers.ts`), and classes of outputs (`classes.ts`). The encoders apply these functions, and code that is
 * exported holds their text, so that both give the same bits. Therefore they import nothing but each other and two files like
 * them, data/words.ts and metrics/logits.ts; a declaration begins after a blank line, and no two have the same name.
 */
export { areBooleans, booleanOf, type Cell, isMissing, numberOf, textOf } from "./cells.ts";
export { classProbabilities, likeliest } from "./classes.ts";
export { DATE_FORMATS, type DateFormat, daysOf } from "./dates.ts";
export {
  booleanWriter,
  type CellNote,
  type Cycle,
  categoryWriter,
  dateReader,
  dateWriter,
  numberWriter,
  PERIODS,
  phaseOf,
  type QuantitySpec,
  type Writer,
} from "./writers.ts";
