/** What each stage of the way through the network is called, and what happens there. */
import { CHOICE, featureNamed } from "../panels/index.ts";
import { classNamed, columnOf, isRegression, lastStage, outputsOf, type State, widthsOf } from "../state/index.ts";

export interface Stage {
  /** On its button. */
  readonly name: string;
  readonly term: string;
  /** What is seen there. */
  readonly words: string;
  /** What its axes may be. */
  readonly units: readonly string[];
}

export const stagesOf = (state: State): Stage[] =>
  Array.from({ length: lastStage(state) + 1 }, (_, stage) => stageOf(state, stage));

function stageOf(state: State, stage: number): Stage {
  const units = unitsOf(state, columnOf(stage));
  const layer = columnOf(stage);
  if (stage === 0) {
    const plain = state.features.every((name) => name === "x" || name === "y");
    const words = plain
      ? "The plane as it comes in: straight lines, evenly spaced."
      : "The plane as the chosen features show it. Features such as x² bend it before the first layer does.";
    return { name: "Input", term: "features", words, units };
  }
  if (stage === lastStage(state)) {
    const words =
      units.length === 1
        ? `The last layer puts everything on one line. ${isRegression(state) ? "The place on it is the answer." : "What matters now is only the side on which a point lies."}`
        : "Each class has its own axis. A point goes to the class in which it lies farthest.";
    return { name: "Output", term: isRegression(state) ? "ŷ" : "logits", words, units };
  }
  if (stage % 2 === 1) {
    const words =
      "Weights and bias turn, stretch, shear and shift the space. Straight lines stay straight: no sum alone can bend them.";
    return { name: `Layer ${layer}: sums`, term: `z = ${layer === 1 ? "x" : "a"}·W + b`, words, units };
  }
  return {
    name: `Layer ${layer}: bent`,
    term: state.activation === "linear" ? "a = z" : `a = ${CHOICE.activation[state.activation]}(z)`,
    words: BENT[state.activation],
    units,
  };
}

const SQUEEZED = "Each unit bends its own axis. What lies far out is squeezed together at the edges of the square.";
const FOLDED = "Each unit folds its own axis: everything below 0 is";
const BENT: Readonly<Record<State["activation"], string>> = {
  tanh: SQUEEZED,
  sigmoid: SQUEEZED,
  relu: `${FOLDED} laid flat on the edge.`,
  leakyRelu: `${FOLDED} pressed together, close to the edge.`,
  elu: `${FOLDED} curved towards −1.`,
  gelu: `${FOLDED} curved towards the edge.`,
  silu: `${FOLDED} curved towards the edge.`,
  linear: "The activation is linear: nothing is bent, and all layers together are worth one.",
};

/** The units of a column, as axes are named. */
function unitsOf(state: State, column: number): string[] {
  if (column === 0) return state.features.map((name) => featureNamed(state, name));
  const count = widthsOf(state)[column] ?? 1;
  if (column > state.layers.length) {
    if (outputsOf(state) === 1) return [isRegression(state) ? "output" : `output for ${classNamed(state, 1)}`];
    return Array.from({ length: count }, (_, k) => classNamed(state, k));
  }
  return Array.from({ length: count }, (_, k) => `unit ${k + 1}`);
}
