/** One unit draws one line. */
import { after, learned, neverAbove } from "../checks.ts";
import type { Idea } from "../idea.ts";

/** The four corners: class 1 where x and y have different signs. */
export const FOUR = {
  data: "own",
  own: [
    [-1.5, -1.5, 0],
    [1.5, 1.5, 0],
    [-1.5, 1.5, 1],
    [1.5, -1.5, 1],
  ],
  batch: 4,
  rate: 0.1,
} as const;

export const xor: Idea = {
  name: "xor",
  title: "Why XOR needs a hidden layer",
  gist: "Four points, two colours, and no straight line that parts them.",
  formula: String.raw`w_1x+w_2y+b \gtrless 0`,
  steps: [
    {
      title: "One unit draws one line",
      text: [
        "Four points. One colour where x and y have the same sign, the other where they differ: that is *exclusive or* {XOR}.",
        "A network without a hidden layer is a single unit. It multiplies each input by a weight, adds a number {the bias}, and decides by the sign of the sum. Where the sum is zero, one colour ends and the other begins; and that is a straight line {a linear decision boundary}.",
      ],
      formula: ["z = w_1x + w_2y + b", String.raw`\text{class 1 where } z > 0`],
      show: { ...FOUR, layers: [] },
      task: "Press Play and let it run for 200 rounds.",
      expect:
        "The line turns and shifts, and never has all four points on their right side. Three of four is the most.",
      check: { claim: "In 200 rounds never more than 75 % are right.", look: after(200, neverAbove(0.75)) },
      panels: ["transport", "surface", "network"],
    },
    {
      title: "No weights can do it",
      text: [
        "Perhaps the training is bad? No. Suppose some weights had all four right, and write down what that means. The points are at ±1.5; that factor is left out here, since it only scales the weights.",
        "Add the first two lines: $b \\le 0$. Add the last two: $b > 0$. Both cannot be true. So no line exists, whoever looks for it. The classes are *not linearly separable*.",
      ],
      formula: [
        String.raw`\begin{aligned} w_1 + w_2 + b &\le 0 \\ -w_1 - w_2 + b &\le 0 \\ w_1 - w_2 + b &> 0 \\ -w_1 + w_2 + b &> 0 \end{aligned}`,
      ],
      show: { ...FOUR, layers: [], weights: [1, 1, 1.5] },
      task: "Choose the output unit in the network and try weights by hand. Three of four is what you see now: $w_1 = w_2 = 1$, $b = 1.5$.",
      expect: "Whatever you type, at least one point is wrong.",
      check: {
        claim: "With other weights, too, no more than three of the four points are right.",
        needs: { ...FOUR, layers: [] },
        look: ({ begun, snapshot: { training, weights } }) => {
          const tried = weights.some((weight, i) => weight !== begun.weights?.[i]);
          const right = `${4 * (training.accuracy ?? 0)} of 4 right`;
          return {
            met: tried && (training.accuracy ?? 1) <= 0.75,
            said: tried ? right : `${right}, with the weights of “Show me”`,
          };
        },
      },
      panels: ["network", "surface"],
    },
    {
      title: "Three units draw three lines",
      text: [
        "Now three units stand between the inputs and the output {a hidden layer}. Each draws a line of its own; look at their small squares. The output unit sees only what they answer, and in their answers the colours can be parted by one cut.",
      ],
      formula: [String.raw`a_k = \tanh(z_k)`, "z = v_1a_1 + v_2a_2 + v_3a_3 + c"],
      show: { ...FOUR, layers: [3] },
      task: "Press Play until all four are right. Then remove the hidden layer with − above the network, and play again.",
      expect: "The surface bends into bands or corners that hold one colour. Without the layer it is a line again.",
      check: {
        claim: "With a hidden layer all four are right: 100 %.",
        needs: { ...FOUR, activation: "tanh" },
        look: (seen) =>
          seen.state.layers.length === 0 ? { met: false, said: "there is no hidden layer now" } : learned(1)(seen),
      },
      panels: ["transport", "surface", "network"],
    },
    {
      title: "Two are enough, with luck",
      text: [
        "Two hidden units suffice on paper: one line below the middle, one above, and the output takes the band between them. But training only ever walks downhill from where it starts, and from some starts it ends in a hollow {a poor local minimum, or a flat place} with two or three points right.",
        "Of the first twelve starts, about half get there with two units. With three, all do.",
      ],
      show: { ...FOUR, layers: [2], seed: 1 },
      task: "Play for 100 rounds: this start gets stuck. Change *Luck of the start*, to 2 for example, and play again.",
      expect: "Some starts end at 100 %, others stay stuck. The network is the same; only its first weights differ.",
      check: {
        claim: "Two hidden units have all four right, from some start.",
        needs: { ...FOUR, layers: [2] },
        look: learned(1),
      },
      panels: ["transport", "surface", "network"],
      knobs: ["seed"],
    },
    {
      title: "The bend does it, not the layer",
      text: [
        "Here are four hidden units that pass on their sum as it is {linear activation}. A sum of sums is a sum: both layers together are one matrix and one bias, so they draw one line.",
        "The unit must bend what it passes on {a nonlinear activation}, or a layer adds nothing.",
      ],
      formula: [String.raw`W_2(W_1x + b_1) + b_2 = (W_2W_1)\,x + (W_2b_1 + b_2)`],
      show: { ...FOUR, layers: [4], activation: "linear" },
      task: "Play for 200 rounds. Then choose tanh for *How a unit answers*, and play again.",
      expect: "With linear units the line is straight, with four units as with none. With tanh it bends.",
      check: {
        claim: "With linear hidden units never more than 75 % are right, in 200 rounds.",
        look: after(200, neverAbove(0.75)),
      },
      panels: ["transport", "surface", "network"],
      knobs: ["activation"],
    },
  ],
  limits:
    "With a cloud of points in place of four, a line may get a little more than three quarters right, if the corners hold unequal numbers of points. And that one hidden layer is enough for much more than XOR is the idea of the next two pages.",
};
