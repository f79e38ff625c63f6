/**
 * `chainrule eval`: how good a model is on rows whose target is known. Here are its arguments; `run.ts` says what happens,
 * `mistakes.ts` which rows it was most wrong about.
 */
import { type Command, Option } from "commander";
import { engineOptions, integer, thresholdOption } from "../../arguments.ts";
import { readOptions } from "../../files/options.ts";
import { rare, withExamples } from "../../help.ts";

export function evalCommand(program: Command): void {
  const command = program
    .command("eval")
    .summary("measure a model on rows with the target")
    .description(
      "Says how good a model is on rows whose target is known: metrics, confusion matrix or residuals, calibration.",
    )
    .argument("<model>", "model file that chainrule train has written")
    .argument("<data>", "CSV, TSV, JSON Lines, Parquet … file; - for standard input");
  const options = [
    new Option("--mistakes <n>", "show so many of the rows that it is most wrong about")
      .argParser(integer(0))
      .default(0),
    thresholdOption(),
    ...readOptions().map(rare),
    ...engineOptions().map(rare),
    new Option("--json", "print one JSON object on standard output, all else on standard error"),
    new Option("--quiet", "print the answer only"),
  ];
  for (const option of options) command.addOption(option);
  command
    .allowExcessArguments(false)
    .action(async (model, data, flags) => (await import("./run.ts")).run(model, data, flags));
  withExamples(command, [
    "chainrule train examples/data/iris.csv --target species",
    "chainrule eval model.safetensors examples/data/iris.csv --mistakes 3",
  ]);
}
