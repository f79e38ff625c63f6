/**
 * `chainrule train`: from a data file to a model file. Here are its arguments; `run.ts` says what happens, step by step, `describe.ts`
 * in which words, `folds.ts` what `--folds` adds, `record.ts` what the model file keeps of it, `report.ts` what the page tells.
 */
import { type Command, Option } from "commander";
import { DATA_FILE, engineOptions, integer, outputOptions } from "../../arguments.ts";
import { rare, withExamples } from "../../help.ts";
import { dataOptions, splitOptions } from "../../prepare/options.ts";
import { recipeOptions } from "../../recipe/options.ts";

export function trainCommand(program: Command): void {
  const command = program
    .command("train")
    .summary("learn to predict a column of a data file")
    .description(
      `Learns to predict a column of a data file, says what it chose and why, and how good it is on rows held back. ${DATA_FILE}`,
    )
    .argument("<data>")
    .requiredOption("--target <column>", "the column to predict")
    .option("--out <file>", "the model file to write", "model.safetensors")
    .option("--report <file>", "write an HTML page that tells all about it")
    .option("--force", "replace files that are there")
    .addOption(
      new Option("--folds <n>", "judge by so many folds, then train on all rows")
        .argParser(integer(2))
        .conflicts("test"),
    );
  const options = [
    ...splitOptions(),
    ...dataOptions(),
    ...recipeOptions(),
    rare(new Option("--checkpoint <folder>", "keep there what a killed training needs to go on")),
    rare(new Option("--resume", "go on from the checkpoint")),
    ...engineOptions().map(rare),
    ...outputOptions(),
  ];
  for (const option of options) command.addOption(option);
  command.allowExcessArguments(false).action(async (data, flags) => (await import("./run.ts")).run(data, flags));
  withExamples(command, ["chainrule train examples/data/iris.csv --target species"]);
}
