/** Carries out a command line within this process. */
import { CommanderError } from "commander";
import { describeFailure, STATUS } from "./failure.ts";
import { createProgram } from "./program.ts";

/**
 * Does what the arguments say; what goes wrong is told on standard error.
 *
 * @param args without the names of Node and of the program
 * @returns the exit status; see failure.ts
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: "user" });
    return STATUS.done;
  } catch (error) {
    // Commander has written its message, or the help or version that was asked for, before it throws.
    if (error instanceof CommanderError) return error.exitCode === 0 ? STATUS.done : STATUS.input;
    const { text, status } = await describeFailure(error);
    process.stderr.write(`error: ${text}\n`);
    return status;
  }
}
