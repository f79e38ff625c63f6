/**
 * `chainrule inspect`: what is in a data file, and what will go wrong. Here are its arguments; `run.ts` says what happens, `columns.ts`
 * and `findings.ts` what is told of columns and of the whole.
 */
import { type Command, Option } from "commander";
import { withExamples } from "../../help.ts";
import { dataOptions } from "../../prepare/index.ts";

export function inspectCommand(program: Command): void {
  const command = program
    .command("inspect")
    .summary("look at a data file before training")
    .description(
      "Says what the columns of a data file hold, and what will go wrong in training or make it look better than it is.",
    )
    .argument(
      "<data>",
      "CSV, TSV, JSON Lines, Parquet, .npy, .npz or IDX file, packed by gzip or not; - for standard input",
    )
    .option(
      "--target <column>",
      "the column to predict: then it says what can be learned, and which columns give it away",
    );
  for (const option of dataOptions()) command.addOption(option);
  command
    .addOption(new Option("--json", "print one JSON object on standard output"))
    .allowExcessArguments(false)
    .action(async (data, flags) => (await import("./run.ts")).run(data, flags));
  withExamples(command, ["chainrule inspect examples/data/wine.csv --target cultivar"]);
}
