/** What a search decided, beside what every training run decides. */
import { type Choice, MIDDLING, optionOf, SEARCHED_NAMES, type SearchedName } from "../../recipe/index.ts";
import { count } from "../../render/format.ts";
import type { Search, TrainingFlags } from "../train/training.ts";

/** The choices of the winner's training: to it, everything that the search gave it was told. */
export function searchedChoices(choices: readonly Choice[], search: Search, flags: TrainingFlags): Choice[] {
  const { method, rows, best, space } = search;
  const searched = new Map<string, SearchedName>(SEARCHED_NAMES.map((name) => [optionOf(name), name]));
  const compared = rows.filter(({ failure }) => failure === undefined).length;
  return [
    {
      name: "search",
      value: method === "grid" ? `${count(rows.length, "combination")}` : `${count(rows.length, "random trial")}`,
      reason: "each with a seed that follows from --seed and its number",
      option: method === "grid" ? "--grid" : "--trials",
    },
    {
      name: "best",
      value: `trial ${best.trial}, seed ${best.seed}`,
      reason: `the lowest validation loss of ${count(compared, "trial")}`,
      option: "--trials",
    },
    ...choices.map((choice) => {
      const name = searched.get(choice.option);
      if (name === undefined || flags[name] !== undefined) return choice;
      if (space[name] !== undefined)
        return { ...choice, reason: `of the best trial; searched in ${space[name].text.replaceAll("|", " | ")}` };
      return name in MIDDLING ? { ...choice, reason: "usual where it is not searched" } : choice;
    }),
  ];
}
