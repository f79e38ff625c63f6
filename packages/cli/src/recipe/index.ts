/**
 * The recipe: from encoded numbers to a trained network (`train.ts`), with what is chosen by rule in `plan.ts` and the rest on
 * rows held back (`rows.ts`). A network with its compiled steps is in `trainer.ts`, one training of it in `run.ts`, what
 * survives an interruption in `journal.ts`. `folds.ts` cross-validates all of it, `search.ts` looks for better settings, and
 * `start.ts` says what training begins with.
 */
export { type FoldControl, type FoldNumbers, type FoldResult, type FoldScores, foldScores } from "./folds.ts";
export { ACTIVATION_NAMES, type ActivationName, OPTIMIZER_NAMES, type OptimizerName } from "./names.ts";
export { type RecipeFlags, recipeOptions, requireUsed, settingsOf } from "./options.ts";
export { foldsOf, holdBack, range, SPLIT_STRATEGIES, type SplitStrategy, type Splitting } from "./rows.ts";
export { type Scores, scoreName, scoresOf } from "./scores.ts";
export {
  MIDDLING,
  type SearchControl,
  type Searched,
  type SearchOptions,
  type SearchRow,
  searchNetworks,
  type TrialNumber,
} from "./search.ts";
export {
  optionOf,
  type Range,
  SEARCHED_NAMES,
  type SearchedSettings,
  type SearchSpace,
  searchSpace,
} from "./space.ts";
export { type Start, startOf } from "./start.ts";
export { trainNetwork } from "./train.ts";
export type * from "./types.ts";
export type { SearchedName } from "./usual-space.ts";
