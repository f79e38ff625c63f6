/** What is in a new project. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { formatRow } from "../../files/index.ts";
import type { Loaded } from "../../prepare/index.ts";
import { count } from "../../render/format.ts";
import { label } from "../../render/text.ts";

/** The published command holds it too, since it holds its sources. */
export const TEMPLATE = new URL("../../../src/commands/init/template/", import.meta.url);

/** What the project is made of, by paths in it. @param name of its folder */
export function projectFiles(name: string, loaded: Loaded): Record<string, string> {
  const data = `${fileName(loaded.name)}.csv`;
  return {
    "package.json": json(manifest(name)),
    "tsconfig.json": json(TSCONFIG),
    "README.md": readme(name, data, loaded),
    ".gitignore": "node_modules/\nmodel.safetensors\n",
    "src/data.ts": template("data.ts", []),
    "src/train.ts": template("train.ts", trainingFor(data, loaded)),
    "src/predict.ts": template("predict.ts", [["iris.csv", data]]),
    [`data/${data}`]: [loaded.all.names, ...rowsOf(loaded)].map((cells) => formatRow(cells)).join(""),
  };
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const manifest = (name: string): object => ({
  name: packageName(name),
  version: "0.1.0",
  private: true,
  type: "module",
  // Node runs TypeScript by itself since then.
  engines: { node: ">=22.18" },
  scripts: { train: "node src/train.ts", predict: "node src/predict.ts", check: "tsc" },
  dependencies: { chainrule: `^${libraryVersion()}` },
  devDependencies: { "@types/node": "^22.18.0", typescript: "^5.9.3" },
});

const libraryVersion = (): string =>
  (createRequire(import.meta.url)("chainrule/package.json") as { version: string }).version;

/** As npm allows it. */
const packageName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "") || "my-project";

/** That of the data without folders and endings, and without what a shell or a URL would take for something else. */
const fileName = (name: string): string =>
  basename(name)
    .replace(/(\.(csv|tsv|txt|jsonl|ndjson|json|parquet|npy|npz|gz))+$/i, "")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|-+$/g, "") || "data";

/** What Node runs without compiling; `npm run check` looks at the types. */
const TSCONFIG = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2024"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    noImplicitReturns: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["src"],
};

/** A file of the template, with parts replaced. */
function template(name: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the template ${name} has no ${from}`);
      return text.replace(from, () => to);
    },
    readFileSync(new URL(`src/${name}`, TEMPLATE), "utf8"),
  );
}

/** The template tells classes apart; numbers are measured otherwise, and have no classes to keep the shares of. */
function trainingFor(data: string, loaded: Loaded): [string, string][] {
  const { target, task } = loaded;
  const changes: [string, string][] = [
    ["iris.csv", data],
    ['"species"', JSON.stringify(target)],
  ];
  if (task.task === "regression") {
    changes.push(
      ['metrics: ["accuracy"]', 'metrics: ["r2", "rmse"]'],
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is text of the project
      [
        "console.log(`${(100 * scores.accuracy).toFixed(1)} % right`);",
        "// The network learns numbers of mean 0 and deviation 1; the error is told on the scale of the data.\n" +
          "const rmse = scores.rmse * target.deviation;\n" +
          "console.log(`R² ${scores.r2.toFixed(3)}, root mean squared error ${rmse.toPrecision(4)}`);",
      ],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is text of the project
    );
  }
  if (task.task === "regression" || fewest(loaded) < PARTS) changes.push([', strategy: "stratified"', ""]);
  return changes;
}

/** Into so many parts the template cuts the rows. */
const PARTS = 3;

/** The rows of the rarest class. */
function fewest({ table, target }: Loaded): number {
  const counts = new Map<string, number>();
  for (const cell of table.column(target)) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
  return Math.min(...counts.values());
}

const rowsOf = ({ all }: Loaded) =>
  Array.from({ length: all.length }, (_, row) => all.columns.map((column) => column[row] ?? null));

const readme = (name: string, data: string, { target, all, task }: Loaded): string => `# ${label(name, 60)}

Learns to predict \`${label(target, 60).replaceAll("`", "'")}\` from the other columns of [data/${data}](data/${encodeURI(data)}), ${count(all.length, "row")}: a
${task.task === "regression" ? "regression" : "classification"}, since ${task.reason}.

    npm install
    npm run train                         trains, measures, writes model.safetensors
    npm run predict                       predicts for the rows of data/${data}
    npm run predict -- other.csv          and for those of another file
    npm run check                         looks at the types

| file | what is in it |
|---|---|
| \`src/train.ts\` | which rows are for what, the network, how it is trained; all of it is yours to change |
| \`src/predict.ts\` | predictions of the saved model, a line of JSON for each row |
| \`src/data.ts\` | reads CSV |

Node runs the TypeScript as it is. \`model.safetensors\` holds the preprocessing with the weights, so \`chainrule eval\`, \`explain\` and
\`export\` take it too.
`;
