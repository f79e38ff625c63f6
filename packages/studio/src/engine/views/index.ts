/** What can be seen of a training besides its scores, a file each; `../snapshot.ts` says how each is asked for. */
import type { ViewName } from "../snapshot.ts";
import { landscape } from "./landscape.ts";
import { layers } from "./layers.ts";
import { space } from "./space.ts";
import { surface } from "./surface.ts";
import { units } from "./units.ts";
import type { View } from "./view.ts";

export const VIEWS: { readonly [K in ViewName]: View<K> } = {
  surface,
  units,
  landscape,
  layers,
  space,
};
