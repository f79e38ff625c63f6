/** How each unit answers over the plane. */
import { compile, type Tensor } from "chainrule";
import { featureTensor, gridPoints } from "../../data/index.ts";
import { UNIT_SIDE } from "../snapshot.ts";
import type { View } from "./view.ts";

export const units: View<"units"> = ({ state, network }) => {
  const grid = featureTensor(gridPoints(UNIT_SIDE), state.features);
  const values = compile((x: Tensor) => [x, ...network.values(x)].map((layer) => layer.transpose()));
  return () => values(grid).map((layer) => layer.dataSync() as Float32Array);
};
