/**
 * `chainrule lr-find`: which learning rate suits a table. Here are its arguments; `run.ts` says what happens, `chart.ts` draws the
 * curve, `describe.ts` says what follows from it.
 */
import { type Command, Option } from "commander";
import { engineOptions, integer, positive } from "../../arguments.ts";
import { rare, withExamples } from "../../help.ts";
import { dataOptions, splitOptions } from "../../prepare/options.ts";
import { recipeOptions } from "../../recipe/options.ts";

/** Of no use here: they decide how long is trained, and what becomes of it. */
const IDLE = ["--epochs", "--patience", "--refit", "--no-refit"];

export function lrFindCommand(program: Command): void {
  const command = program
    .command("lr-find")
    .summary("find a learning rate")
    .description(
      "Raises the learning rate step by step on the network that train would begin with, and suggests rates by the curve of the loss.",
    )
    .argument("<data>", "a file that train can read; - for standard input")
    .requiredOption("--target <column>", "the column to predict");
  const recipe = recipeOptions().filter(({ long }) => !IDLE.includes(long as string));
  const options = [
    new Option("--steps <n>", "steps, each at a higher rate").argParser(integer(10)).default(100),
    new Option("--from <rate>", "the lowest rate").argParser(positive).default(1e-6, "1e-6"),
    new Option("--to <rate>", "the highest rate").argParser(positive).default(10),
    new Option("--out <file>", "write the curve as CSV"),
    new Option("--force", "replace a file that is there"),
    ...recipe.map((option) => (option.long === "--seed" || option.long === "--hidden" ? option : rare(option))),
    ...[...dataOptions(), ...splitOptions(), ...engineOptions()].map(rare),
    new Option("--json", "print one JSON object on standard output"),
    new Option("--quiet", "print the rates only"),
  ];
  for (const option of options) command.addOption(option);
  command.allowExcessArguments(false).action(async (data, flags) => (await import("./run.ts")).run(data, flags));
  withExamples(command, ["chainrule lr-find examples/data/wine.csv --target cultivar"]);
}
