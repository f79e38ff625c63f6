/** The plane on its way through the layers. */
import { compile, concatenate, type Tensor } from "chainrule";
import { featureTensor, gridLines, placesOf } from "../../data/index.ts";
import { type Axes, columnOf, EXTENT } from "../../state/index.ts";
import { type Network, readOutputs } from "../network.ts";
import { GRID_LINES, GRID_NODES, LINE_NODES } from "../snapshot.ts";
import type { View } from "./view.ts";

/** The values of units, [n, units] row by row. */
interface Values {
  readonly numbers: Float32Array;
  readonly units: number;
}

export const space: View<"space"> = ({ state, network, examples: { training, test } }) => {
  const points = training?.points ?? [];
  const grid = gridLines(GRID_LINES, LINE_NODES);
  const parts = [training, test].filter((part) => part !== undefined);
  const places = concatenate([grid, ...parts.map((part) => placesOf(part.points))], 0);
  // Examples may have inputs that do not follow from their places.
  const x = concatenate([featureTensor(grid, state.features), ...parts.map((part) => part.x)], 0);
  const heights = places.slice(1, 1, 2).div(EXTENT).dataSync() as Float32Array;
  const run = compile((x: Tensor) => {
    const stages = network.stages(x);
    const outputs = readOutputs(state, (stages.at(-1) as Tensor).slice(0, 0, GRID_NODES)).transpose();
    return { stages: [x, ...stages], outputs };
  });
  return (axes) => {
    const { stages, outputs } = run(x);
    const values = stages.map((stage) => ({
      numbers: stage.dataSync() as Float32Array,
      units: stage.shape[1] as number,
    }));
    const axesAt = (column: number): Axes => axes[column] ?? [0, 1];
    // The output layer cuts what the stage before it shows.
    const last = values.length - 2;
    return {
      stages: values.map((stage, i) => project(stage, axesAt(columnOf(i)), heights)),
      outputs: outputs.dataSync() as Float32Array,
      cut: cutOf(network, values[last] as Values, axesAt(columnOf(last)), points.length),
    };
  };
};

/** The values of two units, or of the only one beside heights. */
function project({ numbers, units }: Values, [across, up]: Axes, heights: Float32Array): Float32Array {
  const plane = new Float32Array(2 * heights.length);
  for (let i = 0; i < heights.length; i++) {
    plane[2 * i] = numbers[i * units + across] as number;
    plane[2 * i + 1] = units === 1 ? (heights[i] as number) : (numbers[i * units + up] as number);
  }
  return plane;
}

/** What the output layer makes of two of its inputs, the others at their mean over the points; see `Space`. */
function cutOf({ layers }: Network, inputs: Values, [across, up]: Axes, points: number): Float32Array {
  const layer = layers.at(-1) as Network["layers"][number];
  const outputs = layer.weight.shape[1] as number;
  const weights = layer.weight.value.dataSync();
  const biases = layer.bias?.value.dataSync();
  const cut = new Float32Array(3 * outputs);
  for (let k = 0; k < outputs; k++) {
    let rest = biases?.[k] ?? 0;
    for (let unit = 0; unit < inputs.units; unit++) {
      const weight = weights[unit * outputs + k] as number;
      if (unit === across) cut[3 * k] = weight;
      else if (unit === up) cut[3 * k + 1] = weight;
      else rest += weight * meanOf(inputs, unit, points);
    }
    cut[3 * k + 2] = rest;
  }
  return cut;
}

/** The mean of a unit over the training points, which come after the grid. */
function meanOf({ numbers, units }: Values, unit: number, points: number): number {
  let sum = 0;
  for (let i = GRID_NODES; i < GRID_NODES + points; i++) sum += numbers[i * units + unit] as number;
  return sum / points;
}
