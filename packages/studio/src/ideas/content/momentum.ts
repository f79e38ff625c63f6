/** Walking down a ravine. */
import { digits, firstRight, learned } from "../checks.ts";
import { lastOf, REACH, START, type Walked, walked, walkOf } from "../hills.ts";
import type { HillPlan, Idea } from "../idea.ts";

const RAVINE = { hill: "ravine", start: START, steps: 60, reach: REACH } as const;
const plain: HillPlan = { ...RAVINE, walks: (state) => [walkOf(state, "this walk")] };
const both: HillPlan = {
  ...RAVINE,
  walks: (state) => [walkOf(state, "with momentum"), walkOf({ ...state, optimizer: "sgd" }, "without, same step size")],
};
const more: HillPlan = {
  ...RAVINE,
  walks: (state) => [walkOf(state, "this walk"), walkOf({ ...state, momentum: 0.8 }, "with β = 0.8")],
};
const loss = (walk: Walked): string => `the loss is ${digits(lastOf(walk))} after 60 steps`;

/** A unit without a bend and the squared error: a quadratic loss of four weights, seen along two, which is much longer than wide. */
const LEARNED_RAVINE = {
  data: "plane",
  noise: 0,
  testShare: 0,
  features: ["x", "y", "sinx"],
  layers: [],
  batch: 500,
  weights: [1, Math.fround(1 / 6), 2.5, 0],
  speed: "step",
  landscape: "open",
  plane: "weights",
  planeWeights: [0, 2],
  lanes: [
    { optimizer: "sgd", rate: 0.25 },
    { optimizer: "sgd", rate: 0.05 },
    { optimizer: "momentum", rate: 0.05, momentum: 0.8 },
  ],
} as const;

const NETWORK = { data: "circles", layers: [4, 4], rate: 0.03 } as const;

export const momentum: Idea = {
  name: "momentum",
  title: "Momentum in a ravine",
  gist: "Where the ground is steep across and gentle along, remembering the last steps is worth a lot.",
  formula: String.raw`v \leftarrow \beta v - \alpha\nabla L`,
  steps: [
    {
      title: "Steep across, gentle along",
      text: [
        "Two weights, u and v, and a loss like a long valley: 25 times as strongly curved across as along. The rings are lines of equal loss {contours}; the lowest place is in the middle.",
        "Gradient descent goes where it is steepest, and that is across, to the floor. Along the floor the slope is small, so the steps are small.",
      ],
      formula: [
        String.raw`L(u, v) = \tfrac12\left(u^2 + 25\,v^2\right)`,
        String.raw`u \leftarrow (1-\alpha)\,u, \quad v \leftarrow (1-25\alpha)\,v`,
      ],
      show: { optimizer: "sgd", rate: 0.03 },
      task: "Press Walk, or move the slider below the picture from step 0 to 60.",
      expect: "A few steps to the floor of the valley, and then a long creep: after 60 steps it has not arrived.",
      check: {
        claim: "After 60 steps it is on the floor, |v| < 0.001, and still more than 0.5 from the middle.",
        look: walked(plain, ([walk]) => {
          const { u = 0, v = 1 } = walk ?? {};
          return { met: Math.abs(v) < 1e-3 && Math.abs(u) > 0.5, said: `u = ${digits(u)}, v = ${digits(v)}` };
        }),
      },
      panels: ["hill"],
      hill: plain,
    },
    {
      title: "A larger step bounces off the walls",
      text: [
        "Larger steps, then? In each step v is multiplied by $1 - 25\\alpha$. With $\\alpha = 0.078$ that is −0.95: it jumps from wall to wall and calms down slowly. Beyond $\\alpha = 2/25 = 0.08$ the factor is below −1, and every jump is larger than the last.",
        "So the steep direction sets a limit, and the gentle one suffers from it. The ratio of the two curvatures, here 25, says how bad it is {condition number}.",
      ],
      formula: [String.raw`|1 - 25\alpha| < 1 \iff 0 < \alpha < 0.08`],
      show: { optimizer: "sgd", rate: 0.078 },
      task: "Set the step size above 0.08, such as 0.085, and press Walk.",
      expect:
        "Below 0.08 a zigzag that narrows. Above, it widens, and leaves the picture {it diverges}; the nearer to 0.08, the slower.",
      check: {
        claim: "With a step size of 0.081 or more the loss ends higher than it began.",
        needs: { optimizer: "sgd" },
        look: walked(plain, ([walk], { state }) => ({
          met: walk !== undefined && state.rate > 0.08 && !(lastOf(walk) <= (walk.losses[0] as number)),
          said: walk === undefined ? "" : loss(walk),
        })),
      },
      panels: ["hill"],
      hill: plain,
      knobs: ["rate"],
    },
    {
      title: "Let it roll",
      text: [
        "A ball does not stop after each step. Keep a velocity, shrink it a little in each step (to β of it), and add the downhill push {momentum}.",
        "Across the valley the pushes change sign and cancel. Along it they agree and add up: to $1/(1-\\beta)$ times one push, fivefold for $\\beta = 0.8$.",
      ],
      formula: [String.raw`m \leftarrow \beta m - \alpha\nabla L`, String.raw`w \leftarrow w + m`],
      show: { optimizer: "momentum", rate: 0.03, momentum: 0.8 },
      task: "Press Walk, and compare the two. Both have the step size 0.03. The race shows the like of it on the loss of a real network.",
      expect:
        "With momentum it swings across at first, overshoots once, and comes to rest. After 60 steps it is far lower.",
      check: {
        claim: "After 60 steps the loss with momentum is less than a thousandth of that without.",
        look: walked(both, ([rolling, walking]) => {
          if (rolling === undefined || walking === undefined) return { met: false, said: "" };
          return {
            met: lastOf(rolling) < lastOf(walking) / 1000,
            said: `${digits(lastOf(rolling))} with, ${digits(lastOf(walking))} without`,
          };
        }),
      },
      panels: ["hill"],
      hill: both,
      knobs: ["momentum"],
      race: LEARNED_RAVINE,
    },
    {
      title: "Too much of it",
      text: [
        "With β = 0.98 hardly anything of the velocity is lost in a step. The ball flies past the middle, climbs the other end, comes back, and needs long to settle.",
        "In networks 0.9 is a usual value. If β goes up, the step size often has to come down.",
      ],
      show: { optimizer: "momentum", rate: 0.03, momentum: 0.98 },
      task: "Press Walk to see it swing. Then lower β until this walk ends as low as the other.",
      expect: "With β = 0.98 the loss after 60 steps is far higher than with 0.8.",
      check: {
        claim: "With β = 0.98 the loss after 60 steps is more than a thousand times that with 0.8.",
        look: walked(more, ([wild, usual]) => {
          if (wild === undefined || usual === undefined) return { met: false, said: "" };
          return {
            met: lastOf(wild) > 1000 * lastOf(usual),
            said: `${digits(lastOf(wild))} against ${digits(lastOf(usual))}`,
          };
        }),
      },
      panels: ["hill"],
      hill: more,
      knobs: ["momentum"],
    },
    {
      title: "In a network",
      text: [
        "A network has many weights and no neat valley, but directions of very different curvature it has nearly always. So momentum helps there too.",
        "Here the same network starts from the same weights, with the same step size.",
      ],
      show: { ...NETWORK, optimizer: "sgd", speed: "step" },
      task: "Play until 95 % are right; the line below tells in which round that was. Then choose *SGD with momentum* and play again.",
      expect: "Without momentum it takes several times as many rounds.",
      check: {
        claim: "With momentum 95 % are right within 30 rounds.",
        needs: NETWORK,
        look: (seen) => {
          const [{ optimizer }, round] = [seen.state, firstRight(seen, 0.95)];
          const progress = round === undefined ? learned(0.95)(seen).said : `95 % first in round ${round}`;
          return {
            met: optimizer === "momentum" && round !== undefined && round <= 30,
            said: `${progress}, ${optimizer === "sgd" ? "without momentum" : "with momentum"}`,
          };
        },
      },
      panels: ["transport", "surface", "curves"],
      knobs: ["optimizer"],
      race: { lanes: [{ optimizer: "sgd" }, { optimizer: "momentum" }] },
    },
  ],
  limits:
    "The valley is a parabola, where all can be computed by hand. Real losses change their shape as one walks, and batches add noise; momentum helps there mostly, not always. Nesterov’s variant looks ahead before it pushes; it is among the optimizers of the playground.",
};
