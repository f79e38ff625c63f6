/** Learns to predict a column of a table from the others, and saves the model. */
import { splitIndices } from "chainrule/data";
import { saveModel } from "chainrule/io";
import { dense, relu, sequential, task } from "chainrule/nn";
import { adam, l2 } from "chainrule/optim";
import { inferColumns, isMissing, type Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
import { earlyStopping, evaluate, fit } from "chainrule/train";
import { readTable } from "./data.ts";

const DATA = new URL("../data/iris.csv", import.meta.url);
const TARGET = "species";
const MODEL = new URL("../model.safetensors", import.meta.url);

// Nothing can be learned from rows whose answer is missing.
const all = await readTable(DATA);
const table = all.take(all.column(TARGET).flatMap((cell, row) => (isMissing(cell) ? [] : [row])));

// What the columns hold is found out from their values. Where you know better, say so: { kinds: { zip: "category" } }.
const columns = inferColumns(table, { target: TARGET });
for (const { name, kind, use, reason } of columns) console.log(`${name}: ${kind} (${use}), ${reason}`);

// Three parts: to learn from, to see when to stop, and to measure what was learned, which nothing else may look at.
const target = TargetEncoder.fit(TARGET, table.column(TARGET));
const answers = target.encode(table.column(TARGET));
const parts = splitIndices(answers, { fractions: [0.6, 0.2, 0.2], strategy: "stratified" });
const rowsOf = (part: number): Table => table.take(parts[part] ?? []);
const [train, validation, test] = [rowsOf(0), rowsOf(1), rowsOf(2)];

// Means, categories and what stands for missing values are learned from the training rows alone.
const input = TableEncoder.fit(train, columns);
const encode = (rows: Table) => ({ x: input.apply(rows), y: target.encode(rows.column(TARGET)) });

// The network: one hidden layer of 32. More layers or wider ones can learn more, and need more data for it.
const network = sequential(dense(input.features.length, 32), relu, dense(32, target.outputs));

const { loss } = task(target.task);
const { epochs } = await fit(network, {
  train: encode(train),
  validation: encode(validation),
  loss,
  optimizer: adam(0.003),
  // Small weights make a smoother function, which holds better on new rows.
  regularizer: l2(0.003),
  batchSize: 32,
  epochs: 500,
  callbacks: [earlyStopping({ patience: 20 })],
});

const scores = await evaluate(network, encode(test), { loss, metrics: ["accuracy"] });
console.log(`After ${epochs} epochs, on ${scores.count} test rows:`);
console.log(`${(100 * scores.accuracy).toFixed(1)} % right`);

// The file holds the preprocessing too, so that the model takes rows as they come.
await saveModel(new TableModel({ network, input, target }), MODEL);
