/** The command line of the bench. */
import { parseArgs } from "node:util";

export interface Options {
  readonly json: boolean;
  readonly quick: boolean;
  /** Names of rows; all of them if empty. */
  readonly only: readonly string[];
  readonly help: boolean;
}

export class UsageError extends Error {}

/** @throws UsageError that lists what there is */
export function parseOptions(args: readonly string[], rows: readonly string[]): Options {
  let values: { json?: boolean; quick?: boolean; only?: string[]; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean" },
        quick: { type: "boolean" },
        only: { type: "string", multiple: true },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage(rows)}`);
  }
  const only = (values.only ?? []).flatMap((names) => names.split(","));
  const unknown = only.find((name) => !rows.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no row "${unknown}". Rows: ${rows.join(", ")}.`);
  return { json: values.json ?? false, quick: values.quick ?? false, only, help: values.help ?? false };
}

export const usage = (rows: readonly string[]): string =>
  [
    "npm run bench -- [--quick] [--json] [--only NAME]… [--dist]",
    "  --quick  fewer rounds, smaller sizes: less than a minute",
    "  --json   the results as JSON on standard output",
    `  --only   one row, or several: ${rows.join(", ")}`,
    "  --dist   measures the built library instead of its sources",
    "  BENCH_PYTHON in the environment names the Python whose NumPy and PyTorch take part.",
  ].join("\n");
