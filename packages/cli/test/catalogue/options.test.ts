/** Command lines that cannot be meant. */
import { type BadInput, catalogue, plants, QUICK } from "../support/catalogue.ts";

const line = (name: string, args: readonly string[], says: BadInput["says"]): BadInput => ({
  name,
  files: { "data.csv": plants() },
  args,
  says,
});

const train = (option: string, value: string, says: string): BadInput =>
  line(`${option} ${JSON.stringify(value)}`, ["train", "data.csv", "--target", "kind", option, value], says);

catalogue("commands", [
  line("one that does not exist", ["trian", "data.csv"], "?"),
  line("one of a file", ["data.csv", "--target", "kind"], "?"),
  line("an option that does not exist", ["inspect", "data.csv", "--tarlet", "kind"], "?"),
  line("no file", ["train", "--target", "kind"], "?"),
  line("two files", ["train", "data.csv", "more.csv", "--target", "kind"], "?"),
  line("an option without its value", ["train", "data.csv", "--target"], "?"),
]);

catalogue("values", [
  train("--epochs", "many", "?"),
  train("--epochs", "0", "?"),
  train("--epochs", "1e3.5", "?"),
  train("--seed", "-1", "?"),
  train("--test", "20%", "?"),
  train("--test", "1", "?"),
  train("--folds", "1", "?"),
  train("--hidden", "64;32", "?"),
  train("--hidden", "0", "?"),
  train("--l2", "-0.1", "?"),
  train("--learning-rate", "fast", "?"),
  train("--learning-rate", "NaN", "?"),
  train("--batch-size", "2.5", "?"),
  train("--dropout", "1", "?"),
  train("--activation", "swish", "?"),
  train("--optimizer", "lion", "?"),
  train("--task", "clustering", "?"),
  train("--split", "alphabetical", "?"),
  train("--format", "excel", "?"),
  train("--delimiter", "", "?"),
  train("--quote", "''", "?"),
  train("--columns", "a,,b", "?"),
  train("--kind", "height", "?"),
  train("--kind", "height=float", "?"),
  train("--impute", "median", "?"),
  train("--threads", "0", "?"),
]);

const both = (name: string, options: readonly string[], says: string): BadInput =>
  line(name, ["train", "data.csv", "--target", "kind", ...QUICK, ...options], says);

catalogue("options that contradict each other", [
  both("--resume without a checkpoint", ["--resume"], "?"),
  both("a model to standard output", ["--out", "-"], "?"),
  both("one file for two results", ["--report", "model.safetensors"], "?"),
  both("one file for two results, spelt otherwise", ["--report", "./model.safetensors"], "?"),
  both("the data file for the model", ["--out", "data.csv", "--force"], "?"),
  both("the data file for the report", ["--report", "./data.csv", "--force"], "?"),
  both("a test share with folds", ["--folds", "3", "--test", "0.3"], "?"),
  both("--header and --no-header", ["--header", "--no-header"], "?"),
  both("--balanced for numbers", ["--target", "height", "--balanced"], "?"),
  both("--refit without validation", ["--refit"], "?"),
  both("--patience without validation", ["--patience", "3"], "?"),
  both("--dropout without hidden layers", ["--hidden", "none", "--dropout", "0.2"], "?"),
  both("--unit of classes", ["--unit", "CHF"], "?"),
]);
