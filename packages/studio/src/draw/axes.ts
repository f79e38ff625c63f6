/** Numbers at the edges of the picture. */
import { EXTENT, type Scale, toPlace } from "../state/index.ts";
import { type Palette, toCSS } from "./colours.ts";
import { ticksOf } from "./ticks.ts";

/** Numbers along the left and the lower edge, in units that people know. @param text the height of a digit, in pixels */
export function paintTicks(
  context: CanvasRenderingContext2D,
  side: number,
  { x, y }: { readonly x: Scale; readonly y: Scale },
  { ink, paper }: Palette,
  text: number,
): void {
  context.save();
  context.font = `${text}px system-ui`;
  context.lineJoin = "round";
  const write = (words: string, left: number, top: number): void => {
    context.strokeStyle = toCSS(paper);
    context.lineWidth = text / 3;
    context.globalAlpha = 0.85;
    context.strokeText(words, left, top);
    context.globalAlpha = 1;
    context.fillStyle = toCSS(ink);
    context.fillText(words, left, top);
  };
  const mark = (left: number, top: number, across: number, down: number): void => {
    context.strokeStyle = toCSS(ink);
    context.lineWidth = Math.max(1, text / 14);
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left + across, top + down);
    context.stroke();
  };
  const placed = (scale: Scale) =>
    ticksOf(scale).map(({ value, words }) => ({ share: (toPlace(scale, value) / EXTENT + 1) / 2, words }));
  context.textAlign = "center";
  context.textBaseline = "bottom";
  // The corner is left to the numbers of the other axis.
  for (const { share, words } of placed(x).filter(({ share }) => share > 0.12 && share < 0.95)) {
    mark(share * side, side, 0, -text / 3);
    write(words, share * side, side - text / 2);
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { share, words } of placed(y).filter(({ share }) => share > 0.06 && share < 0.97)) {
    mark(0, (1 - share) * side, text / 3, 0);
    write(words, text / 2, (1 - share) * side);
  }
  context.restore();
}
