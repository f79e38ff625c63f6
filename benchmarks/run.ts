/** `npm run bench`: Chainrule and its peers side by side; see README.md. */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { CHAINRULE, Contenders, PEERS } from "./contenders.ts";
import { type Options, parseOptions, UsageError, usage } from "./options.ts";
import { formatContenders, formatMachine, formatRow, formatSummary, type Machine, type RowResult } from "./report.ts";
import { rows } from "./rows/index.ts";
import type { Context } from "./rows/row.ts";

const FULL = { rounds: 15, turnMs: 100, checkMs: 60_000 };
const QUICK = { rounds: 4, turnMs: 15, checkMs: 250 };

const machine: Machine = {
  cpu: cpus()[0]?.model ?? "unknown processor",
  cores: cpus().length,
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
  load: loadavg()[0] ?? 0,
};

async function main(options: Options): Promise<void> {
  const names = options.only.length > 0 ? options.only : rows.map(({ name }) => name);
  const folder = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Contenders end with their standard input.
    process.once(signal, () => {
      remove();
      process.exit(signal === "SIGINT" ? 130 : 143);
    });
  }
  const contenders = new Contenders();
  const pace = options.quick ? QUICK : FULL;
  const context: Context = { contenders, quick: options.quick, folder, pace };
  const results: RowResult[] = [];
  const started = Date.now();
  const print = (text: string): void => {
    if (!options.json) console.log(text);
  };
  print(formatMachine(machine));
  try {
    for (const row of rows.filter(({ name }) => names.includes(name))) {
      const { name, title } = row;
      const begun = Date.now();
      const result = { name, title, ...(await row.run(context)) };
      process.stderr.write(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
      results.push(result);
      print(`\n${formatRow(result)}`);
    }
  } finally {
    await contenders.close();
    remove();
  }
  if (options.json) {
    console.log(JSON.stringify({ machine, contenders: Object.fromEntries(contenders.known), rows: results }, null, 2));
    return;
  }
  const inOrder = [...CHAINRULE, ...PEERS].flatMap((name) => {
    const known = contenders.known.get(name);
    return known === undefined ? [] : [[name, known] as const];
  });
  print(`\n${formatContenders(new Map(inOrder))}`);
  print(`\n${formatSummary(results)}`);
  print(`\nMeasured in ${Math.round((Date.now() - started) / 1000)} s.`);
}

try {
  const names = rows.map(({ name }) => name);
  const options = parseOptions(process.argv.slice(2), names);
  if (options.help) console.log(usage(names));
  else await main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
