/**
 * `chainrule export`: a model as something that needs no library. Here are its arguments; `run.ts` says what happens, `typescript.ts`
 * and `json.ts` print, `carried.ts` finds the parts of the library's text that printed code holds, `literal.ts` writes values.
 */
import { type Command, Option } from "commander";
import { sizes } from "../../arguments.ts";
import { rare, withExamples } from "../../help.ts";

export function exportCommand(program: Command): void {
  const command = program
    .command("export")
    .summary("turn a model into code or data that needs nothing else")
    .description(
      "Turns a model into a TypeScript module with a function that predicts from a row, or into a JSON document with all that is " +
        "needed to do so. Neither needs anything else. Numbers agree with predict to the rounding of float32, about 7 digits.",
    )
    .argument("<model>", "a model file")
    .addOption(new Option("--to <form>", "what to make of it").choices(["json", "typescript"]).makeOptionMandatory())
    .option("--out <file>", "the file to write; - for standard output", "-")
    .option("--force", "replace a file that is there")
    .option("--quiet", "print nothing but what was asked for")
    .addOption(
      rare(
        new Option(
          "--input <sizes>",
          "of a network without preprocessing: the shape of one input, such as 28,28",
        ).argParser(sizes),
      ),
    )
    .allowExcessArguments(false)
    .action(async (model, flags) => (await import("./run.ts")).run(model, flags));
  withExamples(command, [
    "chainrule train examples/data/iris.csv --target species",
    "chainrule export model.safetensors --to typescript --out iris.ts",
  ]);
}
