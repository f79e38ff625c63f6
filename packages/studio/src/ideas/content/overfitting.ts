/** Learning by heart. */
import { after, digits, roundsOf } from "../checks.ts";
import type { Idea, Seen } from "../idea.ts";

const NOISY = {
  data: "moons",
  noise: 0.6,
  points: 60,
  testShare: 0.5,
  layers: [8, 8],
  batch: 30,
  optimizer: "adam",
  rate: 0.02,
  showTest: "yes",
} as const;

/** The lowest loss in the exam so far, and the epoch it was in. */
export function lowest({ curves, snapshot }: Pick<Seen, "curves" | "snapshot">) {
  let best = -1;
  curves.testLoss.forEach((loss, i) => {
    if (loss !== null && (best < 0 || loss < (curves.testLoss[best] as number))) best = i;
  });
  return { loss: curves.testLoss[best] ?? Number.NaN, epoch: roundsOf({ curves, snapshot })[best] ?? 0 };
}

const PATIENCE = 15;

/** Where early stopping would have stopped: after so many epochs in which the exam was not better than its best before. */
export function stopOf({ curves, snapshot }: Pick<Seen, "curves" | "snapshot">) {
  const rounds = roundsOf({ curves, snapshot });
  let [best, loss] = [0, Number.POSITIVE_INFINITY];
  for (const [i, value] of curves.testLoss.entries()) {
    const round = rounds[i] as number;
    if (value !== null && value < loss) [best, loss] = [round, value];
    else if (round - best >= PATIENCE) return { round, best, loss };
  }
  return undefined;
}

export const overfitting: Idea = {
  name: "overfitting",
  title: "Overfitting, and when to stop",
  gist: "A network that learns the noise by heart gets better in training and worse in the exam.",
  formula: String.raw`\text{error} = \text{bias}^2 + \text{variance} + \text{noise}`,
  steps: [
    {
      title: "Better and worse at once",
      text: [
        "Two half moons, so noisy that they overlap, and only 30 points to learn from. Another 30 are kept for the exam {test data}; they are the hollow ones, and the network never trains on them.",
        "This network has 105 weights for 30 points. It can bend its border around every single one.",
      ],
      show: NOISY,
      task: "Play for 200 rounds, and watch the two curves of the cost.",
      expect:
        "The training curve goes down all the way. The exam curve goes down first, turns, and climbs {overfitting}. The border bends around single points.",
      check: {
        claim: "After 200 rounds the training loss is below 0.05, and the exam’s is more than twice its lowest.",
        look: after(200, (seen) => {
          const { training, test } = seen.snapshot;
          const { loss, epoch } = lowest(seen);
          return {
            met: training.loss < 0.05 && (test?.loss ?? 0) > 2 * loss,
            said: `training ${digits(training.loss)}, exam ${digits(test?.loss ?? 0)}, lowest ${digits(loss)} in round ${epoch}`,
          };
        }),
      },
      panels: ["transport", "curves", "surface"],
    },
    {
      title: "Stop early",
      text: [
        "The simplest remedy: keep the weights of the round in which the exam went best {early stopping}. One waits some rounds, in case it gets better again {patience}, and goes back.",
        "A word of care. If the exam decides when to stop, it is no exam any more, for it took part in the training. In earnest one keeps a third portion of data for the stopping {validation data}, and opens the exam once, at the end.",
      ],
      show: { ...NOISY, speed: "step" },
      task: "Go round by round with Epoch, or play, until the exam loss was not lower than its lowest for 15 rounds. Then press Reset, and stop in the round that is told.",
      expect: "The page tells the round to go back to. There the border is a simple curve.",
      check: {
        claim: "By round 60, the exam loss had not been lower than its lowest for 15 rounds.",
        look: (seen) => {
          const stop = stopOf(seen);
          if (stop !== undefined) {
            const { round, best, loss } = stop;
            return {
              met: round <= 60,
              said: `the patience ended in round ${round}; go back to round ${best}, where the loss was ${digits(loss)}`,
            };
          }
          const { epoch, loss } = lowest(seen);
          const now = Math.floor(seen.snapshot.epoch);
          return { met: false, said: `round ${now}; the lowest was ${digits(loss)} in round ${epoch}` };
        },
      },
      panels: ["transport", "curves", "surface"],
    },
    {
      title: "More data",
      text: [
        "Noise can be learned by heart only if there is little of it. With 350 points the same network cannot bend around each of them; it has to find what they have in common.",
      ],
      show: { ...NOISY, points: 500, testShare: 0.3 },
      task: "Play for 200 rounds with 350 training points.",
      expect: "Both curves go down and stay near each other for long. The border is smoother.",
      check: {
        claim: "After 200 rounds the exam’s loss is less than twice that of the training.",
        look: after(200, ({ snapshot: { training, test } }) => ({
          met: (test?.loss ?? Number.POSITIVE_INFINITY) < 2 * training.loss,
          said: `training ${digits(training.loss)}, exam ${digits(test?.loss ?? 0)}`,
        })),
      },
      panels: ["transport", "curves", "surface"],
    },
    {
      title: "Too stiff, too nervous",
      text: [
        "How large should a network be? An experiment: from one wave, 15 noisy points are drawn, and a network is trained on them; then another 15 points, another network; 24 times. Each thin curve is one of them.",
        "If networks are too small, all miss the wave in the same way: their mean is off {bias}. If they are large, each follows the noise of its own points, and they differ from each other {variance}. The expected squared error is the sum of the two, plus that of the noise itself, which nobody can foresee. The means are over all draws.",
      ],
      formula: [
        String.raw`\text{error} = \text{bias}^2 + \text{variance} + \sigma^2`,
        String.raw`\text{bias} = \operatorname{mean}(\hat y) - f`,
        String.raw`\text{variance} = \operatorname{mean}\big(\hat y - \operatorname{mean}(\hat y)\big)^2`,
      ],
      show: {},
      task: "Press *Run the experiment*: it trains 144 networks, of six sizes. Then go through the sizes.",
      expect:
        "With one hidden unit the bundle is narrow, and beside the wave. With eight it is around the wave, and wide. The sum of both is least in between.",
      check: {
        claim:
          "From 1 to 3 units bias² falls to less than a fifth; from 1 to 8 the variance more than doubles; the sum is least in between.",
        needs: {},
        look: ({ results: { spread } }) => {
          const of = (units: number) => spread?.find((each) => each.units === units);
          const [small, middle, large] = [of(1), of(3), of(8)];
          if (spread === undefined || small === undefined || middle === undefined || large === undefined)
            return undefined;
          const sums = spread.map(({ bias, variance }) => bias + variance);
          const best = spread[sums.indexOf(Math.min(...sums))]?.units ?? 0;
          return {
            met: middle.bias < small.bias / 5 && large.variance > 2 * small.variance && best > 1 && best < 8,
            said: `the sum is least with ${best} hidden units`,
          };
        },
      },
      panels: ["spread"],
    },
  ],
  limits:
    "The picture of stiff and nervous is the classical one. Very large networks, with far more weights than examples, sometimes do well again {double descent}; how they are trained matters there. Other remedies, such as penalties on weights and dropout, have their place too: L1 and L2 are the idea before this one.",
};
