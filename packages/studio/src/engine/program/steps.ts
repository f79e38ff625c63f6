/** The training itself as code. */
import { isFullBatch, type State, widthsOf } from "../../state/index.ts";
import { ORDERS } from "../courses/index.ts";
import type { Edit, Trainer } from "../trainer.ts";
import type { Names } from "./names.ts";
import { float32 } from "./numbers.ts";
import { optimizerCode, regularizerCode } from "./settings.ts";

/** @returns the training up to the present step, with the weights that were changed by hand on the way */
export function stepsCode({ state, examples, step: steps, edits }: Trainer, names: Names): string {
  const training = isFullBatch(state)
    ? fullBatchCode(state, steps, edits, names)
    : batchesCode(state, examples.training?.points.length ?? 0, steps, edits, names);
  return edits.length === 0 ? training : `${training}\n\n${setCode(names)}`;
}

function batchesCode(state: State, count: number, steps: number, edits: readonly Edit[], names: Names): string {
  const [random, tensor] = [names.use("", "random"), names.use("", "tensor")];
  const regularizer = regularizerCode(state, names);
  const size = Math.min(state.batch, count);
  const during = edits.filter(({ step }) => step < steps);
  const after = edits.filter(({ step }) => step >= steps);
  return [
    "// The training: every epoch goes through all points, in an order that follows from the seed and its number.",
    `const steps = ${steps};`,
    `const train = ${names.use("train", "trainSteps")}(`,
    "  model,",
    `  ${optimizerCode(state, names)},`,
    "  (batch) => loss(model(batch.x), batch.y),",
    "  { x, y },",
    ...(regularizer === undefined ? [] : [`  { regularizer: ${regularizer} },`]),
    ");",
    `const key = ${random}.foldIn(${random}.key(${state.seed}), 0x${ORDERS.toString(16).padStart(4, "0")});`,
    `for (let epoch = 0, step = 0; step < steps; epoch++) {`,
    `  const order = ${random}.permutation(${random}.foldIn(key, epoch), points.length).dataSync();`,
    `  for (let first = 0; first < points.length && step < steps; first += ${size}, step++) {`,
    ...during.map((edit) => `    if (step === ${edit.step}) ${editCode(state, edit)}`),
    `    const rows = order.slice(first, first + ${size});`,
    `    train(${tensor}(rows, { dtype: "int32", shape: [1, rows.length] }));`,
    "  }",
    "}",
    ...after.map((edit) => editCode(state, edit)),
  ].join("\n");
}

function fullBatchCode(state: State, steps: number, edits: readonly Edit[], names: Names): string {
  const [functional, minimizeSteps] = [names.use("nn", "functional"), names.use("optim", "minimizeSteps")];
  const regularizer = regularizerCode(state, names);
  // After a change by hand the method begins anew.
  const calls: string[] = [];
  let at = 0;
  for (const edit of edits) {
    if (edit.step > at) calls.push(`await descend(${edit.step - at});`);
    at = edit.step;
    calls.push(editCode(state, edit));
  }
  if (steps > at || edits.length === 0) calls.push(`await descend(${steps - at});`);
  const Tensor = names.use("", "type Tensor").slice("type ".length);
  const objective =
    regularizer === undefined
      ? [`  const objective = (values: Record<string, ${Tensor}>) => loss(apply(values, x), y);`]
      : [`  const objective = (values: Record<string, ${Tensor}>) => loss(apply(values, x), y).add(penalty(values));`];
  return [
    "// The training: every step looks at all points, in double precision; the network has the weights rounded.",
    ...calls,
    "",
    "async function descend(steps: number) {",
    `  const boxes = ${names.use("nn", "params")}(model);`,
    `  const { parameters, apply } = ${functional}(model);`,
    ...(regularizer === undefined ? [] : penaltyCode(regularizer, Tensor)),
    ...objective,
    `  const options = { method: ${optimizerCode(state, names)}, dtype: "float64" } as const;`,
    `  const iterations = ${minimizeSteps}(objective, parameters, options);`,
    "  for (let step = 0; step < steps; step++) {",
    "    const { done, value } = await iterations.next();",
    "    if (done) return;",
    "    for (const [name, box] of Object.entries(boxes)) box.value = value.parameters[name].cast(box.dtype);",
    "  }",
    "}",
  ].join("\n");
}

const penaltyCode = (regularizer: string, Tensor: string): string[] => [
  `  const penalty = (values: Record<string, ${Tensor}>) =>`,
  `    ${regularizer}(`,
  "      Object.fromEntries(",
  "        Object.entries(boxes).map(([name, { regularize }]) => [name, { value: values[name], regularize }]),",
  "      ),",
  "    );",
];

/** @example set("2.weight", 5, 0.25); */
function editCode(state: State, { layer, from, to, value }: Edit): string {
  const [inputs, width] = widthsOf(state).slice(layer, layer + 2) as [number, number];
  const [name, index] = from < 0 || from >= inputs ? ["bias", to] : ["weight", from * width + to];
  return `set("${2 * layer}.${name}", ${index}, ${float32(value)});`;
}

const setCode = (names: Names): string =>
  [
    "/** Changes one weight, as was done by hand. */",
    "function set(name: string, index: number, value: number) {",
    "  const values = Float32Array.from(weights[name].value.dataSync());",
    "  values[index] = value;",
    `  weights[name].value = ${names.use("", "tensor")}(values, { shape: weights[name].shape });`,
    "}",
  ].join("\n");
