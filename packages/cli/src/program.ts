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
import { studioCommand } from "./commands/studio/index.ts";
import { trainCommand } from "./commands/train/index.ts";
import { Failure } from "./failure.ts";
import { HELP, withExamples } from "./help.ts";
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
  studioCommand,
  completionCommand,
];

export function createProgram(): Command {
  const program = new Command("chainrule")
    .description("Trains, checks and uses neural networks.")
    .version(commandVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print what there is to know about a command")
    .helpCommand("help [command]", "print what there is to know about a command")
    .configureHelp(HELP)
    .exitOverride();
  for (const add of COMMANDS) add(program);
  withExamples(program, [
    "chainrule train examples/data/iris.csv --target species",
    "chainrule predict model.safetensors examples/data/iris.csv --out out.csv",
  ]);
  for (const command of [program, ...program.commands]) {
    tellOptions(command);
    refuseBoth(command);
  }
  return program;
}

/** An option that does not exist is an error that names those that do. */
function tellOptions(command: Command): void {
  command.exitOverride((error) => {
    if (error.code === "commander.unknownOption") {
      const names = [...command.options.map((option) => option.long ?? option.flags), "--help"];
      process.stderr.write(`The options of ${nameOf(command)} are ${names.join(", ")}.\n`);
    }
    if (error.code === "commander.missingMandatoryOptionValue") process.stderr.write(`${choicesOf(command)}\n`);
    throw error;
  });
}

/** What there is to choose from for an option that must be given, and is not. */
function choicesOf(command: Command): string {
  const { long, argChoices } =
    command.options.find(
      (option) => option.mandatory && command.getOptionValue(option.attributeName()) === undefined,
    ) ?? {};
  if (argChoices !== undefined) return `Choose one of ${argChoices.map((choice) => `${long} ${choice}`).join(", ")}.`;
  const data = command.args[0];
  const file = data === undefined || data === "-" ? "<data>" : data;
  return `Name the column to predict by ${long}; chainrule inspect ${file} lists the columns.`;
}

/** An option and its opposite in one command line: the later one would win without a word. */
function refuseBoth(command: Command): void {
  for (const { long } of command.options.filter(({ negate }) => negate)) {
    const both = [(long as string).replace("--no-", "--"), long as string];
    if (command.options.filter((option) => both.includes(option.long as string)).length < 2) continue;
    const told = new Set<string>();
    for (const name of both)
      command.on(`option:${name.slice(2)}`, () => {
        if (told.add(name).size === 2)
          throw new Failure(`${both.join(" and ")} contradict each other. Leave one of them out.`);
      });
  }
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
