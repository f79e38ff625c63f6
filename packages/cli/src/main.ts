#!/usr/bin/env node
/** The `chainrule` command; exit statuses are in failure.ts. */
import { CommanderError } from "commander";
import { describeFailure, STATUS } from "./failure.ts";
import { createProgram } from "./program.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever reads, such as `head`, may have enough before all is written.
    if (error.code === "EPIPE") process.exit(STATUS.done);
    // The disk of the file that it leads to may be full: "ENOSPC: no space left on device, write".
    const why = error.message.replace(/^[A-Z]+: |, \w+$/g, "");
    if (stream === process.stdout) process.stderr.write(`error: cannot write standard output: ${why}.\n`);
    process.exit(STATUS.input);
  });
}

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  // Commander has written its message, or the help or version that was asked for, before it throws.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? STATUS.done : STATUS.input;
  } else {
    const { text, status } = await describeFailure(error);
    process.stderr.write(`error: ${text}\n`);
    process.exitCode = status;
  }
}
