/** The targets there are, and which one is used where none is named. */
import { js, type Target, wasm } from "../target/index.ts";
import { checkChoice } from "../tensor/options.ts";

export type TargetName = "js" | "wasm";

const TARGETS: Record<TargetName, Target> = { js, wasm };

let chosen: TargetName | undefined;

/** Chooses the target of everything compiled from now on; undefined goes back to the default, wasm. */
export function setTarget(name: TargetName | undefined): void {
  if (name !== undefined) checkTarget("setTarget", name);
  chosen = name;
}

/** @throws RangeError that lists the targets there are */
export function checkTarget(where: string, name: unknown): void {
  checkChoice(where, "the target", name, Object.keys(TARGETS));
}

/** The target of a name, or the default. */
export const targetOf = (name?: TargetName): Target => TARGETS[name ?? chosen ?? "wasm"];
