/** Help that fits a screen: each command shows its usual options and an example, and the others when asked for all. */
import type { Command, HelpConfiguration, Option } from "commander";

/** Marks an option as one that only --help-all shows. */
export const rare = (option: Option): Option => option.hideHelp();

/** What arguments are, descriptions say: a section of their own would not fit. */
export const HELP: HelpConfiguration = { visibleArguments: () => [] };

/** Ends a command's help with examples; adds --help-all if some of its options are rare. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  const hidden = command.options.filter((option) => option.hidden);
  command.addHelpText(
    "after",
    `\nExample${examples.length === 1 ? "" : "s"}:\n${examples.map((e) => `  $ ${e}`).join("\n")}`,
  );
  if (hidden.length === 0) return command;
  return command.option("--help-all", `print all options, ${hidden.length} more`).on("option:help-all", () => {
    for (const option of hidden) option.hidden = false;
    command.help();
  });
}
