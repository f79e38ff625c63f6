/**
 * A run as a program that gives its weights to the last bit: `index.ts` puts it together, `settings.ts` writes what is chosen,
 * `steps.ts` the training, `numbers.ts` and `names.ts` what each of them needs.
 */
import type { Part } from "../../data/index.ts";
import { COLUMNS, isRegression, outputsOf, type State, toLink, widthsOf } from "../../state/index.ts";
import type { Trainer } from "../trainer.ts";
import { Names } from "./names.ts";
import { float32, list } from "./numbers.ts";
import { FEATURE_CODE, lossCode, modelCode } from "./settings.ts";
import { stepsCode } from "./steps.ts";

/** The program of a training up to where it is. */
export function programOf(trainer: Trainer): string {
  const { state, examples, step: steps, edits } = trainer;
  const names = new Names();
  const rows = rowsOf(state, examples.training);
  const parts = [
    dataCode(state, rows.length, names),
    networkCode(state, names, edits.length > 0),
    `// What a mistake costs.\nconst loss = ${lossCode(state, names)};`,
    stepsCode(trainer, names),
    `const cost = loss(model(x), y).itemSync();\nconsole.log(\`The training loss after ${steps} step${steps === 1 ? "" : "s"} is \${cost.toPrecision(3)}.\`);`,
    pointsCode(rows, columnsOf(state)),
  ];
  return `${headCode(state, steps)}\n${names}\n\n${parts.join("\n\n")}\n`;
}

const headCode = (state: State, steps: number): string =>
  [
    "/**",
    ` * A training of Chainrule Studio: a network of ${widthsOf(state).join(" → ")} units, ${steps} steps. Where chainrule is`,
    " * installed, Node 24 runs it as it is, and has the weights of the page to the last bit.",
    " *",
    ` * The settings of the page: #${toLink({ ...state, part: "playground", weights: null, own: [], table: null })}`,
    " */",
  ].join("\n");

/** The further columns of a table that are inputs. */
const columnsOf = ({ features }: State) => COLUMNS.filter((name) => features.includes(name));

/** x, y, the target and those columns of each example. */
const rowsOf = (state: State, part: Part | undefined): number[][] =>
  (part?.points ?? []).map((point, i) => [
    ...point,
    ...columnsOf(state).map((name) => part?.more[i]?.[COLUMNS.indexOf(name)] ?? 0),
  ]);

function dataCode(state: State, count: number, names: Names): string {
  const tensor = names.use("", "tensor");
  const value = isRegression(state) ? "value" : "label";
  const single = isRegression(state) || outputsOf(state) === 1;
  const plain = state.features.join() === "x,y";
  const features = plain
    ? [`const x = ${tensor}(points.map(([x, y]) => [x, y]));`]
    : [
        ...(["px", "py"] as const)
          .filter((name) => state.features.some((feature) => FEATURE_CODE[feature].includes(name)))
          .map((name) => {
            const point = name === "px" ? "[x]" : "[, y]";
            return `const ${name} = ${tensor}(points.map((${point}) => [${name.slice(1)}]));`;
          }),
        ...columnsOf(state).map((name, i) => `const ${name} = ${tensor}(points.map((point) => [point[${i + 3}]]));`),
        `const x = ${names.use("", "concatenate")}([${state.features.map((name) => FEATURE_CODE[name]).join(", ")}], 1);`,
      ];
  return [
    `// What is learned from: ${count} point${count === 1 ? "" : "s"}, x, y and the ${isRegression(state) ? "value" : "class"} of each${columnsOf(state).length > 0 ? ", and further columns" : ""}.`,
    "const points = trainingPoints();",
    ...features,
    single
      ? `const y = ${tensor}(points.map(([, , ${value}]) => [${value}]));`
      : `const y = ${tensor}(\n  points.map(([, , label]) => label),\n  { dtype: "int32" },\n);`,
  ].join("\n");
}

function networkCode(state: State, names: Names, edited: boolean): string {
  const model = `export const model = ${modelCode(state, names)};`;
  const weights = `const weights = ${state.weights !== null || edited ? `${names.use("nn", "params")}(model)` : ""};`;
  if (state.weights === null) {
    return [
      "// The network, and its weights at the start.",
      model,
      `${names.use("nn", "initialize")}(model, { seed: ${state.seed} });`,
      ...(edited ? [weights] : []),
    ].join("\n");
  }
  const tensor = names.use("", "tensor");
  return [
    "// The network, and the weights it starts from.",
    model,
    weights,
    ...parametersOf(state).map(({ name, rows, at }) => {
      const numbers = (from: number, count: number): string[] =>
        (state.weights ?? []).slice(from, from + count).map(float32);
      const matrix =
        rows.length === 1
          ? list(numbers(at, rows[0] as number), "")
          : `[\n${Array.from({ length: rows[0] as number }, (_, row) => {
              const width = rows[1] as number;
              return `  ${list(numbers(at + row * width, width), "  ")},\n`;
            }).join("")}]`;
      return `weights["${name}"].value = ${tensor}(${matrix});`;
    }),
  ].join("\n");
}

/** The parameters in the order of a state's weights: their names, shapes and places. */
function parametersOf(state: State): { name: string; rows: number[]; at: number }[] {
  const widths = widthsOf(state);
  let at = 0;
  return widths.slice(1).flatMap((width, layer) => {
    const inputs = widths[layer] as number;
    const [matrix, bias] = [at, at + inputs * width];
    at = bias + width;
    return [
      { name: `${2 * layer}.weight`, rows: [inputs, width], at: matrix },
      { name: `${2 * layer}.bias`, rows: [width], at: bias },
    ];
  });
}

/** A function, which may stand at the end, where it is not in the way. */
function pointsCode(rows: readonly (readonly number[])[], columns: readonly string[]): string {
  const all = list(
    rows.map((point) => `[${point.map(float32).join(", ")}]`),
    "  ",
  );
  const types = ["x", "y", "target", ...columns].map((name) => `${name}: number`);
  return `function trainingPoints(): [${types.join(", ")}][] {\n  return ${all};\n}`;
}
