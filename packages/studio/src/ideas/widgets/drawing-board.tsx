/** The canvas on which a function is drawn. */
import { useCallback, useRef } from "preact/hooks";
import { type Palette, palette, toCSS } from "../../draw/index.ts";
import type { Towers } from "../../engine/index.ts";
import type { Store } from "../../store/index.ts";
import { Canvas } from "../../ui/index.ts";
import { digits } from "../checks.ts";
import { stroke } from "../drawn.ts";

type Place = readonly [x: number, y: number];

/** The picture reaches a little below 0 and above 1. */
const ROOM = 0.12;
const downOf = (height: number): number => 1 - (height + ROOM) / (1 + 2 * ROOM);

export function DrawingBoard({ store, found }: { readonly store: Store; readonly found: Towers | undefined }) {
  const { drawn } = store.state.value;
  const colours = palette.value;
  const last = useRef<Place | undefined>(undefined);
  const strokes = useRef(0);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => paintBoard(canvas, drawn, found, colours),
    [drawn, found, colours],
  );
  const placeOf = (event: PointerEvent): Place => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [across, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return [Math.max(0, Math.min(1, across)), (1 - down) * (1 + 2 * ROOM) - ROOM];
  };
  const draws = (event: PointerEvent): void => {
    if (last.current === undefined) return;
    const place = placeOf(event);
    // One stroke is undone at once.
    store.update({ drawn: stroke(store.state.value.drawn, last.current, place) }, `stroke ${strokes.current}`);
    last.current = place;
  };
  const begin = (event: PointerEvent): void => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    strokes.current++;
    last.current = placeOf(event);
    draws(event);
  };
  const end = (): void => {
    last.current = undefined;
  };
  const label =
    found === undefined
      ? "The drawn function."
      : `The drawn function and the sum of towers. They differ most at x = ${found.at.toFixed(2)}, by ${digits(found.error)}. The handles below draw by keyboard.`;
  return (
    <div class="board" onPointerDown={begin} onPointerMove={draws} onPointerUp={end} onPointerCancel={end}>
      <Canvas class="drawing-board" draw={draw} label={label} />
    </div>
  );
}

function paintBoard(
  canvas: HTMLCanvasElement,
  drawn: readonly number[],
  found: Towers | undefined,
  colours: Palette,
): void {
  const [wide, high] = [2 * (canvas.clientWidth || 400), 2 * (canvas.clientHeight || 220)];
  canvas.width = wide;
  canvas.height = high;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const curve = (values: ArrayLike<number>, colour: string, width: number, dash: readonly number[] = []): void => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.beginPath();
    for (let i = 0; i < values.length; i++)
      context.lineTo((i / (values.length - 1)) * wide, downOf(values[i] as number) * high);
    context.stroke();
  };
  const ink = toCSS(colours.ink);
  context.globalAlpha = 0.25;
  for (const level of [0, 1]) curve([level, level], ink, 1.5);
  context.globalAlpha = 0.55;
  // Towers without height would only thicken the line at 0.
  const risen = found?.towers.filter((tower) => tower.some((value) => Math.abs(value) > 0.01)) ?? [];
  for (const tower of risen) curve(tower, toCSS(colours.positive), 2);
  context.globalAlpha = 1;
  if (found !== undefined) {
    // Where the error is largest.
    context.globalAlpha = 0.5;
    context.strokeStyle = ink;
    context.lineWidth = 2;
    context.setLineDash([3, 5]);
    context.beginPath();
    context.moveTo(found.at * wide, 0);
    context.lineTo(found.at * wide, high);
    context.stroke();
    context.globalAlpha = 1;
    curve(found.curve, toCSS(colours.positive), 6);
  }
  curve(drawn, toCSS(colours.negative), 4, [12, 9]);
}
