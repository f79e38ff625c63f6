/** What the verdicts of a gradient check mean. */
import type { CheckVerdict } from "../../engine/index.ts";

export const VERDICT: Readonly<Record<CheckVerdict, { readonly name: string; readonly text: string }>> = {
  right: { name: "They agree.", text: "Back-propagation gives the derivative that the loss itself shows." },
  kink: {
    name: "A kink.",
    text: "The loss has one slope to the left of this weight and another to the right, as ReLU has at 0. Every value between the two is as good, so this is no mistake.",
  },
  jump: { name: "A jump.", text: "The loss jumps at this weight, so that differences say nothing about a slope." },
  unresolved: {
    name: "Not to be told.",
    text: "Nothing speaks against back-propagation, but the differences are too coarse to confirm it.",
  },
  wrong: {
    name: "They do not agree.",
    text: "The difference is larger than the errors of differences can be: this would be a mistake in back-propagation.",
  },
};

/** Of many points a check takes some. */
export const pointsOf = (count: number, of: number): string =>
  count < of
    ? `${count} of the ${of.toLocaleString("en")} training points, evenly chosen so that it does not take long`
    : "all training points";
