#!/usr/bin/env node
/** The `chainrule` command. */
import { STATUS } from "./failure.ts";
import { isWriting } from "./files/temporary.ts";
import { runCommandLine } from "./run.ts";

// Whoever reads, such as `head`, may have enough before all is written. A command that writes a file goes on to its end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (!isWriting()) process.exit(STATUS.done);
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2));
