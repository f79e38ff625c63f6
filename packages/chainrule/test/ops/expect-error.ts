/** How tests read the errors of operations. */
import { expect, it } from "vitest";

type Thrown = new (message: string) => Error;

/** The message of the error that a function throws. */
export function messageOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

/** An error of this class, whose first line is `text` and whose last names the test's own file: the user's line. */
export function expectError(f: () => unknown, kind: Thrown, text: string): void {
  expect(f).toThrow(kind);
  const lines = messageOf(f).split("\n");
  expect(lines[0]).toBe(text);
  expect(lines.at(-1)).toMatch(/^ {2}at: .*test\/ops\/\w+-errors\.test\.ts:\d+:\d+$/);
}

/** One test for each row: its name, what throws, the class, the first line. */
export const errorTable = (rows: readonly (readonly [string, () => unknown, Thrown, string])[]): void =>
  it.each(rows)("%s", (_, f, kind, text) => expectError(f, kind, text));
