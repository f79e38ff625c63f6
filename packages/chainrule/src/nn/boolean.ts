/** Any Boolean function as a network of perceptrons. */
import { checkNumber, describeValue } from "../tensor/options.ts";
import { perceptron } from "./perceptron.ts";
import { type Sequential, sequential } from "./sequential.ts";

/** More inputs would need a table of thousands of rows. */
const MOST_INPUTS = 12;

/**
 * A network with one hidden layer of perceptrons that computes a truth table exactly, from [.., inputs] of 0 and 1 to
 * [.., 1]. For each row with the rarer result there is a hidden unit that fires for this row only: its weights are 1
 * where the row has a 1 and −1 where it has a 0, and its threshold is just below the number of ones. The output unit
 * fires if any of them does, or if none does. So n inputs take 2ⁿ⁻¹ hidden units at most.
 *
 * @param table the results, 0 or 1, one for each combination of inputs in the usual order: row r has the binary digits of
 *   r, the first input the highest; 2ⁿ of them for n inputs, n from 1 to 12
 * @throws RangeError for a table of another length, or of other values
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { truthTable } from "chainrule/nn";
 * const xor = truthTable([0, 1, 1, 0]);
 * xor(tensor([[0, 0], [0, 1], [1, 0], [1, 1]])).arraySync(); // → [ [ 0 ], [ 1 ], [ 1 ], [ 0 ] ]
 * ```
 */
export function truthTable(table: readonly (number | boolean)[]): Sequential {
  const length = checkNumber("truthTable", "the number of rows", table?.length, { least: 2, integer: true });
  const inputs = Math.log2(length);
  if (!Number.isInteger(inputs) || inputs > MOST_INPUTS) {
    throw new RangeError(
      `truthTable: the table must have 2ⁿ rows for n inputs, n from 1 to ${MOST_INPUTS}; it has ${length}.`,
    );
  }
  const results = Array.from(table, (value: unknown, row) => {
    if ([0, 1, false, true].includes(value as number)) return Number(value);
    throw new RangeError(`truthTable: the results must be 0 or 1; row ${row} has ${describeValue(value)}.`);
  });
  const ones = results.reduce((a, b) => a + b, 0);
  const rarer = Number(ones <= length / 2);
  const rows = results.flatMap((value, row) => (value === rarer ? [row] : []));
  const digit = (row: number, input: number): number => (row >> (inputs - 1 - input)) & 1;
  // A constant function needs no unit; a layer needs one, and this one never fires.
  const units = Math.max(1, rows.length);
  const weight = Array.from({ length: inputs }, (_, input) =>
    rows.length === 0 ? [0] : rows.map((row) => 2 * digit(row, input) - 1),
  );
  const count = (row: number): number => weight.reduce((sum, _, input) => sum + digit(row, input), 0);
  const bias = rows.length === 0 ? [-0.5] : rows.map((row) => 0.5 - count(row));
  const sign = 2 * rarer - 1;
  return sequential(
    perceptron(inputs, units, { weight, bias }),
    perceptron(units, 1, { weight: Array.from({ length: units }, () => [sign]), bias: [-sign / 2] }),
  );
}
