/**
 * `chainrule init`: a small project that trains in code. Here are its arguments; `run.ts` says what happens, `files.ts` what is in the
 * project; its code is that in `template/`, which is checked and formatted like all other code.
 */
import type { Command } from "commander";
import { readOptions } from "../../files/options.ts";
import { rare, withExamples } from "../../help.ts";

export function initCommand(program: Command): void {
  const command = program
    .command("init")
    .summary("begin a TypeScript project that trains on a data file")
    .description(
      "Makes a folder with a small TypeScript project: it reads the data, trains a network that is written out, measures it on rows " +
        "held back, saves the model, and predicts. Everything in it is there to be changed.",
    )
    .argument("<folder>", "the folder to make; one that is there must be empty")
    .option("--data <file>", "the data to learn from, which is put into the project; default: an example, iris")
    .option("--target <column>", "the column of the data to predict")
    .option("--quiet", "print nothing");
  for (const option of readOptions()) command.addOption(rare(option));
  command.allowExcessArguments(false).action(async (folder, flags) => (await import("./run.ts")).run(folder, flags));
  withExamples(command, [
    "chainrule init my-project --data examples/data/wine.csv --target cultivar",
    "cd my-project && npm install && npm run train",
  ]);
}
