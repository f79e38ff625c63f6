/** Boolean functions as networks of perceptrons, by the library. */
import { tensor } from "chainrule";
import { type Perceptron, perceptron, trainPerceptron, truthTable } from "chainrule/nn";
import type { BooleanNetwork, Unit } from "../ideas.ts";
import type { Service } from "../protocol.ts";

export const boolean: Service<"boolean"> = {
  boolean({ table }) {
    const inputs = Math.log2(table.length);
    const rows = table.map((_, row) => Array.from({ length: inputs }, (_, i) => (row >> (inputs - 1 - i)) & 1));
    const obstacle = obstacleOf(rows, table);
    const layers = obstacle === undefined ? [single(rows, table)] : (truthTable(table).layers as Perceptron[]);
    return { layers: layers.map(unitsOf), values: valuesOf(layers, rows), obstacle };
  },
};

/** By the perceptron rule, which finds the weights if there are any. */
function single(rows: readonly number[][], table: readonly number[]): Perceptron {
  const layer = perceptron(rows[0]?.length ?? 0, 1);
  trainPerceptron(layer, { x: rows.map((row) => [...row]), y: [...table] });
  return layer;
}

/**
 * Two rows with 1 and two with 0 whose inputs have the same sums: no threshold can have the first above it and the second
 * not. For up to 8 inputs there are such rows wherever one perceptron is not enough: S. Muroga, "Threshold logic and its
 * applications", 1971, section 7.3.
 */
function obstacleOf(rows: readonly number[][], table: readonly number[]): BooleanNetwork["obstacle"] {
  const pairs = (wanted: number): [string, number[]][] => {
    const chosen = table.flatMap((value, row) => (value === wanted ? [row] : []));
    return chosen.flatMap((a) =>
      chosen.filter((b) => b >= a).map((b): [string, number[]] => [sum(rows[a]!, rows[b]!).join(), [a, b]]),
    );
  };
  const ofZeros = new Map(pairs(0));
  for (const [inputs, ones] of pairs(1)) {
    const zeros = ofZeros.get(inputs);
    if (zeros !== undefined) return { ones, zeros };
  }
  return undefined;
}

const sum = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] as number));

function unitsOf({ weight, bias }: Perceptron): Unit[] {
  const [inputs, units] = weight.shape as [number, number];
  const values = weight.value.dataSync();
  const biases = bias?.value.dataSync();
  return Array.from({ length: units }, (_, unit) => ({
    weights: Array.from({ length: inputs }, (_, i) => values[i * units + unit] as number),
    // Not −0.
    threshold: 0 - (biases?.[unit] ?? 0),
  }));
}

function valuesOf(layers: readonly Perceptron[], rows: readonly number[][]): BooleanNetwork["values"] {
  let x = tensor(rows.map((row) => [...row]));
  const all = layers.map((layer) => {
    x = layer(x);
    return x.arraySync() as number[][];
  });
  return rows.map((_, row) => all.map((values) => values[row] as number[]));
}
