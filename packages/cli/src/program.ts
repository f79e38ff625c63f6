/** The command line as a whole: what all commands share, and which there are. */
import { Command } from "commander";
import { completionCommand } from "./commands/completion/index.ts";
import { evalCommand } from "./commands/eval/index.ts";
import { explainCommand } from "./commands/explain/index.ts";
import { exportCommand } from "./commands/export/index.ts";
import { gradcheckCommand } from "./commands/gradcheck/index.ts";
import { initCommand } from "./commands/init/index.ts";
import { inspectCommand } from "./commands/inspect/index.ts";
import { lrFindCommand } from "./commands/lr-find/index.ts";
import { mnistCommand } from "./commands/mnist/index.ts";
import { predictCommand } from "./commands/predict/index.ts";
import { searchCommand } from "./commands/search/index.ts";
import { trainCommand } from "./commands/train/index.ts";
import { HELP } from "./help.ts";
import { commandVersion } from "./version.ts";

/** One function for each command, which adds it to the program. */
const COMMANDS = [
  inspectCommand,
  trainCommand,
  evalCommand,
  predictCommand,
  searchCommand,
  gradcheckCommand,
  explainCommand,
  lrFindCommand,
  exportCommand,
  initCommand,
  mnistCommand,
  completionCommand,
];

export function createProgram(): Command {
  const program = new Command("chainrule")
    .description("Trains, checks and uses neural networks.")
    .version(commandVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print what there is to know about a command")
    .helpCommand(false)
    .configureHelp(HELP)
    .exitOverride();
  for (const add of COMMANDS) add(program);
  for (const command of [program, ...program.commands]) tellOptions(command);
  return program;
}

/** An option that does not exist is an error that names those that do. */
function tellOptions(command: Command): void {
  command.exitOverride((error) => {
    if (error.code === "commander.unknownOption") {
      const names = [...command.options.map((option) => option.long ?? option.flags), "--help"];
      process.stderr.write(`The options of ${nameOf(command)} are ${names.join(", ")}.\n`);
    }
    throw error;
  });
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
