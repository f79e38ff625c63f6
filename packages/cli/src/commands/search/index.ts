/**
 * `chainrule search`: trains with many settings, and keeps the best. Here are its arguments; `run.ts` says what happens, `trials.ts`
 * how trials are told, in words and as data, `choices.ts` what was decided, `progress.ts` how far it is. Data, model file,
 * assessment and report are those of `train`.
 */
import { type Command, Option } from "commander";
import { engineOptions, integer } from "../../arguments.ts";
import { rare, withExamples } from "../../help.ts";
import { dataOptions, splitOptions } from "../../prepare/index.ts";
import { optionOf, recipeOptions, SEARCHED_NAMES, usualSpace } from "../../recipe/index.ts";

export function searchCommand(program: Command): void {
  const command = program
    .command("search")
    .summary("train with many settings, and keep the best")
    .description(
      "Trains with many settings, compares them on validation data, and writes the best model as train would. The test rows " +
        "are looked at once, in the end.",
    )
    .argument("<data>", "a file that train can read; - for standard input")
    .requiredOption("--target <column>", "the column to predict")
    .option("--trials <n>", "how many settings to draw at random (default: 20)", integer(1))
    .option("--space <setting=values>", "what to try: l2=0.001..0.1 or 'hidden=64|128,64'; repeatable", list)
    .option("--grid", "try all combinations of the lists that --space names")
    .option("--out <file>", "the model file to write", "model.safetensors")
    .option("--report <file>", "write a page that tells all about it")
    .option("--csv <file>", "write all trials as a table")
    .option("--force", "replace files that are there");
  const options = [
    rare(new Option("--folds <n>", "compare by so many folds of the rows").argParser(integer(2))),
    ...[...splitOptions(), ...dataOptions()].map(rare),
    ...recipeOptions().map((option) => (option.long === "--seed" ? option : rare(option))),
    ...engineOptions().map(rare),
    new Option("--json", "print JSON lines on standard output, one for each trial"),
    new Option("--quiet", "print the results only"),
  ];
  for (const option of options) command.addOption(option);
  command.allowExcessArguments(false).action(async (data, flags) => (await import("./run.ts")).run(data, flags));
  const names = SEARCHED_NAMES.map((name) => optionOf(name).slice(2)).join(", ");
  command.addHelpText(
    "after",
    `\nSettings: ${names}.\nWithout --space: ${usualSpace().join(" ")}.\nWhat an option of train settles, such as --l2 0.01, is not searched.`,
  );
  withExamples(command, [
    "chainrule search examples/data/iris.csv --target species --trials 50",
    "chainrule search examples/data/wine.csv --target cultivar --grid --space 'hidden=16|64,32' --space 'l2=0.01|0.1'",
  ]);
}

const list = (text: string, before: readonly string[] = []): string[] => [...before, text];
