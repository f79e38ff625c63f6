/** What the network says over the plane. */
import { compile, type Tensor } from "chainrule";
import { featureTensor, gridPoints } from "../../data/index.ts";
import { readOutputs } from "../network.ts";
import { SURFACE_SIDE } from "../snapshot.ts";
import type { View } from "./view.ts";

export const surface: View<"surface"> = ({ state, network }) => {
  const grid = featureTensor(gridPoints(SURFACE_SIDE), state.features);
  const values = compile((x: Tensor) => readOutputs(state, network.model(x)).transpose());
  return () => values(grid).dataSync() as Float32Array;
};
