/** The targets there are, and which one is used where none is named. */
import { js } from "../target/js/index.ts";
import type { Target } from "../target/target.ts";
import { wasm } from "../target/wasm/index.ts";

export type TargetName = "js" | "wasm";

const TARGETS: Record<TargetName, Target> = { js, wasm };

let chosen: TargetName | undefined;

/** Chooses the target of everything compiled from now on; undefined goes back to the default, wasm. */
export function setTarget(name: TargetName | undefined): void {
  if (name !== undefined && !Object.hasOwn(TARGETS, name)) {
    throw new RangeError(`setTarget: there is no target "${String(name)}"; there are ${Object.keys(TARGETS).join(", ")}.`);
  }
  chosen = name;
}

/** The target of a name, or the default. */
export const targetOf = (name?: TargetName): Target => TARGETS[name ?? chosen ?? "wasm"];
