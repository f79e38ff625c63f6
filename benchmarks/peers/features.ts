/**
 * What a contender of Chainrule's asks for and the library may not have: the version under test is asked, and the bench
 * says "not available" where it has not.
 */
import * as chainrule from "chainrule";

/** How one process of Chainrule's is set up. */
export interface Variant {
  readonly threads: number;
  readonly wide: boolean;
}

type Switch = (value?: number) => unknown;

function exported(name: string): Switch | undefined {
  const value: unknown = (chainrule as Record<string, unknown>)[name];
  return typeof value === "function" ? (value as Switch) : undefined;
}

/** Sets the library up. @returns why it cannot be, or undefined */
export async function apply({ threads, wide }: Variant): Promise<string | undefined> {
  const setThreads = exported("setThreads");
  if (threads > 1 && setThreads === undefined) return "this version has one thread only (no export setThreads)";
  // One thread is asked for too: the default may be all cores.
  await setThreads?.(threads);
  if (!wide) return undefined;
  const enableWideSimd = exported("enableWideSimd");
  if (enableWideSimd === undefined) return "this version has no export enableWideSimd";
  const result: unknown = await enableWideSimd();
  return result === false ? "this engine has no wide SIMD" : undefined;
}
