/** Predicts for the rows of a CSV file, which needs the columns of the training data but for the answer: a line of JSON a row. */
import { loadTableModel } from "chainrule/io";
import { readTable } from "./data.ts";

const FILE = process.argv[2] ?? new URL("../data/iris.csv", import.meta.url);
const MODEL = new URL("../model.safetensors", import.meta.url);

const model = await loadTableModel(MODEL);
const table = await readTable(FILE);
const { classes, probabilities, values, notes } = await model.predict(table);

// Cells that are not as in training are not errors, but whoever reads the predictions should know of them.
for (const { column, what, count, example } of notes) {
  console.error(
    `${column}: ${count} cells are ${what}${example === "" ? "" : `, such as ${JSON.stringify(example)}`}.`,
  );
}
for (let row = 0; row < table.length; row++) {
  const probability = probabilities && Math.max(...(probabilities[row] ?? []));
  console.log(JSON.stringify({ predicted: classes?.[row] ?? values?.[row], probability }));
}
