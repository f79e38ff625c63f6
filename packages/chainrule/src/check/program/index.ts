/**
 * Compiled programs: what they are made of as text (`explain-program.ts`), and where their time goes (`profile.ts`, as text
 * `profile-table.ts`). `outline.ts` lists the steps, `parts.ts` makes programs of single ones, `stopwatch.ts` and `meter.ts` time
 * them, and `peaks.ts` measures what the machine can do.
 */
export { explainProgram, type ProgramOptions } from "./explain-program.ts";
export type { Peaks } from "./peaks.ts";
export { type ControlRow, type KernelRow, type KernelWork, Profile, type ProfileRow, profile } from "./profile.ts";
