/** Where a command's words go. */

/** Options that every command has which prints results. */
export interface OutputOptions {
  /** Standard output gets one JSON object on its last line, and standard error all else. */
  readonly json?: boolean;
  /** Only results, neither progress nor explanations. */
  readonly quiet?: boolean;
}

export interface Output {
  /** What helps to follow along. */
  note(text: string): void;
  /** What the command is for. */
  result(text: string): void;
  /** The results for a program, if it asked for them. */
  json(value: unknown): void;
  /** Whether to show a progress line, which is on standard error always. */
  readonly progress: boolean;
  /** The width of the terminal, or of a usual one. */
  readonly columns: number;
}

export function createOutput({ json = false, quiet = false }: OutputOptions): Output {
  const words = json ? process.stderr : process.stdout;
  const write = (text: string): void => {
    words.write(`${text}\n`);
  };
  return {
    note: quiet ? () => {} : write,
    result: json && quiet ? () => {} : write,
    json: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    progress: !quiet,
    columns: widthOfTerminal(words),
  };
}

/** The columns of a terminal, or of a usual one. It may say that it has none; on a very narrow one tables shall rather wrap. */
export const widthOfTerminal = ({ columns }: { readonly columns?: number }): number => Math.max(40, columns || 80);
