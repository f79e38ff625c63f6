/** Which parameters a penalty, a decay, a constraint or a group is for. */
import { describeValue } from "../tensor/options.ts";

/** What is known of a parameter besides its value. */
export interface ParameterInfo {
  /** Its dotted name in the model, such as "0.weight". */
  readonly name?: string;
  /** Whether penalties apply to it: true (default) for weights, false for biases. */
  readonly regularize?: boolean;
}

/** Weights (all parameters but biases and the like), all parameters, or those whose names a pattern matches. */
export type Selection = "weights" | "all" | RegExp;

export const selects = (selection: Selection, { name = "", regularize = true }: ParameterInfo): boolean =>
  selection instanceof RegExp ? name.search(selection) >= 0 : selection === "all" || regularize;

/** @throws TypeError unless it is one */
export function checkSelection(where: string, selection: unknown): Selection {
  if (selection === "weights" || selection === "all" || selection instanceof RegExp) return selection;
  throw new TypeError(
    `${where}: parameters must be "weights", "all" or a pattern of names such as /^0\\./; it is ${describeValue(selection)}.`,
  );
}

/** @throws RangeError that lists the parameters, if the selection is a pattern that none of them fits */
export function requireSelected(where: string, selection: Selection, parameters: readonly ParameterInfo[]): void {
  if (!(selection instanceof RegExp) || parameters.some((info) => selects(selection, info))) return;
  throw new RangeError(`${where}: no parameter fits ${String(selection)}; there are ${namesOf(parameters)}.`);
}

/** The names of parameters, for a message. */
export const namesOf = (parameters: readonly ParameterInfo[]): string =>
  parameters.map(({ name }) => `"${name ?? ""}"`).join(", ");
