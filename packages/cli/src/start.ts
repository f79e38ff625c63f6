/** What the `chainrule` command does from its first moment to its last. */
import { STATUS } from "./failure.ts";
import { isWriting } from "./files/temporary.ts";
import { runCommandLine } from "./run.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever reads, such as `head`, may have enough before all is written. A command that writes a file goes on to its end.
    if (error.code === "EPIPE") {
      if (!isWriting()) process.exit(STATUS.done);
      return;
    }
    // The disk of the file that it leads to may be full: "ENOSPC: no space left on device, write".
    const why = error.message.replace(/^[A-Z]+: |, \w+$/g, "");
    if (stream === process.stdout) process.stderr.write(`error: cannot write standard output: ${why}.\n`);
    process.exit(STATUS.input);
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2));
