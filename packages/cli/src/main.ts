#!/usr/bin/env node
/** The `chainrule` command. */
import { STATUS } from "./failure.ts";
import { runCommandLine } from "./run.ts";

// Whoever reads, such as `head`, may have enough before all is written.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(STATUS.done);
    throw error;
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2));
