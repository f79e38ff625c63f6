/** What the loss does to a unit that is wrong and sure of it. */
import { after, digits, unitsOf } from "../checks.ts";
import type { Idea, Seen } from "../idea.ts";

/** One example, x = 1 of class 0. The setting is that of M. Nielsen, "Neural networks and deep learning", 2015, chapter 3. */
const ONE = {
  data: "own",
  own: [[1, 0, 0]],
  features: ["x"],
  layers: [],
  optimizer: "sgd",
  rate: 0.3,
  batch: 1,
} as const;
const SATURATED = { ...ONE, weights: [4, 4] };

/** What the unit of one input computes for x = 1, whose class is 0, and how steep both losses are there. */
export function unitAt(seen: Pick<Seen, "state" | "snapshot">) {
  const [[w = 0, b = 0] = []] = unitsOf(seen, 0);
  const z = w + b;
  const a = 1 / (1 + Math.exp(-z));
  const slope = a * (1 - a);
  return { w, b, z, a, slope, squared: 2 * a * slope, cross: a };
}

const said = (a: number): string => `it says ${a.toFixed(4)} in place of 0`;

export const saturation: Idea = {
  name: "saturation",
  title: "Cross-entropy against squared error",
  gist: "A unit that is wrong and sure of it: one loss leaves it stuck, the other pulls it out.",
  formula: String.raw`2(a-y)\,\sigma'(z) \quad\text{or}\quad a-y`,
  steps: [
    {
      title: "Wrong, and sure of it",
      text: [
        "One sigmoid unit, one example: the input is 1, and the answer should be $y = 0$. But its weight and bias are both 4. So its sum is $z = 8$, and it says $a = \\sigma(8) = 0.9997$: as wrong as can be.",
        "Look at the curve. Far to the right the sigmoid is flat {saturated}: move z a little, and the answer hardly changes. Its slope there is $\\sigma'(z) = a(1-a)$, about 0.0003.",
      ],
      formula: [String.raw`a = \sigma(wx + b)`, String.raw`\sigma'(z) = a(1-a)`],
      show: { ...SATURATED, classLoss: "squaredError" },
      task: "Nothing to play yet. Find the unit on the curve, and read its slope. Then choose the other loss {cross-entropy}.",
      expect: "The point lies at the far right, on the flat top, whatever the loss: the slope is the unit’s own.",
      check: {
        claim: "With either loss the unit says more than 0.99, where 0 is right, and its slope is below 0.001.",
        needs: SATURATED,
        changes: "classLoss",
        look: (seen) => {
          const { a, slope } = unitAt(seen);
          return { met: a > 0.99 && slope < 1e-3, said: `${said(a)}, with slope ${digits(slope)}` };
        },
      },
      panels: ["unit"],
      knobs: ["classLoss"],
    },
    {
      title: "Squared error: a whisper",
      text: [
        "How strongly does the loss pull at z? With squared error the chain rule gives two factors: the error $a - y$, which is large, and the slope of the sigmoid, which is next to nothing.",
        "The product is next to nothing. The unit is told, in a whisper, that it is entirely wrong.",
      ],
      formula: ["C = (a-y)^2", String.raw`\frac{\partial C}{\partial z} = 2(a-y)\,\sigma'(z)`],
      show: { ...SATURATED, classLoss: "squaredError" },
      task: "Play for 100 rounds.",
      expect:
        "The point hardly moves, and the loss stays at about 1. It would get going in the end, after thousands of steps.",
      check: {
        claim: "After 100 steps the loss is still above 0.99.",
        look: after(100, ({ snapshot: { training } }) => ({
          met: training.loss > 0.99,
          said: `the loss is ${training.loss.toFixed(4)}`,
        })),
      },
      panels: ["transport", "unit", "curves"],
    },
    {
      title: "Cross-entropy: the error itself",
      text: [
        "Cross-entropy charges the logarithm of what was thought of the right answer. That grows without end as the unit gets surer of the wrong one, and it grows just so fast that the slope of the sigmoid cancels.",
        "What is left is the error alone. The more wrong, the stronger the pull.",
      ],
      formula: [
        String.raw`C = -y\ln a - (1-y)\ln(1-a)`,
        String.raw`\frac{\partial C}{\partial z} = \frac{a-y}{a(1-a)}\,\sigma'(z) = a - y`,
      ],
      show: { ...SATURATED, classLoss: "crossEntropy" },
      task: "Play for 100 rounds, from the same start with the same step size.",
      expect: "The point slides down at once, quickly at first, and slower as it comes to be right.",
      check: {
        claim: "After 100 steps the unit says less than 0.05.",
        look: after(100, (seen) => {
          const { a } = unitAt(seen);
          return { met: a < 0.05, said: said(a) };
        }),
      },
      panels: ["transport", "unit", "curves"],
    },
    {
      title: "Both pulls side by side",
      text: [
        "Here is the start again, with the numbers. Both losses see the same mistake; only one tells the unit in a voice that it hears. The ratio is $1/(2\\sigma'(z))$: some 1,500 at $z = 8$, and twenty times more for each 3 that z is further out.",
      ],
      show: { ...SATURATED, classLoss: "crossEntropy" },
      task: "Compare the two numbers below the curve. Then play a little and watch the ratio shrink.",
      expect:
        "At the start the pulls differ more than a thousandfold. In the middle of the curve, at $z = 0$, they differ by a factor of 2.",
      check: {
        claim: "From some 1,500 at the start, the ratio of the pulls has come below 100.",
        look: (seen) => {
          const { squared, cross } = unitAt(seen);
          return {
            met: cross < 100 * squared,
            said: `${digits(cross)} against ${digits(squared)}, ${digits(cross / squared)} times as hard`,
          };
        },
      },
      panels: ["transport", "unit"],
      flow: true,
    },
    {
      title: "A milder start",
      text: [
        "Is squared error bad? No. From $w = 0.625$, $b = 0.875$ the unit is wrong but not sure of it, the slope is 0.15, and squared error learns well.",
        "And where the output is a number and not a probability {linear output}, there is no flat part, and squared error is the right thing: its gradient is again the plain error.",
      ],
      show: { ...ONE, weights: [0.625, 0.875], classLoss: "squaredError" },
      task: "Play for 100 rounds.",
      expect: "A smooth slide to the left, without a pause.",
      check: {
        claim: "After 100 steps with squared error the unit says less than 0.1.",
        look: after(100, (seen) => {
          const { a } = unitAt(seen);
          return { met: a < 0.1, said: said(a) };
        }),
      },
      panels: ["transport", "unit", "curves"],
    },
  ],
  limits:
    "The cancelling is for the output unit only. Hidden sigmoid units saturate all the same, and each layer multiplies another slope of at most ¼ to the gradient {vanishing gradients}; ReLU units were a remedy for that.",
};
