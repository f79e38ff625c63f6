/** What is drawn on, by mouse, pen, finger or keys. */
import { useCallback, useRef, useState } from "preact/hooks";
import { paintInk, palette } from "../../draw/index.ts";
import { Canvas } from "../../ui/index.ts";
import { type Bitmap, PAD_SIDE, stroke } from "./bitmap.ts";

export interface PadProps {
  readonly bitmap: Bitmap;
  /** Grows when the bitmap changes. */
  readonly version: number;
  readonly onDraw: (bitmap: Bitmap) => void;
  readonly onClear: () => void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** How far the pen goes at a key, in pixels of the pad: one of an image of MNIST. */
const STRIDE = 4;
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STRIDE, 0],
  ArrowRight: [STRIDE, 0],
  ArrowUp: [0, -STRIDE],
  ArrowDown: [0, STRIDE],
};

export function Pad({ bitmap, version, onDraw, onClear }: PadProps) {
  const colours = palette.value;
  const frame = useRef<HTMLDivElement>(null);
  const last = useRef<Place | undefined>(undefined);
  const [pen, setPen] = useState({ x: PAD_SIDE / 2, y: PAD_SIDE / 4, down: false });
  const paint = useCallback(
    (canvas: HTMLCanvasElement) => paintInk(canvas, PAD_SIDE, bitmap, colours),
    [bitmap, version, colours],
  );
  const line = (from: Place, to: Place): void => {
    stroke(bitmap, from.x, from.y, to.x, to.y);
    onDraw(bitmap);
  };
  const placeOf = (event: PointerEvent): Place => {
    const box = frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return {
      x: ((event.clientX - box.left) / box.width) * PAD_SIDE,
      y: ((event.clientY - box.top) / box.height) * PAD_SIDE,
    };
  };
  const begin = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    frame.current?.setPointerCapture(event.pointerId);
    last.current = placeOf(event);
    line(last.current, last.current);
  };
  const move = (event: PointerEvent): void => {
    if (last.current === undefined) return;
    for (const each of [...(event.getCoalescedEvents?.() ?? []), event]) {
      const to = placeOf(each);
      stroke(bitmap, last.current.x, last.current.y, to.x, to.y);
      last.current = to;
    }
    onDraw(bitmap);
  };
  const end = (): void => {
    last.current = undefined;
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = KEYS[event.key];
    if (step !== undefined) {
      const within = (at: number): number => Math.max(0, Math.min(PAD_SIDE, at));
      const to = { x: within(pen.x + step[0]), y: within(pen.y + step[1]) };
      if (pen.down) line(pen, to);
      setPen({ ...pen, ...to });
    } else if (event.key === " ") {
      if (!pen.down) line(pen, pen);
      setPen({ ...pen, down: !pen.down });
    } else if (event.key === "Delete" || event.key === "Backspace") onClear();
    else return;
    // Neither does the page scroll, nor the training play.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={frame}
      class="pad"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on by keyboard too.
      tabIndex={0}
      aria-label={`Drawing pad. The arrow keys move the pen, space puts it down and lifts it, Delete clears. The pen is ${pen.down ? "down" : "up"}.`}
      data-testid="pad"
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={press}
    >
      <Canvas class="cells" draw={paint} />
      <span
        class={pen.down ? "pen down" : "pen"}
        aria-hidden="true"
        style={{ left: `${(100 * pen.x) / PAD_SIDE}%`, top: `${(100 * pen.y) / PAD_SIDE}%` }}
      />
    </div>
  );
}
