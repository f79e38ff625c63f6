/** Tables from which nothing can be learned, or not what was asked for. */
import { type BadInput, catalogue, plants, QUICK } from "../support/catalogue.ts";

/** What `chainrule train` is told of a table. */
const table = (name: string, content: string, says: BadInput["says"], ...options: string[]): BadInput => ({
  name,
  files: { "data.csv": content },
  args: ["train", "data.csv", "--target", "kind", ...options, ...QUICK],
  says,
});

const rows = (count: number, row: (i: number) => string): string => Array.from({ length: count }, (_, i) => `${row(i)}\n`).join("");

catalogue("the target", [
  { ...table("none is named", plants(), "?"), args: ["train", "data.csv"] },
  table("it is misspelt", plants(), "?", "--target", "kinds"),
  table("it is in other letters", plants(), "?", "--target", "KIND"),
  table("there is nothing like it", plants(), "?", "--target", "price"),
  table("it has an odd name, misspelt", 'height,"a ""b""\n\u001b[31mc",kind\n1,2,x\n', "?", "--target", 'a "b" c'),
  table("it has one class", plants(12, ["rose"]), "?"),
  table("it has one number", `height,kind\n${rows(20, (i) => `${i},7`)}`, "?"),
  table("it has no value", `height,kind\n${rows(20, (i) => `${i},`)}`, "?"),
  table("it has one value", `height,kind\n${rows(20, (i) => `${i},${i === 3 ? "rose" : "NA"}`)}`, "?"),
  table("it is infinite", `height,kind\n${rows(20, (i) => `${i},${i === 3 ? "inf" : i + 0.5}`)}`, "?"),
  table("it is too large for a number", `height,kind\n${rows(20, (i) => `${i},${i === 3 ? "1e999" : i + 0.5}`)}`, "?"),
  table("a class has one row", `${plants()}9,9,moss\n`, "?"),
  table("every row is a class of its own", `height,kind\n${rows(100, (i) => `${i},plant ${i}`)}`, "?"),
  table("a million classes", `height,kind\n${rows(1e6, (i) => `${i % 97},plant ${i}`)}`, "?"),
  table("words are told to be numbers", plants(), "?", "--task", "regression"),
  table("numbers with fractions are told to be classes", `height,kind\n${rows(60, (i) => `${i},${i + 0.5}`)}`, "?", "--task", "classification"),
  table("it is left out", plants(), "?", "--drop", "kind"),
]);

catalogue("the columns to learn from", [
  table("there is none", `kind\n${rows(20, (i) => (i % 2 ? "rose" : "oak"))}`, "?"),
  table("none has a value", `height,leaves,kind\n${rows(20, (i) => `,NA,${i % 2 ? "rose" : "oak"}`)}`, "?"),
  table("all are constant", `height,leaves,kind\n${rows(20, (i) => `1,2,${i % 2 ? "rose" : "oak"}`)}`, "?"),
  table("a million categories", `name,kind\n${rows(1e6, (i) => `plant ${i},${i % 2 ? "rose" : "oak"}`)}`, "?"),
  table("all are left out", plants(), "?", "--drop", "height", "--drop", "leaves"),
  table("one to leave out is not there", plants(), "?", "--drop", "heigth"),
  table("a number is infinite", `height,kind\n${rows(20, (i) => `${i === 4 ? "-Infinity" : i},${i % 2 ? "rose" : "oak"}`)}`, "?"),
  table("a number is too large", `height,kind\n${rows(20, (i) => `${i === 4 ? "1e400" : i},${i % 2 ? "rose" : "oak"}`)}`, "?"),
  table("words are told to be numbers", `${plants()}tall,3,rose\n`, "?", "--kind", "height=number"),
  table("numbers are told to be dates", plants(), "?", "--kind", "height=date"),
  table("numbers are told to be yes or no", plants(), "?", "--kind", "height=boolean"),
  table("a kind for a column that is not there", plants(), "?", "--kind", "hieght=number"),
  table("a rule for a column that is not there", plants(), "?", "--impute", "hieght=median"),
  table("a median of words", `colour,height,kind\n${rows(20, (i) => `${i % 3 ? "red" : "blue"},${i},${i % 2 ? "rose" : "oak"}`)}`, "?", "--impute", "colour=median"),
  table("a word for missing numbers", plants(), "?", "--impute", "height=tall"),
  table("a decimal comma that was not told", `height;leaves;kind\n${rows(20, (i) => `${i},5;${i},25;${i % 2 ? "rose" : "oak"}`)}`, "?"),
]);

catalogue("which rows are held back", [
  table("too few rows", plants(1), "?"),
  table("a test that leaves nothing", plants(), "?", "--test", "0.999"),
  table("a validation that leaves nothing", plants(), "?", "--validation", "0.999"),
  table("more folds than rows", plants(), "?", "--folds", "100"),
  table("groups without their column", plants(), "?", "--split", "group"),
  table("groups by a column that is not there", plants(), "?", "--split", "group", "--by", "gardener"),
  table("one group", `bed,height,kind\n${rows(20, (i) => `1,${i},${i % 2 ? "rose" : "oak"}`)}`, "?", "--split", "group", "--by", "bed"),
  table("more folds than groups", `bed,height,kind\n${rows(20, (i) => `${i % 3},${i},${i % 2 ? "rose" : "oak"}`)}`, "?", "--split", "group", "--by", "bed", "--folds", "5"),
  table("times that are words", `day,height,kind\n${rows(20, (i) => `${i % 2 ? "Mon" : "Tue"},${i},${i % 2 ? "rose" : "oak"}`)}`, "?", "--split", "time", "--by", "day"),
  table("a row without its time", `day,height,kind\n${rows(20, (i) => `${i === 7 ? "" : i},${i * 3},${i % 2 ? "rose" : "oak"}`)}`, "?", "--split", "time", "--by", "day"),
  table("a column of groups and no groups", plants(), "?", "--by", "leaves"),
  table("classes of a number", `height,kind\n${rows(40, (i) => `${i},${i * 1.5}`)}`, "?", "--split", "stratified"),
]);
