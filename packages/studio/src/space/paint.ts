/** Paints the grid, the points and the cut. */
import { type Colour, type Palette, paintAxes, paintPoints, saidAt, toCSS } from "../draw/index.ts";
import { GRID_LINES, GRID_NODES, GRID_STEPS, LINE_NODES } from "../engine/index.ts";
import type { Point } from "../state/index.ts";
import type { Line } from "./cut.ts";

/** A pen of a colour and what it draws: lines, and cells between them, by their first nodes. */
interface Stroke {
  readonly colour: Colour;
  /** From 0 to 1. */
  readonly strength: number;
  readonly segments: number[];
  readonly cells: number[];
}

const LEVELS = 4;

/**
 * Sorts the grid by what the network says there, so that one pen draws much at once.
 *
 * @param outputs [outputs, nodes]: probabilities, or values
 */
export function strokesOf(outputs: Float32Array, colours: Palette, values: boolean): Stroke[] {
  const strokes = new Map<string, Stroke>();
  const strokeAt = (node: number): Stroke => {
    const [colour, share] = saidAt(outputs, node, GRID_NODES, colours, values);
    const level = Math.ceil(LEVELS * share);
    const key = `${colour.join()} ${level}`;
    const found = strokes.get(key) ?? { colour, strength: level / LEVELS, segments: [], cells: [] };
    strokes.set(key, found);
    return found;
  };
  for (let node = 0; node < GRID_NODES; node++) {
    if (node % LINE_NODES < LINE_NODES - 1) strokeAt(node).segments.push(node);
  }
  for (let row = 0; row < GRID_LINES - 1; row++) {
    for (let node = row * LINE_NODES; node < (row + 1) * LINE_NODES - 1; node += GRID_STEPS) {
      strokeAt(node + 1).cells.push(node);
    }
  }
  return [...strokes.values()];
}

/** What a picture between two stages shows; places are shares of the side, [n, 2], across and down. */
export interface Picture {
  readonly places: Float32Array;
  /** The place where both values are 0. */
  readonly zero: Float32Array;
  readonly strokes: readonly Stroke[];
  readonly training: readonly Point[];
  /** Empty if they are not shown. */
  readonly test: readonly Point[];
  readonly values: boolean;
  /** The cut, in shares of the side, and how visible it is. */
  readonly lines: readonly Line[];
  readonly visible: number;
}

export function paintSpace(canvas: HTMLCanvasElement, picture: Picture, colours: Palette): void {
  // The pixels of the screen, and no more: this is drawn anew with every snapshot.
  const side = Math.round(devicePixelRatio * (canvas.clientWidth || 320));
  if (canvas.width !== side) {
    canvas.width = side;
    canvas.height = side;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.clearRect(0, 0, side, side);
  const { places, zero, strokes, training, test, values } = picture;
  paintAxes(context, side, (zero[0] as number) * side, (zero[1] as number) * side, colours);
  const x = (node: number): number => (places[2 * node] as number) * side;
  const y = (node: number): number => (places[2 * node + 1] as number) * side;
  for (const { colour, strength, segments, cells } of strokes) {
    context.fillStyle = toCSS(colour);
    context.strokeStyle = toCSS(colour);
    context.globalAlpha = 0.04 + 0.18 * strength;
    context.beginPath();
    for (const node of cells) cellPath(context, node, x, y);
    context.fill();
    context.globalAlpha = 0.3 + 0.6 * strength;
    context.lineWidth = Math.max(1, side / 550);
    context.beginPath();
    let end = -1;
    for (const node of segments) {
      if (node !== end) context.moveTo(x(node), y(node));
      end = node + 1;
      context.lineTo(x(end), y(end));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
  paintCut(context, side, picture, colours);
  const at = (first: number) => (i: number) => {
    const place = [x(first + i), y(first + i)] as const;
    return place.every(Number.isFinite) ? place : undefined;
  };
  const style = { radius: side / 130, values };
  paintPoints(context, side, training, colours, { ...style, at: at(GRID_NODES) });
  paintPoints(context, side, test, colours, { ...style, hollow: true, at: at(GRID_NODES + training.length) });
}

/** The edge of a cell between two lines of constant y, whose nodes follow one another. */
function cellPath(
  context: CanvasRenderingContext2D,
  node: number,
  x: (node: number) => number,
  y: (node: number) => number,
): void {
  context.moveTo(x(node), y(node));
  for (let i = node + 1; i <= node + GRID_STEPS; i++) context.lineTo(x(i), y(i));
  for (let i = node + LINE_NODES + GRID_STEPS; i >= node + LINE_NODES; i--) context.lineTo(x(i), y(i));
  context.closePath();
}

/** The cut: dark within light, to be seen on any colour. */
function paintCut(
  context: CanvasRenderingContext2D,
  side: number,
  { lines, visible }: Picture,
  { paper, ink }: Palette,
): void {
  context.globalAlpha = visible;
  for (const [colour, width] of [
    [paper, side / 110],
    [ink, side / 220],
  ] as const) {
    context.strokeStyle = toCSS(colour);
    context.lineWidth = width;
    context.beginPath();
    for (const [from, to] of lines) {
      context.moveTo(from[0] * side, from[1] * side);
      context.lineTo(to[0] * side, to[1] * side);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}
