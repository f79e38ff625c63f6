/** `chainrule studio`: the studio in a browser, from this machine. Here are its arguments; `run.ts` says what happens. */
import { type Command, Option } from "commander";
import { port } from "../../arguments.ts";
import { withExamples } from "../../help.ts";

export function studioCommand(program: Command): void {
  const command = program
    .command("studio")
    .summary("watch a network learn, in the browser")
    .description(
      "Serves the studio on this machine alone: a page on which networks learn, and every number of them can be seen and changed. " +
        "Open the address that is printed. Ctrl-C ends it.",
    )
    .addOption(
      new Option("--port <n>", "where to serve it, on 127.0.0.1; 0 for any that is free").argParser(port).default(8642),
    )
    .allowExcessArguments(false)
    .action(async (flags) => (await import("./run.ts")).run(flags));
  withExamples(command, ["chainrule studio", "chainrule studio --port 9000"]);
}
