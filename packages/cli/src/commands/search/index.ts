/**
 * `chainrule search`: trains with many settings, and keeps the best. Here are its arguments; `run.ts` says what happens, `trials.ts`
 * how trials are told, in words and as data, `choices.ts` what was decided, `progress.ts` how far it is. Data, model file,
 * assessment and report are those of `train`.
 */
import { type Command, Option } from "commander";
import { DATA_FILE, engineOptions, integer, outputOptions } from "../../arguments.ts";
import { rare, withExamples } from "../../help.ts";
import { dataOptions, splitOptions } from "../../prepare/options.ts";
import { recipeOptions } from "../../recipe/options.ts";
import { usualSpace } from "../../recipe/usual-space.ts";

export function searchCommand(program: Command): void {
  const command = program
    .command("search")
    .summary("train with many settings, and keep the best")
    .description(
      "Trains with many settings, compares them on validation data, and writes the best model as train would. Settings " +
        "that options of train tell, such as --l2 0.01, are not searched.",
    )
    .argument("<data>")
    .requiredOption("--target <column>", "the column to predict")
    .option("--trials <n>", "settings to draw at random (default: 20)", integer(1))
    .option("--space <values>", "what to try: l2=0.001..0.1 or 'hidden=64|128,64'", list)
    .option("--grid", "try all combinations of the lists of --space")
    .option("--out <file>", "the model file to write", "model.safetensors")
    .option("--report <file>", "write an HTML page that tells all about it")
    .option("--csv <file>", "write all trials")
    .option("--force", "replace files that are there");
  const options = [
    rare(
      new Option("--folds <n>", "compare by so many folds of the rows that are not for the test").argParser(integer(2)),
    ),
    ...[...splitOptions(), ...dataOptions()].map(rare),
    ...recipeOptions().map((option) => (option.long === "--seed" ? option : rare(option))),
    ...engineOptions().map(rare),
    ...outputOptions(),
  ];
  for (const option of options) command.addOption(option);
  command.allowExcessArguments(false).action(async (data, flags) => (await import("./run.ts")).run(data, flags));
  // Only with all options: it would not fit a screen.
  command.addHelpText("after", () => (command.options.some(({ hidden }) => hidden) ? "" : SPACE));
  withExamples(command, [
    "chainrule search examples/data/iris.csv --target species --trials 50",
    "chainrule search examples/data/wine.csv --target cultivar --space l2=0.01..1",
  ]);
}

const SPACE = `
${DATA_FILE}

What is tried without --space:
${usualSpace()
  .map((values) => `  ${values}`)
  .join("\n")}
--space can be given for several settings, also for activation and optimizer, as
in --space 'activation=relu|tanh'; then these are searched and no others. Ranges
of learning-rate and l2 are drawn from by ratios.`;

const list = (text: string, before: readonly string[] = []): string[] => [...before, text];
