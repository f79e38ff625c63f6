/**
 * A model file and a data file that it is applied to, for `eval` and `predict`: the model with its training record
 * (`model-file.ts`), whether the data fits it (`columns.ts`), predictions batch by batch (`apply.ts`), what was strange about the
 * rows (`notes.ts`), and from which probability on a class is predicted (`threshold.ts`).
 */
export { Application, type AppliedBatch, type ApplyOptions } from "./apply.ts";
export { requireColumns, requireTarget } from "./columns.ts";
export { type ModelFile, openModel, type TrainingData } from "./model-file.ts";
export { describeNotes, type RowNote } from "./notes.ts";
export { describeThreshold, requireTwoClasses } from "./threshold.ts";
