/** What the library runs in. */

interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/**
 * A module of Node, where there is one. Not by `import()`: bundlers would put something in its place and have pages load
 * that.
 */
export const nodeModule = <T>(name: string): T | undefined =>
  (globalThis as Host).process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
