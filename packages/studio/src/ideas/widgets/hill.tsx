/** A loss over two weights from above, with the walks down it. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Palette, palette, toCSS } from "../../draw/index.ts";
import { Canvas, Chart, SliderField } from "../../ui/index.ts";
import { digits } from "../checks.ts";
import type { HillPlan, NamedWalk } from "../idea.ts";
import type { PanelProps } from "../panels.tsx";
import { report } from "../progress.ts";
import { useAnswer } from "./answer.ts";
import { paintHill, paintWalk } from "./hill-picture.ts";

export function HillPanel({ store, step }: PanelProps) {
  // Each step begins at the start of its walk.
  return step.hill === undefined ? null : <Hill key={step.title} store={store} step={step} plan={step.hill} />;
}

const DASHES = [[], [7, 5]] as const;
const colourOf = (colours: Palette, walk: number) => (walk === 0 ? colours.positive : colours.negative);

function Hill({ store, plan }: PanelProps & { readonly plan: HillPlan }) {
  const { hill, start, steps, reach } = plan;
  const walks = plan.walks(store.state.value);
  const found = useAnswer(store, "descent", { hill, start, steps, walks });
  const [until, setUntil] = useState(0);
  const colours = palette.value;
  useEffect(() => {
    if (found !== undefined) {
      report({ hill: { of: found.of.walks, hill: found.of.hill, descent: found.answer, until } });
    }
  }, [found, until]);
  const drawHill = useCallback(
    (canvas: HTMLCanvasElement) => paintHill(canvas, hill, reach, colours),
    [hill, reach, colours],
  );
  const paths = found?.answer.paths;
  const drawWalks = useCallback(
    (canvas: HTMLCanvasElement) => {
      canvas.width = 2 * (canvas.clientWidth || 400);
      canvas.height = 2 * (canvas.clientHeight || 250);
      // The first walk is on top.
      for (const [i, path] of [...(paths?.entries() ?? [])].reverse()) {
        paintWalk(canvas, path, until, reach, {
          colour: colourOf(colours, i),
          dash: DASHES[i] ?? [],
          paper: colours.paper,
        });
      }
    },
    [paths, until, reach, colours],
  );
  return (
    <section class="card hill-panel" aria-labelledby="hill-title">
      <h2 id="hill-title">
        The loss from above <span class="term">contours of L(u, v)</span>
      </h2>
      <div class="hill">
        <Canvas class="ground" draw={drawHill} label={describe(walks, paths, until)} />
        <Canvas class="walks" draw={drawWalks} />
        <span class="axis-u" aria-hidden="true">
          u
        </span>
        <span class="axis-v" aria-hidden="true">
          v
        </span>
      </div>
      <WalkKey walks={walks} losses={found?.answer.losses} until={until} />
      <div class="walker">
        <SliderField
          words={{ plain: "Up to step", term: "update" }}
          field={{ least: 0, most: steps }}
          step={1}
          value={until}
          text={String(until)}
          onChange={setUntil}
        />
        <Walker steps={steps} set={setUntil} />
      </div>
      <Losses plan={plan} losses={found?.answer.losses} />
    </section>
  );
}

/** Goes from the start to the end, a few steps a second. */
function Walker({ steps, set }: { readonly steps: number; readonly set: (step: number) => void }) {
  const timer = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  useEffect(() => () => clearInterval(timer.current), []);
  const walk = (): void => {
    clearInterval(timer.current);
    let at = 0;
    set(0);
    timer.current = setInterval(() => {
      at++;
      set(at);
      if (at >= steps) clearInterval(timer.current);
    }, 90);
  };
  return (
    <button type="button" onClick={walk}>
      Walk
    </button>
  );
}

interface KeyProps {
  readonly walks: readonly NamedWalk[];
  readonly losses: readonly Float32Array[] | undefined;
  readonly until: number;
}

function WalkKey({ walks, losses, until }: KeyProps) {
  return (
    <ul class="legend walk-key">
      {walks.map(({ name }, i) => (
        <li key={name}>
          <span class={i === 0 ? "mark" : "mark two"} aria-hidden="true" /> {name}{" "}
          <span class="term">loss {short(losses?.[i]?.[until])}</span>
        </li>
      ))}
    </ul>
  );
}

const short = (value: number | undefined): string => (value === undefined ? "–" : digits(value));

/** Nothing is drawn of losses that a logarithmic axis cannot have, or that are off all bounds. */
function Losses({ plan, losses }: { readonly plan: HillPlan; readonly losses: readonly Float32Array[] | undefined }) {
  const colours = palette.value;
  if (losses === undefined) return null;
  const logarithmic = plan.hill !== "saddle";
  const drawable = (value: number): number | null =>
    Number.isFinite(value) && value < 1e9 && (!logarithmic || value > 1e-9) ? value : null;
  return (
    <Chart
      title="Loss"
      term={logarithmic ? "by steps; each mark is a multiple of the last" : "by steps"}
      data={[Array.from({ length: plan.steps + 1 }, (_, i) => i), ...losses.map((each) => Array.from(each, drawable))]}
      series={losses.map((_, i) => ({ colour: toCSS(colourOf(colours, i)), dash: DASHES[i] ?? [] }))}
      range="any"
      {...(logarithmic ? { logarithmic: "y" as const } : {})}
    />
  );
}

function describe(walks: readonly NamedWalk[], paths: readonly Float32Array[] | undefined, until: number): string {
  if (paths === undefined) return "Contours of the loss.";
  const ends = paths.map((path, i) => {
    const [u = 0, v = 0] = path.subarray(2 * until, 2 * until + 2);
    return `${walks[i]?.name}: at u = ${short(u)}, v = ${short(v)}`;
  });
  return `Contours of the loss. After ${until} steps, ${ends.join("; ")}.`;
}
