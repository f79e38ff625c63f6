/** The slope alone, or the curvature too. */
import { weightCount } from "../../state/index.ts";
import { digits } from "../checks.ts";
import { lastOf, REACH, START, walked, walkOf } from "../hills.ts";
import type { HillPlan, Idea } from "../idea.ts";

const RAVINE: HillPlan = {
  hill: "ravine",
  start: START,
  steps: 60,
  reach: REACH,
  walks: (state) => [
    { ...walkOf(state, "Newton"), optimizer: "bareNewton" },
    walkOf({ ...state, optimizer: "sgd" }, "gradient descent"),
  ],
};
const SADDLE: HillPlan = { ...RAVINE, hill: "saddle", start: [-2, 0.2], steps: 40, reach: [3, 1.6] };

const HEAPS = { data: "gaussians", noise: 0.9, layers: [], batch: 500, rate: 0.1 } as const;

const whole = (count: number): string => count.toLocaleString("en");

export const newton: Idea = {
  name: "newton",
  title: "Newton against gradient descent",
  gist: "Who knows the curvature jumps to the bottom of a valley in one step. It has its price.",
  formula: String.raw`w \leftarrow w - H^{-1}\,\nabla L`,
  steps: [
    {
      title: "One step against sixty",
      text: [
        "The ravine again, 25 times as curved across as along. Gradient descent knows the slope only, so one step size must serve both directions.",
        "Newton’s method asks for the curvature as well. In each direction it divides the slope by the curvature: where the valley is narrow it steps short, where it is wide it steps far.",
      ],
      formula: [
        String.raw`H = \begin{pmatrix} 1 & 0 \\ 0 & 25 \end{pmatrix}`,
        String.raw`H^{-1}\nabla L = \begin{pmatrix} u/1 \\ 25v/25 \end{pmatrix} = \begin{pmatrix} u \\ v \end{pmatrix}`,
      ],
      show: { optimizer: "sgd", rate: 0.03 },
      task: "Press Walk, or move the slider from step 0 to step 1. Then change the step size of gradient descent, and see whether it can keep up.",
      expect:
        "Newton is at the bottom after one step. Gradient descent is not, after sixty, with any step size that does not fly off.",
      check: {
        claim: "After 1 step Newton’s loss is below 10⁻⁹; gradient descent’s is above 10⁻³ after 60.",
        needs: { optimizer: "sgd" },
        look: walked(RAVINE, ([jump, walk]) => {
          if (jump === undefined || walk === undefined) return { met: false, said: "" };
          const first = jump.losses[1] as number;
          return {
            met: first < 1e-9 && lastOf(walk) > 1e-3,
            said: `${digits(first)} after 1 step, ${digits(lastOf(walk))} after 60`,
          };
        }),
      },
      panels: ["hill"],
      hill: RAVINE,
      knobs: ["rate"],
    },
    {
      title: "Why it works: a parabola that fits",
      text: [
        "Newton’s method lays a parabola at the place where it stands, with the same height, slope and curvature, and jumps to where that parabola is flat.",
        "The ravine is a parabola, so the fit is perfect and one jump is enough. Elsewhere the fit is good nearby only. Then it takes several jumps; close to the bottom each doubles the number of right digits {quadratic convergence}.",
      ],
      formula: [
        String.raw`L(w+p) \approx L + \nabla L^{\mathsf T}p + \tfrac12\,p^{\mathsf T}Hp`,
        String.raw`Hp = -\nabla L`,
      ],
      show: { optimizer: "momentum", rate: 0.03, momentum: 0.9 },
      task: "Here it races momentum, which knows no curvature either. Press Walk, and compare the curves of the loss. Then lower or raise the step size.",
      expect: "Momentum is much better than plain descent, and still needs dozens of steps.",
      check: {
        claim: "After 60 steps momentum’s loss is still above 10⁻⁵; Newton’s was 0 after one.",
        look: walked(
          {
            ...RAVINE,
            walks: (state) => [{ ...walkOf(state, "Newton"), optimizer: "bareNewton" }, walkOf(state, "momentum")],
          },
          ([jump, walk]) => {
            if (jump === undefined || walk === undefined) return { met: false, said: "" };
            return {
              met: (jump.losses[1] as number) < 1e-9 && lastOf(walk) > 1e-5,
              said: `momentum: ${digits(lastOf(walk))}`,
            };
          },
        ),
      },
      panels: ["hill"],
      hill: {
        ...RAVINE,
        walks: (state) => [{ ...walkOf(state, "Newton"), optimizer: "bareNewton" }, walkOf(state, "momentum")],
      },
      knobs: ["rate"],
    },
    {
      title: "On data",
      text: [
        "One unit without a hidden layer, two heaps of points: this loss is a single bowl, lopsided and no parabola. Both methods see all points in each step.",
        "Newton’s method here is that of the library: the same step, and after it a look whether the loss went down {line search}.",
      ],
      show: { ...HEAPS, optimizer: "newton" },
      task: "Press Epoch ten times, or play. Then choose *gradient descent (SGD)*, whose step size is 0.1, and play for 400 rounds.",
      expect: "Newton is at the bottom, 0.1379, after some seven steps. Gradient descent has not got there after 400.",
      check: {
        claim: "Within 10 steps Newton’s method has brought the loss below 0.138.",
        needs: HEAPS,
        look: ({ state, snapshot: { step, training } }) => ({
          met: state.optimizer === "newton" && training.loss < 0.138 && step <= 10,
          said: `the loss is ${training.loss.toFixed(4)} after ${step} steps`,
        }),
      },
      panels: ["transport", "curves", "surface"],
      knobs: ["optimizer"],
      race: {
        lanes: [{ optimizer: "newton" }, { optimizer: "lbfgs" }, { optimizer: "momentum" }, { optimizer: "sgd" }],
      },
    },
    {
      title: "Flat is not always the bottom",
      text: [
        "This loss has two valleys, at v = 1 and v = −1, and a pass between them {saddle point}. On the pass the slope is zero, but it goes down to both sides.",
        "Bare Newton looks for a place where the parabola is flat, up or down. Near the pass the parabola curves downwards in v, dividing by a negative curvature turns the step round, and it walks *up* to the pass. Gradient descent rolls off into a valley.",
        "So no one uses it bare. The library’s Newton method adds to the curvature until it is positive in all directions, checks that each step goes down, and leaves a saddle sideways.",
      ],
      formula: [String.raw`L = \tfrac12u^2 - \tfrac12v^2 + \tfrac14v^4`],
      show: { optimizer: "sgd", rate: 0.3 },
      task: "Press Walk, and watch both.",
      expect: "Newton goes to the pass in the middle and stays. Gradient descent ends in a valley.",
      check: {
        claim: "Newton ends on the pass, at loss 0; gradient descent in a valley, at −0.25.",
        look: walked(SADDLE, ([jump, walk]) => {
          if (jump === undefined || walk === undefined) return { met: false, said: "" };
          return {
            met: Math.abs(jump.u) + Math.abs(jump.v) < 1e-3 && Math.abs(lastOf(walk) + 0.25) < 1e-3,
            said: `Newton’s loss is ${digits(lastOf(jump))}, gradient descent’s ${digits(lastOf(walk))}`,
          };
        }),
      },
      panels: ["hill"],
      hill: SADDLE,
    },
    {
      title: "The bill",
      text: [
        "For n weights the slope is n numbers. The curvature is a table of $n \\times n$ {the Hessian}: how the slope of each weight changes with each other weight. And to solve for the step takes about $n^3/3$ operations.",
        "For this small network that is nothing. For a million weights the table has a million million entries: 4 terabytes. That is why large networks are trained by gradients, with cheap tricks such as momentum and Adam; in between are methods that guess the curvature from the last steps {quasi-Newton, L-BFGS}.",
      ],
      formula: [
        String.raw`n \text{ weights} \;\rightarrow\; n^2 \text{ second derivatives} \;\rightarrow\; \tfrac13 n^3 \text{ operations}`,
      ],
      show: { data: "circles", layers: [4, 4] },
      task: "Add units and layers until the table would have more than 10,000 entries.",
      expect: "Twice the units in each layer make about four times the weights, and sixteen times the table.",
      check: {
        claim: "The table of second derivatives has more than 10,000 entries.",
        needs: {},
        changes: "layers",
        look: ({ state }) => {
          const n = weightCount(state);
          return { met: n * n > 10_000, said: `${whole(n)} weights, ${whole(n * n)} entries` };
        },
      },
      panels: ["network"],
    },
  ],
  limits:
    "The pictures have two weights and no noise. With batches the curvature is noisy too, which hurts Newton’s method more than gradient descent. For small networks on all the data at once it is excellent; the library has it, with L-BFGS and Levenberg–Marquardt beside it.",
};
