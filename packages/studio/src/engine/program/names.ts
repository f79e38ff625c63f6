/** What a program imports. */
export class Names {
  readonly #modules = new Map<string, Set<string>>();

  /** A name of the library, which the program then imports. @param entry "" for `chainrule` itself, else such as "nn" */
  use(entry: string, name: string): string {
    const module = entry === "" ? "chainrule" : `chainrule/${entry}`;
    const names = this.#modules.get(module) ?? new Set();
    this.#modules.set(module, names.add(name));
    return name;
  }

  /** The imports, in order. */
  toString(): string {
    return [...this.#modules]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => `import { ${[...names].sort(byName).join(", ")} } from "${module}";`)
      .join("\n");
  }
}

const bare = (name: string): string => name.replace(/^type /, "").toLowerCase();
const byName = (a: string, b: string): number => (bare(a) < bare(b) ? -1 : 1);
