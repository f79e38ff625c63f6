/**
 * Diagnostics: what happens inside a model while it is trained. Where the first NaN came from (`detect-nan.ts`).
 */
import "../compile/index.ts";

export { detectNaN, NaNReport, type NonFinite, type StepToCheck, type ValueRange } from "./detect-nan.ts";
