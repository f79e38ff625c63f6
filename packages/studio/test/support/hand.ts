/** A network that is small enough to be worked out by hand: 2 inputs, one tanh unit, one output of two classes. */
import { change, INITIAL, type State } from "../../src/state/index.ts";

const POINTS = [
  [1, 2, 1],
  [-1, 0.5, 0],
] as const;
/** Into the hidden unit, its bias, into the output, its bias. */
const [W1, W2, B, V, C] = [0.5, -0.25, 0.1, 2, -0.3];

export const HAND: State = change(INITIAL, {
  data: "own",
  own: POINTS,
  layers: [1],
  weights: [W1, W2, B, V, C],
});

const weights = [W1, W2, B, V, C].map(Math.fround) as [number, number, number, number, number];

/** z = w₁x + w₂y + b, a = tanh z, p = σ(va + c), L the mean of −ln of the probability of the right class. */
export function handCalculation() {
  const [w1, w2, b, v, c] = weights;
  const examples = POINTS.map(([x, y, target]) => {
    const a = Math.tanh(w1 * x + w2 * y + b);
    const output = v * a + c;
    const p = 1 / (1 + Math.exp(-output));
    // ∂L/∂output = (p − target)/n for the logistic function with cross-entropy, and δ = ∂L/∂z = ∂L/∂output · v · tanh′(z).
    const back = (p - target) / POINTS.length;
    return { x, y, a, output, back, delta: back * v * (1 - a * a), loss: -Math.log(target === 1 ? p : 1 - p) };
  });
  const sum = (of: (example: (typeof examples)[number]) => number): number =>
    examples.reduce((total, example) => total + of(example), 0);
  return {
    examples,
    loss: sum(({ loss }) => loss) / POINTS.length,
    /** In the order of the weights. */
    gradient: [
      sum(({ delta, x }) => delta * x),
      sum(({ delta, y }) => delta * y),
      sum(({ delta }) => delta),
      sum(({ back, a }) => back * a),
      sum(({ back }) => back),
    ],
  };
}
