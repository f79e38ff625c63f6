/** Names for the variables of a kernel, which printers share. */
import type { Var } from "./ir.ts";

/** Different variables of one kernel never share a name. */
export class Names {
  readonly #names = new Map<Var, string>();
  readonly #taken: Set<string>;

  /** @param reserved names that no variable may have */
  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  of(variable: Var): string {
    const known = this.#names.get(variable);
    if (known !== undefined) return known;
    let name = variable.name;
    for (let n = 1; this.#taken.has(name); n++) name = `${variable.name}_${n}`;
    this.#taken.add(name);
    this.#names.set(variable, name);
    return name;
  }
}
