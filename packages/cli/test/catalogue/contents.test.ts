/** Tables from which nothing can be learned, or not what was asked for. */
import { type BadInput, catalogue, plants, QUICK } from "../support/catalogue.ts";

/** What `chainrule train` is told of a table. */
const table = (name: string, content: string, says: BadInput["says"], ...options: string[]): BadInput => ({
  name,
  files: { "data.csv": content },
  args: ["train", "data.csv", "--target", "kind", ...options, ...QUICK],
  says,
});

const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join("");

catalogue("the target", [
  {
    ...table(
      "none is named",
      plants(),
      "required option '--target <column>' not specified\nName the column to predict by --target; chainrule inspect data.csv lists the columns.",
    ),
    args: ["train", "data.csv"],
  },
  table(
    "it is misspelt",
    plants(),
    '--target: there is no column "kinds"; did you mean "kind"? The columns are "height", "leaves", "kind".',
    "--target",
    "kinds",
  ),
  table(
    "it is in other letters",
    plants(),
    '--target: there is no column "KIND"; did you mean "kind"? The columns are "height", "leaves", "kind".',
    "--target",
    "KIND",
  ),
  table(
    "there is nothing like it",
    plants(),
    '--target: there is no column "price". The columns are "height", "leaves", "kind".',
    "--target",
    "price",
  ),
  table(
    "it has an odd name, misspelt",
    'height,"a ""b""\n\u001b[31mc",kind\n1,2,x\n',
    '--target: there is no column "a \\"b\\" c". The columns are "height", "a \\"b\\"\\n\\u001b[31mc", "kind".',
    "--target",
    'a "b" c',
  ),
  table(
    "it has one class",
    plants(12, ["rose"]),
    'data.csv: the target "kind" is "rose" in all 12 rows that have a value: there is nothing to tell apart. Give rows with other values, or another target.',
  ),
  table(
    "it has one number",
    `height,kind\n${rows(20, (i) => `${i},7`)}`,
    'data.csv: the target "kind" is "7" in all 20 rows that have a value: there is nothing to tell apart. Give rows with other values, or another target.',
  ),
  table(
    "it has no value",
    `height,kind\n${rows(20, (i) => `${i},`)}`,
    'data.csv: the target "kind" has no value in any of the 20 rows. Give rows that have one, or another target.',
  ),
  table(
    "it has one value",
    `height,kind\n${rows(20, (i) => `${i},${i === 3 ? "rose" : "NA"}`)}`,
    'data.csv: the target "kind" is "rose" in the only row that has a value: there is nothing to tell apart. Give rows with other values, or another target.',
  ),
  table(
    "it is infinite",
    `height,kind\n${rows(20, (i) => `${i},${i === 3 ? "inf" : i + 0.5}`)}`,
    'data.csv, line 5: column "kind" has Infinity. Correct it, drop the row, or leave the cell empty.',
  ),
  table(
    "it is too large for a number",
    `height,kind\n${rows(20, (i) => `${i},${i === 3 ? "1e999" : i + 0.5}`)}`,
    'data.csv, line 5: column "kind" has Infinity. Correct it, drop the row, or leave the cell empty.',
  ),
  table(
    "every row is a class of its own",
    `height,kind\n${rows(100, (i) => `${i},plant ${i}`)}`,
    'data.csv: each of the 100 rows has a target "kind" of its own, such as "plant 0": classes must come again. Is it an identifier, a date or a text? Choose another target.',
  ),
  table(
    "a hundred thousand classes",
    `height,kind\n${rows(1e5, (i) => `${i % 97},plant ${i}`)}`,
    'data.csv: each of the 100000 rows has a target "kind" of its own, such as "plant 0": classes must come again. Is it an identifier, a date or a text? Choose another target.',
  ),
  table(
    "words are told to be numbers",
    plants(),
    'data.csv, line 2: the target "kind" has words among its numbers, 36 of 36: "rose". Correct them or drop these rows; if they are names of classes, ask for classification.',
    "--task",
    "regression",
  ),
  table(
    "numbers with fractions are told to be classes",
    `height,kind\n${rows(60, (i) => `${i},${i + 0.5}`)}`,
    'data.csv: each of the 60 rows has a target "kind" of its own, such as "0.5": classes must come again. Is it an identifier, a date or a text? Choose another target.',
    "--task",
    "classification",
  ),
  table("it is left out", plants(), '--drop: "kind" is the target. Drop another column.', "--drop", "kind"),
]);

catalogue("the columns to learn from", [
  table(
    "there is none",
    `kind\n${rows(20, (i) => (i % 2 ? "rose" : "oak"))}`,
    'data.csv has no column beside the target "kind", so there is nothing to learn from.',
  ),
  table(
    "none has a value",
    `height,leaves,kind\n${rows(20, (i) => `,NA,${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv has no column to learn from beside the target: "height" (empty: no row has a value); "leaves" (empty: no row has a value). If one is wrongly judged, say what it holds, as in --kind name=category.',
  ),
  table(
    "all are constant",
    `height,leaves,kind\n${rows(20, (i) => `1,2,${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv has no column to learn from beside the target: "height" (constant: all rows have "1": nothing can be learned from it); "leaves" (constant: all rows have "2": nothing can be learned from it). If one is wrongly judged, say what it holds, as in --kind name=category.',
  ),
  table(
    "a million categories",
    `name,kind\n${rows(1e6, (i) => `plant ${i},${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv has no column to learn from beside the target: "name" (identifier: every row has another value: it names the rows and says nothing about others). If one is wrongly judged, say what it holds, as in --kind name=category.',
  ),
  table(
    "all are left out",
    plants(),
    'data.csv has no column to learn from beside the target: "height" (number: left out by --drop); "leaves" (number: left out by --drop). If one is wrongly judged, say what it holds, as in --kind name=category.',
    "--drop",
    "height",
    "--drop",
    "leaves",
  ),
  table(
    "one to leave out is not there",
    plants(),
    '--drop: there is no column "heigth"; did you mean "height"? The columns are "height", "leaves", "kind".',
    "--drop",
    "heigth",
  ),
  table(
    "a number is infinite",
    `height,kind\n${rows(20, (i) => `${i === 4 ? "-Infinity" : i},${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv, line 6: column "height" has -Infinity. Correct it, drop the row, or leave the cell empty.',
  ),
  table(
    "a number is too large",
    `height,kind\n${rows(20, (i) => `${i === 4 ? "1e400" : i},${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv, line 6: column "height" has Infinity. Correct it, drop the row, or leave the cell empty.',
  ),
  table(
    "words are told to be numbers",
    `kind,colour\n${rows(20, (i) => `${i % 2 ? "rose" : "oak"},red ${i % 3}`)}`,
    'data.csv, line 2: column "colour" cannot be of the kind "number": none of its 20 values fits, such as "red 0".',
    "--kind",
    "colour=number",
  ),
  table(
    "numbers are told to be dates",
    plants(),
    'data.csv, line 2: column "height" cannot be of the kind "date" (iso): none of its 36 values fits, such as "10".',
    "--kind",
    "height=date",
  ),
  table(
    "numbers are told to be yes or no",
    plants(),
    'data.csv, line 2: column "height" cannot be of the kind "boolean": none of its 36 values fits, such as "10".',
    "--kind",
    "height=boolean",
  ),
  table(
    "a kind for a column that is not there",
    plants(),
    '--kind: there is no column "hieght"; did you mean "height"? The columns are "height", "leaves", "kind".',
    "--kind",
    "hieght=number",
  ),
  table(
    "a rule for a column that is not there",
    plants(),
    '--impute: there is no column "hieght"; did you mean "height"? The columns are "height", "leaves", "kind".',
    "--impute",
    "hieght=median",
  ),
  table(
    "a median of words",
    `colour,height,kind\n${rows(20, (i) => `${i % 3 ? "red" : "blue"},${i},${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv: missing values of column "colour", a category, cannot be replaced by "median"; there are "category", "most-frequent" and one of its categories.',
    "--impute",
    "colour=median",
  ),
  table(
    "a word for missing numbers",
    plants(),
    'data.csv: missing values of column "height", a number, cannot be replaced by "tall"; there are "median", "mean", "most-frequent" and a number.',
    "--impute",
    "height=tall",
  ),
  table(
    "a decimal comma that was not told",
    `height;leaves;kind\n${rows(20, (i) => `${i},5;${i},25;${i % 2 ? "rose" : "oak"}`)}`,
    'data.csv has no column to learn from beside the target: "height" (identifier: numbers with separators or units, such as "0,5", which count as words: write them as 1234.5 to have quantities); "leaves" (identifier: numbers with separators or units, such as "0,25", which count as words: write them as 1234.5 to have quantities). If one is wrongly judged, say what it holds, as in --kind name=category. Of the file: delimiter ";"; values such as "0,5" stay texts: to read them as numbers, use --decimal-comma.',
  ),
]);

catalogue("which rows are held back", [
  table(
    "too few rows",
    plants(1),
    "data.csv has 3 rows with a target, too few to hold some back for a test. Give more rows, or take --test 0.",
  ),
  table(
    "a test that leaves nothing",
    plants(),
    '--test 0.999 leaves 1 row to learn from, with "rose" as the only value of the target "kind". Take a smaller share, or another --split.',
    "--test",
    "0.999",
    "--split",
    "time",
  ),
  table(
    "more folds than rows",
    plants(),
    "36 rows cannot be parted into 100 folds. Use fewer with --folds, at least 2, or more data.",
    "--folds",
    "100",
  ),
  table(
    "groups without their column",
    plants(),
    "--split group needs the column of the groups, as in --split group --by patient.",
    "--split",
    "group",
  ),
  table(
    "groups by a column that is not there",
    plants(),
    '--by: there is no column "gardener". The columns are "height", "leaves", "kind".',
    "--split",
    "group",
    "--by",
    "gardener",
  ),
  table(
    "one group",
    `bed,height,kind\n${rows(20, (i) => `1,${i},${i % 2 ? "rose" : "oak"}`)}`,
    '--split group: all rows are of one group of "bed", and groups are not parted. Take another column, or --test 0.',
    "--split",
    "group",
    "--by",
    "bed",
  ),
  table(
    "more folds than groups",
    `bed,height,kind\n${rows(20, (i) => `${i % 3},${i},${i % 2 ? "rose" : "oak"}`)}`,
    "3 groups cannot be parted into 5 folds. Use fewer with --folds, at least 2, or more data.",
    "--split",
    "group",
    "--by",
    "bed",
    "--folds",
    "5",
  ),
  table(
    "times that are words",
    `day,height,kind\n${rows(20, (i) => `${i % 2 ? "Mon" : "Tue"},${i},${i % 2 ? "rose" : "oak"}`)}`,
    '--by: the column "day" holds neither dates nor numbers, so rows have no order by it.',
    "--split",
    "time",
    "--by",
    "day",
  ),
  table(
    "a row without its time",
    `day,height,kind\n${rows(20, (i) => `${i === 7 ? "" : i},${i * 3},${i % 2 ? "rose" : "oak"}`)}`,
    '--by: data.csv, line 9, has no time in the column "day". Drop the row, or fill it in.',
    "--split",
    "time",
    "--by",
    "day",
  ),
  table(
    "a column of groups and no groups",
    plants(),
    "--by names the column of groups or times: it belongs to --split group or --split time.",
    "--by",
    "leaves",
  ),
  table(
    "classes of a number",
    `height,kind\n${rows(40, (i) => `${i},${i * 1.5}`)}`,
    "--split stratified needs classes, and the target holds numbers. Take --split random.",
    "--split",
    "stratified",
  ),
]);
