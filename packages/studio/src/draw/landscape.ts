/** A loss surface as a map: the lower, the bluer, with contour lines; and paths on it. */
import { type Palette, toCSS } from "./colours.ts";
import { contour } from "./contours.ts";
import { paintValues } from "./surface.ts";

/** How many contour lines there are between the lowest loss and the highest. */
const LINES = 14;
/** Below the highest loss by more than this, places are alike: the logarithm of 0 has no colour. */
const DEEPEST = 1e-7;

/** The lowest and the highest loss that are told apart. */
export function rangeOf(losses: Float32Array): readonly [lowest: number, highest: number] {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
  for (const loss of losses) {
    if (!Number.isFinite(loss)) continue;
    lowest = Math.min(lowest, loss);
    highest = Math.max(highest, loss);
  }
  return [Math.max(lowest, DEEPEST * highest), highest];
}

/** From 0 for the lowest to 1 for the highest, by the logarithm; NaN stays. */
function heights(losses: Float32Array): Float32Array {
  const [lowest, highest] = rangeOf(losses);
  const span = Math.log(highest / lowest);
  return losses.map((loss) => (span > 0 ? Math.log(Math.max(loss, lowest) / lowest) / span : 0));
}

/** Paints the colours on one canvas, and the lines on another. */
export function paintLosses(
  cells: HTMLCanvasElement,
  lines: CanvasRenderingContext2D,
  side: number,
  losses: Float32Array,
  colours: Palette,
): void {
  const height = heights(losses);
  const depth = height.map((each) => 1 - Math.min(1, each));
  paintValues(cells, side, depth, colours, { limit: 1, strongest: 0.82 });
  const scale = lines.canvas.width / side;
  lines.strokeStyle = toCSS(colours.ink);
  lines.globalAlpha = 0.32;
  lines.lineWidth = lines.canvas.width / 700;
  lines.beginPath();
  for (let i = 0; i < LINES; i++) {
    for (const [x0, y0, x1, y1] of contour(height, side, (i + 0.5) / LINES)) {
      lines.moveTo((x0 + 0.5) * scale, (y0 + 0.5) * scale);
      lines.lineTo((x1 + 0.5) * scale, (y1 + 0.5) * scale);
    }
  }
  lines.stroke();
  lines.globalAlpha = 1;
}

/** In sides of the picture from its middle. */
const FAR = 1;

/** Where weights were, a and b of each place in turn. */
export interface MapPath {
  readonly places: Float32Array;
  /** As CSS writes it. */
  readonly colour: string;
  readonly dash?: readonly number[];
}

/** Draws paths with a ring where they begin and a dot where they are. */
export function paintPaths(
  context: CanvasRenderingContext2D,
  { centre, half }: { readonly centre: readonly [number, number]; readonly half: number },
  paths: readonly MapPath[],
  { paper, ink }: Palette,
): void {
  const side = context.canvas.width;
  const size = side / 260;
  const place = (places: Float32Array, i: number): [number, number] => [
    (((places[2 * i] as number) - centre[0]) / half + 1) * (side / 2),
    (1 - ((places[2 * i + 1] as number) - centre[1]) / half) * (side / 2),
  ];
  context.lineJoin = "round";
  for (const { places, colour, dash = [] } of paths) {
    const drawn = Array.from({ length: places.length / 2 }, (_, i) => place(places, i));
    // What has gone far out of the picture would only strike through it.
    const out = drawn.findIndex((at) => at.some((value) => !(Math.abs(value / side - 0.5) < FAR)));
    const [first] = drawn;
    const last = out < 0 ? drawn.at(-1) : undefined;
    if (first === undefined) continue;
    for (const [style, width, dashes] of [
      [toCSS(paper), 2.6, []],
      [colour, 1.4, dash.map((length) => length * size * 0.7)],
    ] as const) {
      context.strokeStyle = style;
      context.lineWidth = width * size;
      context.setLineDash(dashes);
      context.beginPath();
      for (const at of out < 0 ? drawn : drawn.slice(0, out + 1)) context.lineTo(...at);
      context.stroke();
    }
    context.setLineDash([]);
    dot(context, first, 2.2 * size, toCSS(paper), toCSS(ink));
    if (last !== undefined) dot(context, last, 3.2 * size, colour, toCSS(paper));
  }
}

function dot(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  radius: number,
  fill: string,
  stroke: string,
): void {
  context.fillStyle = fill;
  context.strokeStyle = stroke;
  context.lineWidth = radius / 2.4;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
