/** `chainrule completion`: a script that makes a shell complete commands, options and their values. */
import { Argument, type Command } from "commander";
import { withExamples } from "../../help.ts";
import { SCRIPTS } from "./scripts.ts";

export function completionCommand(program: Command): void {
  const command = program
    .command("completion")
    .summary("make the shell complete commands and options")
    .description("Prints a script for your shell that completes the commands of chainrule, their options and values.")
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(SCRIPTS)))
    .allowExcessArguments(false)
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](program));
    });
  withExamples(command, [
    'eval "$(chainrule completion bash)"       # in ~/.bashrc',
    'eval "$(chainrule completion zsh)"        # in ~/.zshrc, after compinit',
    "chainrule completion fish > ~/.config/fish/completions/chainrule.fish",
  ]);
}
