/**
 * `chainrule predict`: the rows of a file with what a model says of them. Here are its arguments; `run.ts` says what happens,
 * `columns.ts` which columns are written, `formats.ts` how.
 */
import { type Command, Option } from "commander";
import { engineOptions, thresholdOption } from "../../arguments.ts";
import { readOptions } from "../../files/options.ts";
import { rare, withExamples } from "../../help.ts";
import { OUTPUT_FORMATS } from "./formats.ts";

export function predictCommand(program: Command): void {
  const command = program
    .command("predict")
    .summary("write rows with predictions beside them")
    .description("Writes the rows of a file, which may be larger than memory, with predictions.")
    .argument("<model>", "model file that chainrule train has written")
    .argument("<data>", "CSV, TSV, JSON Lines, Parquet … file; - for standard input")
    .option("--out <file>", "write a file instead of standard output");
  const options = [
    new Option("--to <format>", "of what is written, if --out does not tell").choices(OUTPUT_FORMATS),
    new Option("--force", "replace a file that is there"),
    new Option("--only-predictions", "leave out the columns of the file"),
    new Option("--no-probabilities", "leave out the probabilities of the classes"),
    thresholdOption(),
    ...readOptions().map(rare),
    ...engineOptions().map(rare),
    new Option("--quiet", "say nothing on standard error"),
  ];
  for (const option of options) command.addOption(option);
  command
    .allowExcessArguments(false)
    .action(async (model, data, flags) => (await import("./run.ts")).run(model, data, flags));
  withExamples(command, [
    "chainrule train examples/data/iris.csv --target species",
    "chainrule predict model.safetensors examples/data/iris.csv --out out.csv",
  ]);
}
