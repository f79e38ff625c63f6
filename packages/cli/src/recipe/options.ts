/** The options of all commands that train a network. */
import { InvalidArgumentError, Option } from "commander";
import { integer, nonNegative, positive, share, sizes } from "../arguments.ts";
import { Failure } from "../failure.ts";
import { rare } from "../help.ts";
import { ACTIVATION_NAMES, OPTIMIZER_NAMES } from "./names.ts";
import type { Settings, Task } from "./types.ts";

/** In the names that commander gives to the options of `recipeOptions`, which are those of the settings. */
export type RecipeFlags = Omit<Settings, "splitSeed" | "folds">;

export const recipeOptions = (): Option[] => [
  new Option("--hidden <sizes>", "hidden units, such as 64,32; none: a linear model").argParser(hidden),
  rare(new Option("--l2 <strength>", "penalty on large weights").argParser(nonNegative)),
  rare(new Option("--learning-rate <rate>", "step size at the start; it falls to 0").argParser(positive)),
  new Option("--epochs <n>", "times to go through the rows, at most").argParser(integer(1)),
  rare(new Option("--activation <name>", "of the hidden units").choices(ACTIVATION_NAMES)),
  rare(new Option("--optimizer <name>", "how steps follow from gradients").choices(OPTIMIZER_NAMES)),
  rare(new Option("--dropout <share>", "share of the hidden units that each step leaves out").argParser(share)),
  rare(new Option("--batch-size <n>", "rows in one step").argParser(integer(1))),
  rare(new Option("--patience <n>", "end after so many epochs without a better validation loss").argParser(integer(1))),
  rare(new Option("--validation <share>", "share of the rows to choose by; 0 for none").argParser(share)),
  rare(new Option("--balanced", "let all classes weigh the same, however many rows they have")),
  rare(new Option("--no-balanced", "let all rows weigh the same, as they do unless told")),
  rare(new Option("--refit", "train once more on all rows when all is chosen")),
  rare(new Option("--no-refit", "keep the network of the best epoch")),
  new Option("--seed <n>", "decides everything random").argParser(integer(0)).default(0),
];

/** What the user has decided, out of all options of a command. */
export function settingsOf(flags: RecipeFlags): Settings {
  const { seed, ...rest } = flags;
  const names = [
    ...(["hidden", "activation", "optimizer", "learningRate", "l2", "dropout", "batchSize", "epochs"] as const),
    ...(["patience", "balanced", "validation", "split", "refit"] as const),
  ];
  return {
    seed,
    ...Object.fromEntries(names.flatMap((name) => (rest[name] === undefined ? [] : [[name, rest[name]]]))),
  };
}

/** @throws Failure for an option that another one, or the task, leaves without effect */
export function requireUsed(
  { hidden, activation, dropout, validation, patience, balanced }: RecipeFlags,
  task: Task,
): void {
  const linear = hidden?.length === 0;
  if (linear && activation !== undefined)
    throw new Failure("--activation is that of hidden units, and --hidden none asks for none. Leave one of them out.");
  if (linear && dropout !== undefined)
    throw new Failure("--dropout leaves hidden units out, and --hidden none asks for none. Leave one of them out.");
  if (validation === 0 && patience !== undefined)
    throw new Failure(
      "--patience waits for a better validation loss, and --validation 0 asks for none. Leave one out.",
    );
  if (balanced === true && task === "regression")
    throw new Failure(
      "--balanced weighs classes, and the target holds numbers. Leave it out, or take --task classification.",
    );
}

function hidden(text: string): number[] {
  if (text === "none") return [];
  try {
    return sizes(text);
  } catch {
    throw new InvalidArgumentError("It must be integers ≥ 1 separated by commas, such as 64,32, or none.");
  }
}
