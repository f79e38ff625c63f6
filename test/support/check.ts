// Copied beside the modules that are made of Markdown blocks.
import { inspect } from "node:util";
import { matches } from "./sandbox.ts";

/** Throws unless the value shows as promised. A string may be promised with or without its quotes. */
export async function check(value: unknown, promise: string, place: string): Promise<void> {
  const actual = await value;
  const shown = inspect(actual, { depth: 20, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 1000 });
  if (matches(shown, promise) || (typeof actual === "string" && matches(actual, promise))) return;
  throw new Error(`${place} promises ${promise}, but the value is ${typeof actual === "string" ? actual : shown}`);
}
