/** Completion scripts, made of what the commands say of themselves. */
import type { Command, Option } from "commander";

/** The script for each shell. */
export const SCRIPTS = { bash, zsh, fish } as const;

function bash(program: Command): string {
  const name = program.name();
  const options = program.commands.map(
    (command) => `    ${command.name()}) options=${quote([...longNames(command), "--help"].join(" "))} ;;`,
  );
  const values = program.commands.flatMap((command) => [
    ...choicesOf(command).map(
      ([flag, choices]) => `    ${quote(`${command.name()} ${flag}`)}) values=${quote(choices.join(" "))} ;;`,
    ),
    ...argumentChoices(command).map(
      (choices) => `    ${quote(`${command.name()} ${command.name()}`)}) values=${quote(choices.join(" "))} ;;`,
    ),
  ]);
  return `_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} options= values=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quote([...program.commands.map((c) => c.name()), "--help", "--version"].join(" "))} -- "$word"))
    return
  fi
  case "$command" in
${options.join("\n")}
  esac
  case "$command $before" in
${values.join("\n")}
  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$word"))
  elif [ "\${word#-}" != "$word" ]; then COMPREPLY=($(compgen -W "$options" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

/** Zsh runs bash's completions. */
function zsh(program: Command): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(program)}`;
}

function fish(program: Command): string {
  const name = program.name();
  const lines = program.commands.flatMap((command) => {
    const here = `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name()}'`;
    const choices = new Map(choicesOf(command));
    return [
      `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name()} -d ${quote(command.summary())}`,
      ...argumentChoices(command).map((values) => `${here} -f -a ${quote(values.join(" "))}`),
      ...command.options.map((option) => {
        const values = choices.get(option.long as string);
        const kind = values ? ` -x -a ${quote(values.join(" "))}` : option.required || option.optional ? " -r" : "";
        return `${here} -l ${(option.long as string).slice(2)}${kind} -d ${quote(option.description)}`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}

const longNames = (command: Command): string[] => command.options.map((option) => option.long as string);

/** The options of a command that take one of a few values. */
function choicesOf(command: Command): [string, readonly string[]][] {
  return command.options.flatMap((option: Option) =>
    option.argChoices === undefined ? [] : [[option.long as string, option.argChoices]],
  );
}

/** The values of a command's first argument, if they are few. */
function argumentChoices(command: Command): (readonly string[])[] {
  const choices = command.registeredArguments[0]?.argChoices;
  return choices === undefined ? [] : [choices];
}

/** In single quotes, which all three shells read alike but for the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
