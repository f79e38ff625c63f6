/**
 * `chainrule inspect`: what is in a data file, and what will go wrong. Here are its arguments; `run.ts` says what happens, `columns.ts`
 * and `findings.ts` what is told of columns and of the whole.
 */
import type { Command } from "commander";
import { DATA_FILE, outputOptions } from "../../arguments.ts";
import { withExamples } from "../../help.ts";
import { dataOptions } from "../../prepare/options.ts";

export function inspectCommand(program: Command): void {
  const command = program
    .command("inspect")
    .summary("look at a data file before training")
    .description(
      `Says what the columns of a data file hold, and what will go wrong in training or make it look better than it is. ${DATA_FILE}`,
    )
    .argument("<data>")
    .option("--target <column>", "the column to predict: what can be learned of it?");
  for (const option of [...dataOptions(), ...outputOptions()]) command.addOption(option);
  command.allowExcessArguments(false).action(async (data, flags) => (await import("./run.ts")).run(data, flags));
  withExamples(command, ["chainrule inspect examples/data/wine.csv --target cultivar"]);
}
