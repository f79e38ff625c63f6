/** The ten ideas, in the order of the list. Each file holds one: its words, its states and what is checked. */
import { IDEAS, type IdeaName } from "../../state/index.ts";
import type { Idea } from "../idea.ts";
import { boolean } from "./boolean.ts";
import { lasso } from "./lasso.ts";
import { momentum } from "./momentum.ts";
import { newton } from "./newton.ts";
import { overfitting } from "./overfitting.ts";
import { rate } from "./rate.ts";
import { saturation } from "./saturation.ts";
import { towers } from "./towers.ts";
import { xor } from "./xor.ts";
import { zeros } from "./zeros.ts";

export const IDEA: Readonly<Record<IdeaName, Idea>> = {
  xor,
  boolean,
  towers,
  zeros,
  saturation,
  momentum,
  lasso,
  overfitting,
  rate,
  newton,
};

export const ALL: readonly Idea[] = IDEAS.map((name) => IDEA[name]);
