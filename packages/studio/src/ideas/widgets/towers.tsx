/** A function to draw, and the network of towers that follows it. */
import { useEffect, useState } from "preact/hooks";
import { palette, toCSS } from "../../draw/index.ts";
import { SETTINGS } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { Chart, SliderField } from "../../ui/index.ts";
import { digits } from "../checks.ts";
import { PRESETS, pull } from "../drawn.ts";
import type { PanelProps } from "../panels.tsx";
import { report } from "../progress.ts";
import { useAnswer } from "./answer.ts";
import { DrawingBoard } from "./drawing-board.tsx";
import { Reading } from "./reading.tsx";

const NAMES = { sine: "wave", bump: "bump", parabola: "parabola", step: "jump" } as const;
/** Numbers of towers that the lower chart has. */
const COUNTS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const HANDLES = 9;

export function TowersPanel({ store }: PanelProps) {
  const { drawn, towers: count } = store.state.value;
  const found = useAnswer(store, "towers", { heights: drawn, towers: count });
  useEffect(() => {
    if (found !== undefined) {
      report({ towers: { of: found.of.heights, count: found.of.towers, towers: found.answer } });
    }
  }, [found]);
  return (
    <section class="card towers-panel" aria-labelledby="towers-title">
      <h2 id="towers-title">
        Your function, and the network’s <span class="term">on [0, 1]</span>
      </h2>
      <div class="presets">
        {(Object.keys(NAMES) as (keyof typeof NAMES)[]).map((name) => (
          <button
            key={name}
            type="button"
            class="quiet"
            aria-pressed={drawn.join() === PRESETS[name].join()}
            onClick={() => store.update({ drawn: PRESETS[name] })}
          >
            {NAMES[name]}
          </button>
        ))}
      </div>
      <DrawingBoard store={store} found={found?.answer} />
      <p class="legend">
        <span>
          <span class="mark two" /> what is drawn
        </span>
        <span>
          <span class="mark" /> the network <span class="term">sum of the towers</span>
        </span>
      </p>
      <SliderField
        words={{ plain: "Towers", term: "in the picture" }}
        field={SETTINGS.towers}
        step={1}
        value={count}
        text={String(count)}
        onChange={(towers) => store.update({ towers }, "towers")}
      />
      {found !== undefined && (
        <dl class="figures">
          <Reading
            name="largest error"
            term={`at x = ${found.answer.at.toFixed(2)}`}
            value={digits(found.answer.error)}
          />
          <Reading name="hidden units" term="one for each wall" value={String(found.answer.units)} />
          <Reading name="steepness of walls" term="s" value={String(found.answer.steepness)} />
        </dl>
      )}
      <Handles store={store} />
      <Errors store={store} />
    </section>
  );
}

/** The drawing by keyboard: heights at some places; between them it follows. */
function Handles({ store }: { readonly store: Store }) {
  const { drawn } = store.state.value;
  const apart = (drawn.length - 1) / (HANDLES - 1);
  return (
    <details class="handles">
      <summary>
        Handles <span class="term">to draw by keyboard</span>
      </summary>
      <div class="fields">
        {Array.from({ length: HANDLES }, (_, i) => (
          <SliderField
            key={i}
            words={{ plain: `Height at ${i / (HANDLES - 1)}`, term: "" }}
            field={{ least: 0, most: 1 }}
            step={0.01}
            value={drawn[i * apart] ?? 0}
            text={(drawn[i * apart] ?? 0).toFixed(2)}
            onChange={(height) => store.update({ drawn: pull(drawn, i, HANDLES, height) }, `handle ${i}`)}
          />
        ))}
      </div>
    </details>
  );
}

interface ErrorsFound {
  /** The drawing that they belong to. */
  readonly key: string;
  readonly errors: readonly number[];
  /** Why there are no more. */
  readonly reason?: string;
}

/** The error for each number of towers, asked one after another once the drawing rests. */
function Errors({ store }: { readonly store: Store }) {
  const { drawn } = store.state.value;
  const key = drawn.join();
  const [found, setFound] = useState<ErrorsFound>({ key, errors: [] });
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      const errors: number[] = [];
      while (current && errors.length < COUNTS.length) {
        const reply = await store.query("towers", { heights: drawn, towers: COUNTS[errors.length] as number });
        if (reply === undefined) continue;
        if (reply.answer === undefined) {
          if (current) setFound({ key, errors, reason: reply.reason });
          return;
        }
        errors.push(reply.answer.error);
        if (current) setFound({ key, errors: [...errors] });
      }
    };
    const timer = setTimeout(() => void ask(), 400);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  if (found.key !== key) return null;
  if (found.reason !== undefined) {
    return (
      <p class="problem" role="alert">
        {found.reason}
      </p>
    );
  }
  return (
    <Chart
      title="Largest error"
      term="by the number of towers"
      data={[COUNTS, COUNTS.map((_, i) => found.errors[i] ?? null)]}
      series={[{ colour: toCSS(palette.value.positive), points: true }]}
      range="any"
      logarithmic="both"
    />
  );
}
