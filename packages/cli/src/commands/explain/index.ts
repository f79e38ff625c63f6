/**
 * `chainrule explain`: what is in a model file, and how it comes to a prediction. Here are its arguments; `run.ts` says what happens,
 * `columns.ts` what becomes of a row before the network, `training.ts` how the model was trained, `row.ts` and `numbers.ts` what
 * is told of one row, `picture.ts` makes the flow graph.
 */
import { type Command, Option } from "commander";
import { integer, sizes } from "../../arguments.ts";
import { readOptions } from "../../files/options.ts";
import { rare, withExamples } from "../../help.ts";

export function explainCommand(program: Command): void {
  const command = program
    .command("explain")
    .summary("show what is in a model, and how it comes to a prediction")
    .description(
      "Shows what is in a model file: layers, preprocessing, training, equations. With a row: every number, forward and backward.",
    )
    .argument("<model>", "the model file, of chainrule train or of saveModel");
  const options = [
    new Option("--row <n>", "follow a row through the network; 1 is the first").argParser(integer(1)),
    new Option("--data <file>", "the file that the row is in (default: the training file)"),
    new Option("--latex", "print the equations alone, for LaTeX"),
    new Option("--graph <form>", "print the graph of all operations alone").choices(["text", "dot", "json"]),
    new Option("--all", "print all of long tables and tensors"),
    new Option("--out <file>", "write to a file"),
    new Option("--force", "replace a file that is there"),
    rare(
      new Option("--input-shape <extents>", "of one example, for a plain network, such as 28,28,1").argParser(sizes),
    ),
    ...readOptions().map(rare),
    new Option("--json", "print one JSON object on standard output"),
    new Option("--quiet", "print only what it predicts; with --row, the prediction"),
  ];
  for (const option of options) command.addOption(option);
  command.allowExcessArguments(false).action(async (model, flags) => (await import("./run.ts")).run(model, flags));
  withExamples(command, ["chainrule explain model.safetensors --row 3 --data examples/data/iris.csv"]);
}
