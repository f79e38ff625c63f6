/** What goes through the network: one of the points, or the batch of the next step. */
import { useCallback, useRef } from "preact/hooks";
import { paintPoints, palette, pointAt } from "../draw/index.ts";
import { isFullBatch, isRegression, type Point, SETTINGS } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Canvas, NumberField } from "../ui/index.ts";

export interface ExamplePanelProps {
  readonly store: Store;
  /** The places of the points that are on their way. */
  readonly rows: Int32Array | undefined;
}

export function ExamplePanel({ store, rows }: ExamplePanelProps) {
  const { example } = store.state.value;
  const all = isFullBatch(store.state.value);
  const count = store.shown.value?.training.length ?? 0;
  const batch = example === "batch";
  return (
    <section class="example" aria-labelledby="example-title">
      <h3 id="example-title">What goes through</h3>
      <div class="checks">
        <label>
          <input
            type="radio"
            name="example"
            checked={!batch}
            onChange={() => store.update({ example: (rows?.[0] ?? 0) + 1 }, "example")}
          />{" "}
          One point <span class="term">an example</span>
        </label>
        <label>
          <input
            type="radio"
            name="example"
            checked={batch}
            onChange={() => store.update({ example: "batch" }, "example")}
          />{" "}
          {all ? "All points" : "The points of the next step"} <span class="term">the batch</span>
        </label>
      </div>
      <Picture store={store} rows={rows} />
      {!batch && (
        <NumberField
          words={{ plain: "Point", term: `1 to ${count}, or a click in the picture` }}
          field={{ ...SETTINGS.example, initial: 1, read: readNumber }}
          value={example}
          onChange={(value) => store.update({ example: value }, "example")}
        />
      )}
    </section>
  );
}

function readNumber(text: string): number {
  const value = SETTINGS.example.read(text);
  return value === "batch" ? 1 : value;
}

/** More rings would hide the points. */
const MOST_RINGS = 60;

function Picture({ store, rows }: ExamplePanelProps) {
  const place = useRef<HTMLDivElement>(null);
  const colours = palette.value;
  const training = store.shown.value?.training;
  const values = isRegression(store.shown.value?.state ?? store.state.value);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const side = 2 * (canvas.clientWidth || 240);
      [canvas.width, canvas.height] = [side, side];
      const context = canvas.getContext("2d");
      if (context === null || training === undefined) return;
      const style = { radius: side / 75, values };
      const chosen = Array.from(rows ?? [], (row) => training[row]).filter((point) => point !== undefined);
      const ringed = chosen.length <= MOST_RINGS;
      context.globalAlpha = rows === undefined ? 1 : 0.45;
      paintPoints(context, side, training, colours, style);
      context.globalAlpha = 1;
      paintPoints(context, side, chosen, colours, ringed ? { ...style, radius: 1.3 * style.radius, ringed } : style);
    },
    [training, rows, values, colours],
  );
  const click = (event: MouseEvent): void => {
    const box = place.current?.getBoundingClientRect();
    if (box === undefined || training === undefined) return;
    const [x, y] = pointAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    const nearest = nearestTo(training, x, y);
    if (nearest !== undefined) store.update({ example: nearest + 1 }, "example");
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard, the point is chosen in the field beneath.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div class="picture" ref={place} onClick={click}>
      <Canvas class="points-only" draw={draw} label="The training points; those that go through have a ring." />
    </div>
  );
}

function nearestTo(points: readonly Point[], x: number, y: number): number | undefined {
  let nearest: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  points.forEach(([px, py], i) => {
    const distance = Math.hypot(px - x, py - y);
    if (distance < least) [nearest, least] = [i, distance];
  });
  return nearest;
}
