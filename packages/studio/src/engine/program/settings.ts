/** What a state's settings are as calls of the library; `../network.ts` makes the same calls. */
import {
  COLUMNS,
  type FeatureName,
  isFullBatch,
  isRegression,
  outputsOf,
  type State,
  widthsOf,
} from "../../state/index.ts";
import type { Names } from "./names.ts";

/** The layers, and what is between them. */
export function modelCode(state: State, names: Names): string {
  const widths = widthsOf(state);
  const dense = names.use("nn", "dense");
  const init = initializerCode(state, names);
  const layers = widths.slice(1).map((width, i) => `${dense}(${widths[i]}, ${width}${init})`);
  const between = (i: number): string[] => (i < layers.length - 1 ? [activationCode(state, names)] : []);
  return `${names.use("nn", "sequential")}(\n${layers
    .flatMap((layer, i) => [layer, ...between(i)])
    .map((part) => `  ${part},\n`)
    .join("")})`;
}

function activationCode({ activation }: State, names: Names): string {
  const name = names.use("nn", activation);
  return activation === "leakyRelu" || activation === "elu" ? `${name}()` : name;
}

/** Weights that are given need none; Glorot's is the usual one. */
function initializerCode({ initializer, weights }: State, names: Names): string {
  if (weights !== null || initializer === "glorotUniform") return "";
  const name = names.use("nn", initializer);
  return `, { weightInit: ${initializer === "normal" ? `${name}({ deviation: 0.5 })` : name} }`;
}

/** The loss of raw outputs. */
export function lossCode(state: State, names: Names): string {
  if (isRegression(state)) {
    return names.use(
      "loss",
      { squaredError: "meanSquaredError", absoluteError: "meanAbsoluteError", huber: "huber" }[state.valueLoss],
    );
  }
  const outputs = outputsOf(state);
  if (state.classLoss === "crossEntropy")
    return names.use("loss", outputs === 1 ? "binaryCrossEntropy" : "softmaxCrossEntropy");
  const [said, wanted] = outputs === 1 ? ["sigmoid", "target"] : ["softmax", `target.oneHot(${outputs})`];
  const Tensor = names.use("", "type Tensor").slice("type ".length);
  return `(outputs: ${Tensor}, target: ${Tensor}) => ${names.use("loss", "meanSquaredError")}(outputs.${said}(), ${wanted})`;
}

export function optimizerCode(state: State, names: Names): string {
  const { optimizer, momentum } = state;
  const rate = `learningRate: ${scheduleCode(state, names)}`;
  if (isFullBatch(state)) return `${names.use("optim", optimizer)}()`;
  if (optimizer === "momentum") return `${names.use("optim", "sgd")}({ ${rate}, momentum: ${momentum} })`;
  if (optimizer === "nesterov")
    return `${names.use("optim", "sgd")}({ ${rate}, momentum: ${momentum}, nesterov: true })`;
  return `${names.use("optim", optimizer)}({ ${rate} })`;
}

function scheduleCode({ rate, schedule, decaySteps }: State, names: Names): string {
  if (schedule === "constant") return String(rate);
  const options = {
    inverseTime: `decay: 1 / ${decaySteps}`,
    stepDecay: `factor: 0.5, every: ${decaySteps}`,
    exponential: `factor: 0.5, every: ${decaySteps}`,
    cosine: `steps: ${decaySteps}`,
  }[schedule];
  return `${names.use("optim", schedule)}(${rate}, { ${options} })`;
}

/** Undefined if weights cost nothing. */
export const regularizerCode = ({ regularizer, penalty }: State, names: Names): string | undefined =>
  regularizer === "none" ? undefined : `${names.use("optim", regularizer)}(${penalty})`;

/** Features of columns `px` and `py`, and the further columns of a table. */
export const FEATURE_CODE: Readonly<Record<FeatureName, string>> = {
  x: "px",
  y: "py",
  xx: "px.square()",
  yy: "py.square()",
  xy: "px.mul(py)",
  sinx: "px.sin()",
  siny: "py.sin()",
  ...(Object.fromEntries(COLUMNS.map((name) => [name, name])) as Record<(typeof COLUMNS)[number], string>),
};
