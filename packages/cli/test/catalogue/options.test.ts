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
  line("one that does not exist", ["trian", "data.csv"], "unknown command 'trian'\n(Did you mean train?)"),
  line("one of a file", ["data.csv", "--target", "kind"], "unknown command 'data.csv'"),
  line(
    "an option that does not exist",
    ["inspect", "data.csv", "--tarlet", "kind"],
    /^error: unknown option '--tarlet'\n\(Did you mean --target\?\)\nThe options of chainrule inspect are --target, --task, .*--help\.\n$/,
  ),
  line("no file", ["train", "--target", "kind"], "missing required argument 'data'"),
  line(
    "two files",
    ["train", "data.csv", "more.csv", "--target", "kind"],
    "too many arguments for 'train'. Expected 1 argument but got 2: data.csv, more.csv.",
  ),
  line("an option without its value", ["train", "data.csv", "--target"], "option '--target <column>' argument missing"),
]);

catalogue("values", [
  train("--epochs", "many", "option '--epochs <n>' argument 'many' is invalid. It must be an integer ≥ 1."),
  train("--epochs", "0", "option '--epochs <n>' argument '0' is invalid. It must be an integer ≥ 1."),
  train("--epochs", "1e3.5", "option '--epochs <n>' argument '1e3.5' is invalid. It must be an integer ≥ 1."),
  train("--seed", "-1", "option '--seed <n>' argument '-1' is invalid. It must be an integer ≥ 0."),
  train(
    "--test",
    "20%",
    "option '--test <share>' argument '20%' is invalid. It must be a number from 0, and below 1, such as 0.2.",
  ),
  train(
    "--test",
    "1",
    "option '--test <share>' argument '1' is invalid. It must be a number from 0, and below 1, such as 0.2.",
  ),
  train("--folds", "1", "option '--folds <n>' argument '1' is invalid. It must be an integer ≥ 2."),
  train(
    "--hidden",
    "64;32",
    "option '--hidden <sizes>' argument '64;32' is invalid. It must be integers ≥ 1 separated by commas, such as 64,32, or none.",
  ),
  train(
    "--hidden",
    "0",
    "option '--hidden <sizes>' argument '0' is invalid. It must be integers ≥ 1 separated by commas, such as 64,32, or none.",
  ),
  train("--l2", "-0.1", "option '--l2 <strength>' argument '-0.1' is invalid. It must be a number ≥ 0."),
  train(
    "--learning-rate",
    "fast",
    "option '--learning-rate <rate>' argument 'fast' is invalid. It must be a number > 0.",
  ),
  train(
    "--learning-rate",
    "NaN",
    "option '--learning-rate <rate>' argument 'NaN' is invalid. It must be a number > 0.",
  ),
  train("--batch-size", "2.5", "option '--batch-size <n>' argument '2.5' is invalid. It must be an integer ≥ 1."),
  train(
    "--dropout",
    "1",
    "option '--dropout <share>' argument '1' is invalid. It must be a number from 0, and below 1, such as 0.2.",
  ),
  train(
    "--activation",
    "swish",
    "option '--activation <name>' argument 'swish' is invalid. Allowed choices are relu, gelu, silu, elu, tanh, sigmoid.",
  ),
  train(
    "--optimizer",
    "lion",
    "option '--optimizer <name>' argument 'lion' is invalid. Allowed choices are adam, adamw, rmsprop, sgd.",
  ),
  train(
    "--task",
    "clustering",
    "option '--task <task>' argument 'clustering' is invalid. Allowed choices are classification, regression.",
  ),
  train(
    "--split",
    "alphabetical",
    "option '--split <how>' argument 'alphabetical' is invalid. Allowed choices are stratified, random, time, group.",
  ),
  train(
    "--format",
    "excel",
    "option '--format <format>' argument 'excel' is invalid. Allowed choices are csv, tsv, jsonl, json, parquet, npy, npz, idx.",
  ),
  train(
    "--delimiter",
    "",
    "option '--delimiter <text>' argument '' is invalid. It must be one character or more, such as ';', or tab, comma, semicolon, space, pipe.",
  ),
  train("--quote", "''", "option '--quote <mark>' argument '''' is invalid. It must be one character, or none."),
  train(
    "--columns",
    "a,,b",
    "option '--columns <names>' argument 'a,,b' is invalid. It must be names separated by commas, such as length,width,species.",
  ),
  train(
    "--kind",
    "height",
    "option '--kind <column=kind>' argument 'height' is invalid. It must be the name of a column, =, and a value.",
  ),
  train(
    "--kind",
    "height=float",
    "option '--kind <column=kind>' argument 'height=float' is invalid. It must be <column>=<kind>, a kind being one of number, category, boolean, date, text.",
  ),
  train(
    "--impute",
    "median",
    "option '--impute <column=rule>' argument 'median' is invalid. It must be the name of a column, =, and a value.",
  ),
  train("--threads", "0", "option '--threads <n>' argument '0' is invalid. It must be an integer ≥ 1, or auto."),
]);

const both = (name: string, options: readonly string[], says: string): BadInput =>
  line(name, ["train", "data.csv", "--target", "kind", ...QUICK, ...options], says);

catalogue("options that contradict each other", [
  both(
    "--resume without a checkpoint",
    ["--resume"],
    "--resume goes on from a checkpoint: name its folder by --checkpoint too.",
  ),
  both(
    "a model to standard output",
    ["--out", "-"],
    "--out: a model file is not for standard output. Name a file, such as model.safetensors.",
  ),
  both(
    "one file for two results",
    ["--report", "model.safetensors"],
    "--report and --out are the same file, model.safetensors. Give each a name of its own.",
  ),
  both(
    "one file for two results, spelt otherwise",
    ["--report", "./model.safetensors"],
    "--report and --out are the same file, ./model.safetensors. Give each a name of its own.",
  ),
  both(
    "the data file for the model",
    ["--out", "data.csv", "--force"],
    "--out and the data are the same file, data.csv. Give each a name of its own.",
  ),
  both(
    "the data file for the report",
    ["--report", "./data.csv", "--force"],
    "--report and the data are the same file, ./data.csv. Give each a name of its own.",
  ),
  both(
    "a test share with folds",
    ["--folds", "3", "--test", "0.3"],
    "option '--folds <n>' cannot be used with option '--test <share>'",
  ),

  both(
    "--balanced for numbers",
    ["--target", "height", "--balanced"],
    "--balanced weighs classes, and the target holds numbers. Leave it out, or take --task classification.",
  ),
  both(
    "--patience without validation",
    ["--patience", "3"],
    "--patience waits for a better validation loss, and --validation 0 asks for none. Leave one out.",
  ),
  both(
    "--dropout without hidden layers",
    ["--hidden", "none", "--dropout", "0.2"],
    "--dropout leaves hidden units out, and --hidden none asks for none. Leave one of them out.",
  ),
  both(
    "--activation without hidden layers",
    ["--hidden", "none", "--activation", "tanh"],
    "--activation is that of hidden units, and --hidden none asks for none. Leave one of them out.",
  ),
  both(
    "--unit of classes",
    ["--unit", "CHF"],
    "--unit is that of numbers, and the target has classes. Leave it out, or take --task regression.",
  ),
]);
