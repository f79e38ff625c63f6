/** Where in its file a row stands, in errors that know its position in a table. */
import { ChainruleError } from "chainrule";
import { CellError } from "chainrule/table";
import { Failure } from "../failure.ts";

/** Rows of a table, and where they are in a file. */
export interface Origin {
  /** The file, as the user named it. */
  readonly name: string;
  /** "line 17" */
  place(row: number): string;
}

/** Some of the rows, each with its own place. */
export const someRows = ({ name, place }: Origin, rows: Int32Array): Origin => ({
  name,
  place: (row) => place(rows[row] as number),
});

/** Does something with rows of a table; an error about a cell names its place in the file. @throws Failure */
export function located<T>({ name, place }: Origin, act: () => T): T {
  const told = (error: unknown): never => {
    if (error instanceof CellError) {
      const message = withoutFunction(error.message).replace(
        new RegExp(` (in|and|of) row ${error.row}\\b`),
        " $1 this row",
      );
      throw new Failure(
        `${name}, ${place(error.row)}: ${message.replace(" in this row", "").replace("this row", "it")}`,
      );
    }
    if (error instanceof ChainruleError) throw new Failure(`${name}: ${withoutFunction(error.message)}`);
    throw error;
  };
  try {
    const result = act();
    return (result instanceof Promise ? result.catch(told) : result) as T;
  } catch (error) {
    return told(error);
  }
}

/** Without what only means something to someone who programs: the function in "TableEncoder.fit: …", and { constant: 5 } for 5. */
const withoutFunction = (message: string): string =>
  message
    .replace(/^([A-Za-z]+(\.[A-Za-z]+)?|The target): /, "")
    .replace(/\{ constant: ([^{}]+) \}/g, "$1")
    .replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
