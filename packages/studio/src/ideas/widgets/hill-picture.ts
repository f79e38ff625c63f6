/** Contours of a hill, and paths on it. */
import type { Palette } from "../../draw/index.ts";
import { toCSS } from "../../draw/index.ts";
import { type Hill, heightOf } from "../../engine/index.ts";

type Reach = readonly [u: number, v: number];

const [WIDE, HIGH] = [720, 400];
/** Contours for each doubling of the height above the lowest place. */
const RINGS = 1.25;
const LOWEST: Readonly<Record<Hill, number>> = { bowl: 0, ravine: 0, saddle: -0.25 };

/** The lower, the darker; a line where one band ends. */
export function paintHill(canvas: HTMLCanvasElement, hill: Hill, [reachU, reachV]: Reach, colours: Palette): void {
  canvas.width = WIDE;
  canvas.height = HIGH;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(WIDE, HIGH);
  const lift = hill === "saddle" ? 0.02 : 0.04;
  const bandAt = (column: number, row: number): number => {
    const [u, v] = [reachU * ((2 * column + 1) / WIDE - 1), reachV * (1 - (2 * row + 1) / HIGH)];
    return RINGS * Math.log2((heightOf[hill](u, v) - LOWEST[hill]) / lift + 1);
  };
  const most = bandAt(0, 0);
  for (let row = 0; row < HIGH; row++) {
    for (let column = 0; column < WIDE; column++) {
      const band = bandAt(column, row);
      const ring = Math.floor(band);
      const line = ring !== Math.floor(bandAt(column + 1, row)) || ring !== Math.floor(bandAt(column, row + 1));
      const share = line ? 0.5 : 0.34 * (1 - (ring + 0.5) / (most + 1));
      for (let channel = 0; channel < 3; channel++) {
        const [paper, ink] = [colours.paper[channel] as number, colours.ink[channel] as number];
        image.data[4 * (row * WIDE + column) + channel] =
          paper + (ink - paper) * Math.max(0, line ? 0.28 : 0.5 * share);
      }
      image.data[4 * (row * WIDE + column) + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

interface WalkStyle {
  readonly colour: Palette["ink"];
  readonly paper: Palette["paper"];
  readonly dash: readonly number[];
}

/** The places of a walk up to a step, joined by lines; the last is larger. */
export function paintWalk(
  canvas: HTMLCanvasElement,
  path: Float32Array,
  until: number,
  [reachU, reachV]: Reach,
  { colour, paper, dash }: WalkStyle,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const unit = canvas.width / 400;
  const limit = 4;
  const places = Array.from({ length: until + 1 }, (_, i): [number, number] => {
    const [u, v] = [(path[2 * i] as number) / reachU, (path[2 * i + 1] as number) / reachV];
    return [((u + 1) / 2) * canvas.width, ((1 - v) / 2) * canvas.height];
  }).filter(([x, y]) => Math.abs(x) < limit * canvas.width && Math.abs(y) < limit * canvas.height);
  context.strokeStyle = toCSS(colour);
  context.fillStyle = toCSS(colour);
  context.lineWidth = 1.6 * unit;
  context.setLineDash(dash.map((length) => 0.6 * length * unit));
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
  for (const [i, [x, y]] of places.entries()) {
    const last = i === places.length - 1;
    context.beginPath();
    context.arc(x, y, (last ? 4.5 : 2) * unit, 0, 2 * Math.PI);
    context.fill();
    if (!last) continue;
    context.strokeStyle = toCSS(paper);
    context.stroke();
  }
}
