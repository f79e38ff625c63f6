/** Symmetry that nothing breaks. */
import { weightIndex, widthsOf } from "../../state/index.ts";
import { after, digits, learned, unitsOf } from "../checks.ts";
import type { Idea, Seen } from "../idea.ts";

const CIRCLES = { data: "circles", layers: [4], rate: 0.1 } as const;

/** The largest difference between two hidden units, in any weight to or from them. */
export function apart(seen: Pick<Seen, "state" | "snapshot">): number {
  const into = unitsOf(seen, 0);
  const out = unitsOf(seen, 1);
  const all = into.map((weights, unit) => [...weights, ...out.map((next) => next[unit] as number)]);
  return Math.max(...all.flatMap((unit) => unit.map((w, i) => Math.abs(w - (all[0]?.[i] as number)))));
}

/** One weight from the first hidden unit to the output is 0.5, all else 0. */
const ONE_WOKEN = Array.from({ length: 17 }, (_, i) => Number(i === weightIndex([2, 4, 1], 1, 0, 0)) / 2);

export const zeros: Idea = {
  name: "zeros",
  title: "Why weights must not start at zero",
  gist: "Units that start alike are told alike, and stay alike for ever.",
  formula: String.raw`w_1 = w_2 \;\Rightarrow\; \frac{\partial L}{\partial w_1} = \frac{\partial L}{\partial w_2}`,
  steps: [
    {
      title: "Nothing moves",
      text: [
        "All weights are 0. Each hidden unit says $\\tanh 0 = 0$, whatever it sees.",
        "How should the weight from a hidden unit to the output change? By its gradient: the error at the output, times what the unit said. That is zero. And the weights into the hidden unit? The error reaches them through the weight to the output, which is 0. Nothing again.",
        "Only the bias of the output can move: it learns which colour is more frequent, and that is all.",
      ],
      formula: [
        String.raw`\frac{\partial L}{\partial w_{\text{out}}} = \delta\cdot \tanh(0) = 0`,
        String.raw`\frac{\partial L}{\partial w_{\text{in}}} = \delta\cdot w_{\text{out}}\cdot\tanh'(0)\cdot x = 0`,
      ],
      show: { ...CIRCLES, initializer: "zeros" },
      task: "Play for 100 rounds.",
      expect:
        "No line appears in the network, since lines are drawn for weights. About half of the points are right, by luck.",
      check: {
        claim: "After 100 rounds every weight is still exactly 0; only the output’s bias moved.",
        look: after(100, ({ snapshot: { weights } }) => {
          const moved = weights.filter((w) => w !== 0).length;
          return { met: moved === 1 && weights.at(-1) !== 0, said: `${moved} of ${weights.length} numbers moved` };
        }),
      },
      panels: ["transport", "network", "surface"],
      flow: true,
    },
    {
      title: "All move, and all alike",
      text: [
        "With sigmoid units the zeros do not block everything: $\\sigma(0) = \\tfrac12$, so the weights to the output get a gradient, and then the others do.",
        "But the four hidden units are twins. They see the same inputs, say the same, and are told the same error. So they get the same change, in every step {the symmetry is never broken}. Four units, and the network can do no more than one.",
      ],
      show: { ...CIRCLES, activation: "sigmoid", initializer: "zeros" },
      task: "Play for 100 rounds, and look at the four squares of the hidden layer.",
      expect:
        "Four equal squares, with equal lines. A circle cannot be cut out with one line, so many points stay wrong.",
      check: {
        claim: "After 100 rounds the hidden units are still equal, and less than 85 % is right.",
        look: after(100, (seen) => {
          const [difference, { accuracy = 0 }] = [apart(seen), seen.snapshot.training];
          return {
            met: difference < 1e-6 && accuracy < 0.85 && seen.snapshot.weights.some((w) => w !== 0),
            said: `the largest difference between them is ${digits(difference)}, and ${(100 * accuracy).toFixed(1)} % are right`,
          };
        }),
      },
      panels: ["transport", "network", "surface"],
    },
    {
      title: "Luck breaks the tie",
      text: [
        "The cure is to start with small random weights. Then every unit looks in another direction from the first step on, and each is told something else.",
        "How large? So that sums neither grow nor fade from layer to layer. Glorot’s rule takes it from the numbers of inputs and outputs. Biases may well be zero at the start: the random weights are enough to tell units apart.",
      ],
      formula: [String.raw`w \sim U(-r, r)`, String.raw`r = \sqrt{\frac{6}{n_{\text{in}} + n_{\text{out}}}}`],
      show: { ...CIRCLES, activation: "sigmoid", initializer: "zeros" },
      task: "Choose *Glorot, uniform* for *Weights at the start*, and play.",
      expect: "Four different squares, four lines, and a closed shape around the inner points.",
      check: {
        claim: "From random weights at least 97 % are right.",
        needs: { ...CIRCLES, activation: "sigmoid" },
        look: (seen) =>
          seen.state.initializer === "zeros" ? { met: false, said: "the weights start at zero" } : learned(0.97)(seen),
      },
      panels: ["transport", "network", "surface"],
      knobs: ["initializer"],
    },
    {
      title: "Wake one, and one wakes",
      text: [
        "Back to tanh and zeros, with a single exception: the weight from the first hidden unit to the output is 0.5. Now the error reaches this unit, and it learns.",
        "The other three say 0 and are not listened to. For them it is as in the first step: both gradients have a factor that is zero.",
      ],
      show: { ...CIRCLES, weights: ONE_WOKEN },
      task: "Play for 100 rounds. Then choose the output unit, set another weight to 0.5, and play on.",
      expect: "One square has a picture, three stay empty. Each unit needs a start of its own.",
      check: {
        claim: "After 100 rounds the other three units still have only weights of 0.",
        look: after(100, (seen) => {
          const [into, out] = [unitsOf(seen, 0), unitsOf(seen, 1)[0] ?? []];
          const asleep = into.filter((unit, i) => unit.every((w) => w === 0) && out[i] === 0).length;
          return { met: asleep === 3, said: `${asleep} of ${widthsOf(seen.state)[1]} units have only zeros` };
        }),
      },
      panels: ["transport", "network", "surface"],
    },
  ],
  limits:
    "Without a hidden layer zeros are a fine start: a single unit has no twin. And the layer that normalizes its inputs {batch normalization} changes how large first weights should be, not that they must differ.",
};
