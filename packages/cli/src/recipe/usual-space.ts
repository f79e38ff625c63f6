/** What a search tries where nothing is written; it is in the help, so nothing of the library is loaded for it. */

/** Of each setting that can be searched: its option, and its usual values as `searchSpace` reads them. */
export const USUAL_VALUES = {
  learningRate: { option: "learning-rate", usual: "0.001..0.03" },
  hidden: { option: "hidden", usual: "32|64|128|256|64,32|128,64|256,128" },
  l2: { option: "l2", usual: "0.0001..0.3" },
  dropout: { option: "dropout", usual: "0|0.1|0.2|0.4" },
  batchSize: { option: "batch-size", usual: "16|32|64|128" },
  activation: { option: "activation", usual: "relu|tanh|gelu" },
  optimizer: { option: "optimizer", usual: "adam" },
} as const;

export type SearchedName = keyof typeof USUAL_VALUES;

/** What is searched where nothing is written. */
export const USUAL = [
  "learningRate",
  "hidden",
  "l2",
  "dropout",
  "batchSize",
] as const satisfies readonly SearchedName[];

/** The same as `searchSpace` reads it: "l2=0.0001..0.3". */
export const usualSpace = (): string[] =>
  USUAL.map((name) => `${USUAL_VALUES[name].option}=${USUAL_VALUES[name].usual}`);
