/** The data: which set, how many points, how messy; or the visitor's table. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { PLACES, VALUES } from "../data/shapes.ts";
import { type Palette, paintPoints, paintValues, palette, pointAt, toCSS } from "../draw/index.ts";
import { CLASSIFICATION, choosesClasses, type Point, REGRESSION, SETTINGS, type State } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Canvas, SliderField } from "../ui/index.ts";
import { Split } from "./split.tsx";
import { TablePanel, useReading } from "./table/index.ts";
import { CHOICE, SETTING } from "./words.ts";

type SetName = State["data"];

export function DataPanel({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const choose = (data: SetName) => store.update({ data });
  const reading = useReading(store);
  const drop = useDrop(reading);
  return (
    <section class={`card data${drop.over ? " over" : ""}`} aria-labelledby="data-title" {...drop.events}>
      <h2 id="data-title">Data</h2>
      <Sets title="Which colour?" term="classification" names={CLASSIFICATION} chosen={state.data} choose={choose} />
      <Sets title="Which value?" term="regression" names={REGRESSION} chosen={state.data} choose={choose} />
      {choosesClasses(state) && (
        <SliderField
          words={SETTING.classes!}
          field={SETTINGS.classes}
          step={1}
          value={state.classes}
          text={String(state.classes)}
          onChange={(classes) => store.update({ classes }, "classes")}
        />
      )}
      {state.data !== "own" && state.data !== "table" && <Amounts store={store} />}
      <Sets title="Your own table" term="CSV" names={["table"]} chosen={state.data} choose={choose} />
      <div role="alert">{reading.problem !== undefined && <p class="problem">{reading.problem}</p>}</div>
      {state.data === "table" && <TablePanel store={store} reading={reading} />}
    </section>
  );
}

/** A file or a text can be dropped anywhere on the panel. */
function useDrop({ open, paste }: ReturnType<typeof useReading>) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // A file that misses the panel must not take the page away.
    const keep = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
    };
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
  const events = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      if (file !== undefined) open(file);
      else if (text !== "") paste(text);
    },
  };
  return { over, events };
}

function Amounts({ store }: { readonly store: Store }) {
  const { points, noise } = store.state.value;
  return (
    <>
      <SliderField
        words={SETTING.points!}
        field={SETTINGS.points}
        step={10}
        value={points}
        text={String(points)}
        onChange={(value) => store.update({ points: value }, "points")}
      />
      <SliderField
        words={SETTING.noise!}
        field={SETTINGS.noise}
        step={0.05}
        value={noise}
        text={noise.toFixed(2)}
        onChange={(value) => store.update({ noise: value }, "noise")}
      />
      <Split store={store} redraw="Draw other points" />
    </>
  );
}

interface SetsProps {
  readonly title: string;
  readonly term: string;
  readonly names: readonly SetName[];
  readonly chosen: SetName;
  readonly choose: (name: SetName) => void;
}

function Sets({ title, term, names, chosen, choose }: SetsProps) {
  return (
    <fieldset class="sets">
      <legend>
        <span class="plain">{title}</span> <span class="term">{term}</span>
      </legend>
      {names.map((name) => (
        <label key={name} class="set">
          <input type="radio" name="data" value={name} checked={name === chosen} onChange={() => choose(name)} />
          <SetPicture name={name} />
          <span>{CHOICE.data[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}

const SIDE = 96;
const CELLS = 24;
/** Lines of a table: down and across. */
const RULES: readonly (readonly [number, number, number, number])[] = [
  [0.12, 0.2, 0.88, 0.2],
  [0.12, 0.4, 0.88, 0.4],
  [0.12, 0.6, 0.88, 0.6],
  [0.12, 0.8, 0.88, 0.8],
  [0.12, 0.2, 0.12, 0.8],
  [0.44, 0.2, 0.44, 0.8],
  [0.66, 0.2, 0.66, 0.8],
  [0.88, 0.2, 0.88, 0.8],
];

function SetPicture({ name }: { readonly name: SetName }) {
  const colours = palette.value;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const value = VALUES[name];
      if (value !== undefined) return paintValues(canvas, CELLS, valuesOn(CELLS, value), colours);
      canvas.width = SIDE;
      canvas.height = SIDE;
      const context = canvas.getContext("2d");
      if (context === null) return;
      if (name === "table") paintTable(context, colours);
      else paintPoints(context, SIDE, sketch(name), colours, { radius: 3.6 });
    },
    [name, colours],
  );
  return <Canvas class="thumb" draw={draw} />;
}

function paintTable(context: CanvasRenderingContext2D, { ink }: Palette): void {
  context.strokeStyle = toCSS(ink);
  context.lineWidth = 2.5;
  context.beginPath();
  for (const [x0, y0, x1, y1] of RULES) {
    context.moveTo(x0 * SIDE, y0 * SIDE);
    context.lineTo(x1 * SIDE, y1 * SIDE);
  }
  context.stroke();
}

/** Some points of a set. For "own" a few that somebody might have drawn. */
function sketch(name: SetName): readonly Point[] {
  const place = PLACES[name];
  if (place === undefined) return DRAWN;
  // The R₂ sequence of M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018, spreads points evenly.
  return Array.from({ length: 64 }, (_, i): Point => {
    const [x, y] = place((0.5 + i * 0.7548776662466927) % 1, (0.5 + i * 0.5698402909980532) % 1, i % 2, 2);
    return [x, y, i % 2];
  });
}

const DRAWN: readonly Point[] = [
  [-1.5, 1, 0],
  [-1, -0.6, 0],
  [1.2, -1.2, 1],
  [1.7, 0.3, 1],
  [0.2, 1.8, 1],
];

/** A function on the cells of a square, row by row from the top left. */
const valuesOn = (side: number, value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, cell) =>
    value(...pointAt(((cell % side) + 0.5) / side, (Math.floor(cell / side) + 0.5) / side)),
  );
