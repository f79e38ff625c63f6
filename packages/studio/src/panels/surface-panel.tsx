/** What the network says everywhere, with the points it learns from; and points of one's own. */
import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import {
  paintAxes,
  paintClasses,
  paintPoints,
  paintTicks,
  paintValues,
  palette,
  pointAt,
  STRONGEST_VALUE,
  toCSS,
} from "../draw/index.ts";
import { SURFACE_SIDE } from "../engine/index.ts";
import { classesOf, classNamed, EXTENT, isRegression, type Point, toPlace } from "../state/index.ts";
import { type Store, useView } from "../store/index.ts";
import { Canvas, SliderField } from "../ui/index.ts";
import { axisText, real, unitsOf } from "./table/index.ts";

export function SurfacePanel({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const regression = isRegression(state);
  const toggle = (name: "showTest" | "decision") => (event: { currentTarget: HTMLInputElement }) =>
    store.update({ [name]: event.currentTarget.checked ? "yes" : "no" });
  return (
    <section class="card surface" aria-labelledby="surface-title">
      <h2 id="surface-title">
        What the network says <span class="term">{regression ? "output" : "decision surface"}</span>
      </h2>
      <Picture store={store} />
      <Axes store={store} />
      <Legend store={store} />
      <div class="checks">
        <label>
          <input type="checkbox" checked={state.showTest === "yes"} onChange={toggle("showTest")} /> Show exam points{" "}
          <span class="term">test data</span>
        </label>
        {!regression && (
          <label>
            <input type="checkbox" checked={state.decision === "yes"} onChange={toggle("decision")} /> Decisions only
          </label>
        )}
      </div>
      <OwnPoints store={store} />
    </section>
  );
}

function Picture({ store }: { readonly store: Store }) {
  const shown = store.shown.value;
  const surface = useView(store, "surface", true);
  const colours = palette.value;
  const state = store.state.value;
  const pointer = useRef<HTMLDivElement>(null);
  const regression = isRegression(shown?.state ?? state);
  const drawSurface = useCallback(
    (canvas: HTMLCanvasElement) => {
      if (surface === undefined) canvas.width = 1;
      else if (regression)
        paintValues(canvas, SURFACE_SIDE, surface, colours, { limit: 1, strongest: STRONGEST_VALUE });
      else paintClasses(canvas, SURFACE_SIDE, surface, colours, state.decision === "yes");
    },
    [surface, colours, state.decision, regression],
  );
  const [training, test] = [shown?.training, shown?.test];
  const own = shown?.state.own;
  const { data, table } = shown?.state ?? state;
  const units = useMemo(() => unitsOf({ data, table }), [data, table]);
  const drawPoints = useCallback(
    (canvas: HTMLCanvasElement) => {
      // Twice the pixels of the page, for sharp edges on every screen.
      const side = 2 * (canvas.clientWidth || 320);
      canvas.width = side;
      canvas.height = side;
      const context = canvas.getContext("2d");
      if (context === null) return;
      paintAxes(context, side, side / 2, side / 2, colours);
      const style = { radius: side / 110, values: regression };
      if (state.showTest === "yes") paintPoints(context, side, test ?? [], colours, { ...style, hollow: true });
      // The visitor's come last.
      const drawn = (training?.length ?? 0) - (own?.length ?? 0);
      paintPoints(context, side, training?.slice(0, drawn) ?? [], colours, style);
      paintPoints(context, side, own ?? [], colours, { ...style, ringed: true });
      if (units !== undefined) paintTicks(context, side, units, colours, 22);
    },
    [training, test, own, colours, state.showTest, regression, units],
  );
  const click = (event: MouseEvent): void => {
    const box = pointer.current?.getBoundingClientRect();
    if (box === undefined) return;
    const [x, y] = pointAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    const near = state.own.find(([px, py]) => Math.hypot(px - x, py - y) < EXTENT / 25);
    if (near === undefined) store.addPoint(x, y);
    else store.removePoint(near);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard, points are added and removed in the form beneath.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div class="picture" ref={pointer} onClick={click} data-testid="surface">
      <Canvas class="cells" draw={drawSurface} label={describe(store)} />
      <Canvas class="points" draw={drawPoints} />
    </div>
  );
}

/** What the picture shows, in words. */
function describe(store: Store): string {
  const shown = store.shown.value;
  if (shown === undefined) return "The network’s output over the plane; there is none yet.";
  const { training, test, state } = shown;
  const units = unitsOf(state);
  const axes =
    units === undefined
      ? `x and y from −${EXTENT} to ${EXTENT}`
      : `${units.names.x} from ${axisText(units.x)}, and ${units.names.y} from ${axisText(units.y)}`;
  return `The network’s output for ${axes}, with ${training.length} training and ${test.length} test points.`;
}

/** What x and y are in the visitor's table. */
function Axes({ store }: { readonly store: Store }) {
  const units = unitsOf(store.state.value);
  if (units === undefined) return null;
  return (
    <dl class="axis-units">
      {(["x", "y"] as const).map((axis) => (
        <div key={axis}>
          <dt>
            <span aria-hidden="true">{axis === "x" ? "→" : "↑"}</span> {units.names[axis]}{" "}
            <span class="term">{axis}</span>
          </dt>
          <dd>{axisText(units[axis])}</dd>
        </div>
      ))}
    </dl>
  );
}

const SHAPE = ["●", "■", "▲", "◆", "⬟"];

function Legend({ store }: { readonly store: Store }) {
  const [state, colours] = [store.state.value, palette.value];
  const units = unitsOf(state);
  const target = units?.target;
  const value = (place: number, text: string): string => (target === undefined ? text : real(target, place));
  if (isRegression(state)) {
    return (
      <>
        <div class="scale">
          <span class="unseen">Colours from </span>
          {value(-1, "−1")} <span class="ramp" /> {value(1, "+1")}
        </div>
        <SliderField
          words={{ plain: "A click adds a point of", term: units?.names.target ?? "target value" }}
          field={{ least: -1, most: 1 }}
          step={0.1}
          value={store.brush.value}
          text={value(store.brush.value, store.brush.value.toFixed(1))}
          onChange={(value) => {
            store.brush.value = value;
          }}
        />
      </>
    );
  }
  return (
    <fieldset class="brush">
      <legend>A click adds a point of{units !== undefined && <span class="term"> {units.names.target}</span>}</legend>
      {Array.from({ length: classesOf(state) }, (_, label) => (
        <label key={label}>
          <input
            type="radio"
            name="brush"
            checked={store.target === label}
            onChange={() => {
              store.brush.value = label;
            }}
          />
          <span style={{ color: toCSS(colours.classes[label] ?? colours.ink) }} aria-hidden="true">
            {SHAPE[label]}
          </span>{" "}
          {classNamed(state, label)}
        </label>
      ))}
    </fieldset>
  );
}

/** The same by keyboard, and all of them at once; in the units of the table, if there is one. */
function OwnPoints({ store }: { readonly store: Store }) {
  const [place, setPlace] = useState({ x: "0", y: "0" });
  const state = store.state.value;
  const { own } = state;
  const units = unitsOf(state);
  const coordinate = (name: "x" | "y") => (
    <label>
      {units?.names[name] ?? name}
      <input
        type="number"
        {...(units === undefined ? { min: -EXTENT, max: EXTENT, step: "0.1" } : { step: "any" })}
        value={place[name]}
        onChange={(event) => setPlace({ ...place, [name]: event.currentTarget.value })}
      />
    </label>
  );
  const add = (event: Event): void => {
    event.preventDefault();
    const at = (name: "x" | "y"): number => {
      const value = Number(place[name]);
      return units === undefined ? value : Number(toPlace(units[name], value).toFixed(5));
    };
    const [x, y] = [at("x"), at("y")];
    if (Math.abs(x) <= EXTENT && Math.abs(y) <= EXTENT) store.addPoint(x, y);
  };
  const told = ([x, y, target]: Point): { at: string; target: string } => ({
    at: units === undefined ? `${x}, ${y}` : `${real(units.x, x)}, ${real(units.y, y)}`,
    target:
      units === undefined ? String(target) : units.target ? real(units.target, target) : classNamed(state, target),
  });
  return (
    <details class="own">
      <summary>
        Your own points: {own.length} <span class="term">click one to remove it</span>
      </summary>
      <form onSubmit={add}>
        {coordinate("x")}
        {coordinate("y")}
        <button type="submit">Add</button>
      </form>
      {own.length > 0 && (
        <ul>
          {own.map((point: Point, i) => (
            <li key={`${i}: ${point.join()}`}>
              ({told(point).at}): {told(point).target}{" "}
              <button
                type="button"
                class="small"
                onClick={() => store.removePoint(point)}
                aria-label={`Remove the point ${told(point).at}`}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {own.length > 0 && (
        <button type="button" class="quiet" onClick={() => store.update({ own: [] })}>
          Remove all
        </button>
      )}
    </details>
  );
}
