/** What can be wrong with a layer: what it is, why it comes about, and what helps. */
import type { Trouble } from "../../engine/index.ts";

export interface TroubleWords {
  readonly name: string;
  readonly what: string;
  readonly why: string;
  readonly help: string;
}

export const TROUBLE: Readonly<Record<Trouble, TroubleWords>> = {
  vanishing: {
    name: "vanishing gradient",
    what: "Of the error, hardly anything arrives at the layer: it stands still while later layers learn.",
    why: "On its way back the gradient is multiplied, layer by layer, by weights and by the slope of the activation function. Where these are mostly below 1 it shrinks with each layer. The slope of the sigmoid is ¼ at most. Where weights are 0 or units dead, nothing at all comes through.",
    help: "Random weights of the right size at the start (Glorot, He) in place of zeros or tiny ones; ReLU or tanh rather than a sigmoid; fewer layers.",
  },
  exploding: {
    name: "exploding gradient",
    what: "The gradient grows on its way back, so that early layers are thrown about by each step; or it is no longer a number at all.",
    why: "It is multiplied by weights that are mostly larger than 1, once for each layer. Where it is no longer a number, a step was too large and the weights have run away.",
    help: "A smaller step size, smaller weights at the start, fewer layers; then reset.",
  },
  dead: {
    name: "dead units",
    what: "The units answer 0 to every training point.",
    why: "Their sum z is negative everywhere. There ReLU is flat, so no gradient gets through and no step changes their weights again. Often one step that was too large has pushed them there.",
    help: "A smaller step size, leaky ReLU, He weights at the start; then reset.",
  },
  saturated: {
    name: "saturated units",
    what: "The answers stand at the ends of the scale.",
    why: "The sum z is so large that the activation function is nearly flat there: less than a twentieth of its greatest slope is left, and hardly any gradient gets through.",
    help: "Smaller weights at the start, a smaller step size, ReLU.",
  },
  symmetric: {
    name: "symmetric units",
    what: "The units are copies of each other; the layer can do no more than a single unit.",
    why: "Equal weights give equal answers and equal gradients, so each step changes all of them alike.",
    help: "Random weights at the start, in place of equal ones.",
  },
};

/** Of one unit. */
export const UNIT_TROUBLE: Readonly<Record<Trouble, string>> = {
  vanishing: "gets no gradient",
  exploding: "gets too large a gradient",
  dead: "dead: it answers 0 to every point",
  saturated: "saturated for every point",
  symmetric: "a copy of the others in its layer",
};
