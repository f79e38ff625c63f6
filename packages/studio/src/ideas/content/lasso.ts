/** Two ways to ask for small weights. */

import { FEATURES, percent } from "../../state/index.ts";
import { after, weightsOf } from "../checks.ts";
import type { Idea, Seen } from "../idea.ts";

const CIRCLES = { data: "circles", features: FEATURES, layers: [6], batch: 20, penalty: 0.003 } as const;
const TINY = 1e-3;
const EPOCHS = 300;

export const tinyOf = (seen: Pick<Seen, "state" | "snapshot">): [tiny: number, all: number] => {
  const weights = weightsOf(seen);
  return [weights.filter((w) => Math.abs(w) < TINY).length, weights.length];
};

const say = (seen: Seen): string => {
  const [tiny, all] = tinyOf(seen);
  return `${tiny} of ${all} weights are below 0.001 in size`;
};

export const lasso: Idea = {
  name: "lasso",
  title: "L1 against L2",
  gist: "Both ask for small weights. One makes all of them smaller, the other makes most of them vanish.",
  formula: String.raw`\lambda\sum|w| \quad\text{or}\quad \tfrac{\lambda}{2}\sum w^2`,
  steps: [
    {
      title: "Everything is used",
      text: [
        "Two rings of points, and all seven inputs switched on: x, y, their squares, their product, two sines. To tell the rings apart $x^2 + y^2$ would do. The network does not know that.",
        "Nothing asks it to leave inputs out, so it uses a bit of everything.",
      ],
      show: { ...CIRCLES, regularizer: "none" },
      task: "Play for 300 rounds.",
      expect: "Lines everywhere in the network, thick and thin.",
      check: {
        claim: "After 300 rounds hardly any weight is near zero: at most 3 of 48.",
        look: after(EPOCHS, (seen) => ({ met: tinyOf(seen)[0] <= 3, said: say(seen) })),
      },
      panels: ["transport", "network", "weights"],
    },
    {
      title: "L2: a pull in proportion",
      text: [
        "Let weights cost something: add $\\tfrac{\\lambda}{2}\\sum w^2$ to the loss {L2, ridge, weight decay}. Its slope at a weight is $\\lambda w$. So a large weight is pulled hard, a small one softly, and one near zero hardly at all.",
        "All weights become smaller. None has a reason to become exactly zero: the nearer it comes, the weaker the pull.",
      ],
      formula: [String.raw`\frac{\partial}{\partial w}\,\tfrac{\lambda}{2}w^2 = \lambda w`],
      show: { ...CIRCLES, regularizer: "l2" },
      task: "Play for 300 rounds.",
      expect: "The lines get thinner and more alike, but they stay. The bars go down smoothly.",
      check: {
        claim: "After 300 rounds at most 3 of 48 weights are below 0.001.",
        look: after(EPOCHS, (seen) => ({ met: tinyOf(seen)[0] <= 3, said: say(seen) })),
      },
      panels: ["transport", "network", "weights"],
    },
    {
      title: "L1: a pull that does not let go",
      text: [
        "Now the cost is $\\lambda\\sum|w|$ {L1, lasso}. Its slope is λ, for a large weight and for a tiny one. A weight that earns less than λ is pulled all the way to zero, and held there.",
        "What remains is what is worth its price. Look at which inputs still have lines.",
      ],
      formula: [String.raw`\frac{\partial}{\partial w}\,\lambda|w| = \lambda\,\operatorname{sign}(w)`],
      show: { ...CIRCLES, regularizer: "l1" },
      task: "Play for 300 rounds, with the same λ = 0.003.",
      expect:
        "Line after line vanishes. In the end only x² and y² are used: the network has found out what a circle is.",
      check: {
        claim: "After 300 rounds at least 20 of 48 weights are below 0.001.",
        look: after(EPOCHS, (seen) => ({ met: tinyOf(seen)[0] >= 20, said: say(seen) })),
      },
      panels: ["transport", "network", "weights"],
      race: { lanes: [{ regularizer: "none" }, { regularizer: "l2" }, { regularizer: "l1" }] },
    },
    {
      title: "What it costs, what it buys",
      text: [
        "Fewer weights are easier to understand, and tell which inputs matter {feature selection}. But λ is a price that you set. Too high, and weights vanish that were needed.",
      ],
      show: { ...CIRCLES, regularizer: "l1", penalty: 0.3 },
      task: "Here λ is 0.3, a hundred times as much. Play for 100 rounds. Then look for a λ in between that loses no points.",
      expect: "With λ = 0.3 everything is pulled to zero, and the network says the same everywhere.",
      check: {
        claim: "With λ = 0.3, after 100 rounds, no more than 60 % are right: the price was too high.",
        look: after(100, ({ snapshot: { training } }) => ({
          met: (training.accuracy ?? 1) <= 0.6,
          said: `${percent(training.accuracy ?? 0)} right`,
        })),
      },
      panels: ["transport", "network", "surface", "weights"],
      knobs: ["penalty"],
    },
  ],
  limits:
    "With plain gradient steps a weight under L1 does not rest at zero: it swings about it by the step size times λ, here 0.0001, and momentum stretches that tenfold. Methods that cut it off exactly are in the library {proximal steps}. Biases are not charged here, as is usual.",
};
