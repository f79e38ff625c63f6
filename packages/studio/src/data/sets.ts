/** The built-in data sets: points on [−EXTENT, EXTENT]², each with a class or a value. */
import { random } from "chainrule";
import { classesOf, EXTENT, type Point, type State, tableOf, usedRows } from "../state/index.ts";
import { PLACES, VALUES } from "./shapes.ts";

const within = (limit: number, value: number): number => Math.max(-limit, Math.min(limit, value));

/** The points of a state's data set, without those of the visitor. The classes of the built-in ones take turns. */
export function drawSet(state: State): readonly Point[] {
  const { data, points, noise, dataSeed } = state;
  const table = tableOf(state);
  if (table !== undefined) return usedRows(table).points;
  const place = PLACES[data];
  if (place === undefined) return [];
  const value = VALUES[data];
  const [places, disturbances] = [random.foldIn(random.key(dataSeed), 0), random.foldIn(random.key(dataSeed), 1)];
  const uniform = random.uniform(places, [points, 2]).dataSync();
  const normal = random.normal(disturbances, [points, 2]).dataSync();
  const classes = classesOf(state);
  return Array.from({ length: points }, (_, i): Point => {
    const [u, v, dx, dy] = [uniform[2 * i], uniform[2 * i + 1], normal[2 * i], normal[2 * i + 1]] as number[] as [
      number,
      number,
      number,
      number,
    ];
    const [x, y] = place(u, v, i % classes, classes);
    if (value !== undefined) return [x, y, within(1, value(x, y) + noise * dx)];
    return [within(EXTENT, x + noise * dx), within(EXTENT, y + noise * dy), i % classes];
  });
}
