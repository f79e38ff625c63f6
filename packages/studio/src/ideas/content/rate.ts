/** How far to go in a step. */
import { after, digits } from "../checks.ts";
import { lastOf, walked, walkOf } from "../hills.ts";
import type { HillPlan, Idea, Seen } from "../idea.ts";

const BOWL: HillPlan = {
  hill: "bowl",
  start: [-3, 1.5],
  steps: 40,
  reach: [5, 2],
  walks: (state) => [walkOf(state, "this walk")],
};
const NOISY = { data: "gaussians", noise: 0.9, layers: [], batch: 1, optimizer: "sgd", rate: 1 } as const;
const LAST = 30;

/** How far the training loss still swings: over its last values, in parts of their mean. */
export function swing({ curves }: Pick<Seen, "curves">): number {
  const last = curves.trainingLoss.slice(-LAST).flatMap((value) => (value === null ? [] : [value]));
  const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
  return (Math.max(...last) - Math.min(...last)) / mean;
}
const part = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

export const rate: Idea = {
  name: "rate",
  title: "Learning rate, and why it decays",
  gist: "Too small, and it never arrives. Too large, and it flies off. And with noise, the best size changes on the way.",
  formula: String.raw`w \leftarrow w - \alpha_t\,\nabla L`,
  steps: [
    {
      title: "Too small",
      text: [
        "A round bowl, the simplest loss there is. Gradient descent steps downhill, and the *learning rate* α says how far: α times the slope.",
        "Here the slope is the distance from the middle itself, so each step takes away the share α of what is left.",
      ],
      formula: [String.raw`L = \tfrac12(u^2+v^2)`, String.raw`w \leftarrow w - \alpha\,w = (1-\alpha)\,w`],
      show: { optimizer: "sgd", rate: 0.01 },
      task: "Press Walk, to see all 40 steps. Then set the step size to 0.1, and to 1.",
      expect:
        "With 0.01 hardly anything happens in 40 steps. With 1 the first step leads to the middle; that is special to this bowl.",
      check: {
        claim: "With 0.01, more than 40 % of the loss is left after 40 steps.",
        look: walked(BOWL, ([walk]) => {
          if (walk === undefined) return { met: false, said: "" };
          const left = lastOf(walk) / (walk.losses[0] as number);
          return { met: left > 0.4, said: `${part(left)} of the loss is left` };
        }),
      },
      panels: ["hill"],
      hill: BOWL,
      knobs: ["rate"],
    },
    {
      title: "Too large",
      text: [
        "With α above 1 a step goes past the middle. With α = 2 it lands as far on the other side, and beyond 2 further away each time {divergence}.",
        "In general the limit is 2 divided by the strongest curvature of the loss. One does not know it beforehand, so one tries.",
      ],
      formula: [String.raw`|1-\alpha| < 1 \iff 0 < \alpha < 2`],
      show: { optimizer: "sgd", rate: 1.9 },
      task: "With 1.9 it swings and settles. Raise the step size above 2, to 2.1 for example.",
      expect: "The walk jumps from side to side, each time higher, and leaves the picture.",
      check: {
        claim: "With a step size above 2 the loss after 40 steps is higher than at the start.",
        needs: { optimizer: "sgd" },
        look: walked(BOWL, ([walk], { state }) => ({
          met: walk !== undefined && state.rate > 2 && !(lastOf(walk) <= (walk.losses[0] as number)),
          said: walk === undefined ? "" : `the loss is ${digits(lastOf(walk))}`,
        })),
      },
      panels: ["hill"],
      hill: BOWL,
      knobs: ["rate"],
    },
    {
      title: "With noise it never rests",
      text: [
        "Now a real training: two heaps of points that overlap, one unit, and one point for each step {stochastic gradient descent, batch size 1}. Each point pulls the border its own way.",
        "Even at the best place single points still pull. With a constant rate the weights are shaken about it for ever; the larger the rate, the wider.",
      ],
      show: { ...NOISY, schedule: "constant" },
      task: "Play for 100 rounds.",
      expect: "The curve falls quickly, then trembles, and does not stop trembling.",
      check: {
        claim: "Over the last 30 rounds of 100 the loss still swings by more than 5 %.",
        look: after(100, (seen) => ({ met: swing(seen) > 0.05, said: `it swings by ${part(swing(seen))}` })),
      },
      panels: ["transport", "curves", "surface"],
    },
    {
      title: "Decay settles it",
      text: [
        "Large steps first, to get near; small steps later, to come to rest. Here the rate is halved every 2,000 steps {exponential decay}; a round is 140 steps.",
        "For noise like this there is an old rule: the rates should add up to infinity, so that any place can be reached, and their squares should not, so that the shaking dies out {Robbins and Monro, 1951}. Rates like 1/t do so. A rate that is halved again and again fades faster, and works as long as it does not fade too soon.",
      ],
      formula: [
        String.raw`\alpha_t = \alpha_0\cdot 2^{-t/2000}`,
        String.raw`\text{for } \tfrac1t: \;\sum_t \alpha_t = \infty, \quad \sum_t \alpha_t^2 < \infty`,
      ],
      show: { ...NOISY, schedule: "exponential", decaySteps: 2000 },
      task: "Play for 100 rounds, from the same start with the same first rate.",
      expect: "It trembles at first and grows calm. In the end the curve is a straight line.",
      check: {
        claim: "Over the last 30 rounds of 100 the loss swings by less than 0.5 %.",
        look: after(100, (seen) => ({ met: swing(seen) < 0.005, said: `it swings by ${part(swing(seen))}` })),
      },
      panels: ["transport", "curves", "surface"],
      knobs: ["schedule"],
      race: { lanes: [{ schedule: "constant" }, { schedule: "exponential" }, { rate: 0.002, schedule: "constant" }] },
    },
    {
      title: "Faded too soon",
      text: [
        "Decay has a price. Start small and halve the rate every 20 steps: after two rounds nothing is left of it, and the weights stop where they happen to be.",
        "It looks like having arrived: the curve is flat. But the loss is not low, and only a larger rate would show it.",
      ],
      show: { ...NOISY, rate: 0.01, schedule: "exponential", decaySteps: 20 },
      task: "Play for 20 rounds. Then choose *constant* for the schedule, and play again.",
      expect: "A flat curve, far too high. With a constant rate it goes on falling.",
      check: {
        claim: "After 20 rounds the loss no longer changes, and is above 0.5; in the step before it came below 0.15.",
        look: after(20, ({ snapshot: { training }, curves }) => {
          const before = curves.trainingLoss.at(-6) ?? Number.NaN;
          return {
            met: training.loss > 0.5 && Math.abs(training.loss - before) < 1e-4,
            said: `the loss is ${digits(training.loss)}`,
          };
        }),
      },
      panels: ["transport", "curves", "surface"],
      knobs: ["schedule"],
    },
  ],
  limits:
    "Methods like Adam choose a rate for each weight, from the sizes of its last gradients; that makes the first choice less delicate, and does not remove it. And there are schedules that rise first {warm-up}, which are not shown here.",
};
