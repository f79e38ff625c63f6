/**
 * Programs as TypeScript that needs nothing else: `module.ts` prints a program as a module, `statement.ts` and
 * `expression.ts` its kernels, `functions.ts` holds the few functions that JavaScript lacks. What is printed computes what
 * the interpreter does, to the last bit: every operation rounds to its dtype. It is text to keep, not a target that runs.
 */
export { type Constant, type PrintedProgram, printTypeScript } from "./module.ts";
