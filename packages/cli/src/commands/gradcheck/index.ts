/**
 * `chainrule gradcheck`: whether a model's gradients are right. Here are its arguments; `run.ts` says what happens, `examples.ts` on
 * which rows.
 */
import { type Command, Option } from "commander";
import { integer, positive, sizes } from "../../arguments.ts";
import { readOptions } from "../../files/options.ts";
import { rare, withExamples } from "../../help.ts";

export function gradcheckCommand(program: Command): void {
  const command = program
    .command("gradcheck")
    .summary("check a model's gradients against differences")
    .description(
      "Checks a model's gradients against finite differences in double precision, on rows of a data file: by default of the one " +
        "that it was trained on. The exit status is 1 if one is wrong.",
    )
    .argument("<model>", "the model file, of chainrule train or of saveModel")
    .argument("[data]", "rows to check on (default: of the training file, else drawn)");
  const options = [
    new Option("--rows <n>", "rows to check on").argParser(integer(1)).default(32),
    new Option("--samples <n>", "numbers of each parameter to check").argParser(integer(1)).default(32),
    new Option("--tolerance <error>", "largest relative error that passes").argParser(positive).default(1e-6, "1e-6"),
    new Option("--order <n>", "2: second derivatives too").choices(["1", "2"]).default("1"),
    rare(
      new Option("--input-shape <extents>", "of one example, for a plain network, such as 28,28,1").argParser(sizes),
    ),
    rare(
      new Option("--task <task>", "what the outputs of a plain network are").choices([
        "classification",
        "binary",
        "regression",
      ]),
    ),
    rare(new Option("--seed <n>", "decides the rows that are drawn").argParser(integer(0)).default(0)),
    ...readOptions().map(rare),
    new Option("--json", "print one JSON object on standard output"),
    new Option("--quiet", "print the table only"),
  ];
  for (const option of options) command.addOption(option);
  command
    .allowExcessArguments(false)
    .action(async (model, data, flags) => (await import("./run.ts")).run(model, data, flags));
  withExamples(command, ["chainrule gradcheck model.safetensors examples/data/iris.csv"]);
}
