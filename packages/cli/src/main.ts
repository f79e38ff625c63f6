#!/usr/bin/env node
/** The `chainrule` command. Exit status: 0 done, 1 it could not be done, 2 the command line is wrong. */
import { CommanderError } from "commander";
import { describeFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  // Commander has written its message, or the help or version that was asked for, before it throws.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`error: ${await describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}
