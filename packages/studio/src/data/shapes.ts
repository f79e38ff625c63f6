/** The shapes of the built-in data sets, without the library: the page draws its small pictures with them. */
import { EXTENT } from "../state/index.ts";

/** Two numbers from [0, 1) for the place of a point, and its class or, in a regression, nothing. */
export type Place = (u: number, v: number, label: number, classes: number) => readonly [x: number, y: number];

const TURN = 2 * Math.PI;
const polar = (radius: number, angle: number): readonly [number, number] => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];

/** The places of the classes. Square roots spread points evenly over an area. */
export const PLACES: Readonly<Record<string, Place>> = {
  circles: (u, v, label) => polar(label === 1 ? 1.2 * Math.sqrt(u) : 2 + 0.6 * u, TURN * v),
  // A gap of 0.6 along both axes; class 1 is where x and y have different signs.
  xor: (u, v, label) => {
    const [x, y] = [0.3 + 2.3 * u, 0.3 + 2.3 * ((v * 2) % 1)];
    const side = v < 0.5 ? 1 : -1;
    return [side * x, (label === 1 ? -side : side) * y];
  },
  // Box and Muller, "A note on the generation of random normal deviates", 1958.
  gaussians: (u, v, label, classes) => {
    const [cx, cy] = polar(1.6, TURN * (label / classes + 1 / 8));
    const [dx, dy] = polar(0.35 * Math.sqrt(-2 * Math.log(1 - u)), TURN * v);
    return [cx + dx, cy + dy];
  },
  spirals: (u, _, label, classes) => polar(0.15 + 2.45 * u, TURN * (label / classes + 0.95 * u)),
  moons: (u, _, label) => {
    const [x, y] = polar(1.6, Math.PI * u);
    return label === 0 ? [x - 0.8, y - 0.4] : [0.8 - x, 0.4 - y];
  },
  plane: (u, v) => [EXTENT * (2 * u - 1), EXTENT * (2 * v - 1)],
  ripple: (u, v) => [EXTENT * (2 * u - 1), EXTENT * (2 * v - 1)],
};

/** The values of a regression, within [−1, 1]. */
export const VALUES: Readonly<Record<string, (x: number, y: number) => number>> = {
  plane: (x, y) => (x + y) / (2 * EXTENT),
  ripple: (x, y) => Math.cos(2 * Math.hypot(x, y)),
};
