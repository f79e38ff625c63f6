/** Many networks of one size, each trained on examples of its own. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { palette, toCSS } from "../../draw/index.ts";
import { truthAt } from "../../engine/index.ts";
import { Chart } from "../../ui/index.ts";
import { digits } from "../checks.ts";
import type { PanelProps } from "../panels.tsx";
import { report } from "../progress.ts";
import { DRAWS, EXAMPLES, meanCurve, NOISE, PLACES, SIZES, spreadOf } from "../spread.ts";

/** What was trained, by hidden units; it is the same in each run, so it stays. */
const trained = signal<ReadonlyMap<number, readonly Float32Array[]>>(new Map());

export function SpreadPanel({ store }: PanelProps) {
  const [size, setSize] = useState<number>(SIZES[0]);
  const [running, setRunning] = useState(false);
  const [reason, setReason] = useState<string | undefined>(undefined);
  const mounted = useRef(true);
  useEffect(
    () => () => {
      mounted.current = false;
    },
    [],
  );
  const run = async (): Promise<void> => {
    setRunning(true);
    setReason(undefined);
    for (const units of SIZES) {
      const curves = [...(trained.value.get(units) ?? [])];
      setSize(units);
      while (curves.length < DRAWS && mounted.current) {
        const reply = await store.query("spread", { units, draw: curves.length + 1, examples: EXAMPLES, noise: NOISE });
        // Undefined if another network was loaded meanwhile: it is asked again.
        if (reply === undefined) continue;
        if (reply.answer === undefined) {
          setRunning(false);
          setReason(reply.reason);
          return;
        }
        curves.push(reply.answer.curve);
        trained.value = new Map(trained.value).set(units, [...curves]);
      }
    }
    if (!mounted.current) return;
    setRunning(false);
    report({ spread: SIZES.map((units) => spreadOf(units, trained.value.get(units) ?? [])) });
  };
  const count = SIZES.reduce((sum, units) => sum + (trained.value.get(units)?.length ?? 0), 0);
  const all = SIZES.length * DRAWS;
  return (
    <section class="card spread-panel" aria-labelledby="spread-title">
      <h2 id="spread-title">
        One wave, many networks <span class="term">bias and variance</span>
      </h2>
      <div class="controls">
        <button type="button" disabled={running || count === all} onClick={() => void run()}>
          Run the experiment
        </button>
        <span role="status">{running ? "Training." : count === all ? "All 144 networks are trained." : ""}</span>
        <progress value={count} max={all} aria-label="Networks trained" />
      </div>
      {reason !== undefined && (
        <p class="problem" role="alert">
          {reason}
        </p>
      )}
      <fieldset class="sizes">
        <legend>Hidden units</legend>
        {SIZES.map((units) => (
          <label key={units}>
            <input type="radio" name="size" checked={units === size} onChange={() => setSize(units)} /> {units}
          </label>
        ))}
      </fieldset>
      <Bundle curves={trained.value.get(size) ?? []} size={size} />
      <Trade />
    </section>
  );
}

function Bundle({ curves, size }: { readonly curves: readonly Float32Array[]; readonly size: number }) {
  const colours = palette.value;
  const faint = `color-mix(in srgb, ${toCSS(colours.positive)} 32%, transparent)`;
  const found = curves.length === 0 ? undefined : spreadOf(size, curves);
  return (
    <>
      <Chart
        title={
          curves.length === 0
            ? "The wave; nothing is trained yet"
            : `What ${curves.length} networks with ${size} hidden unit${size === 1 ? "" : "s"} say`
        }
        term="thin: each; blue: their mean; dashed: the wave"
        data={[
          [...PLACES],
          ...Array.from({ length: DRAWS }, (_, i) => Array.from(curves[i] ?? [], (value) => value)).map((curve) =>
            curve.length > 0 ? curve : PLACES.map(() => null),
          ),
          curves.length > 0 ? meanCurve(curves) : PLACES.map(() => null),
          PLACES.map(truthAt),
        ]}
        series={[
          ...Array.from({ length: DRAWS }, () => ({ colour: faint })),
          { colour: toCSS(colours.positive) },
          { colour: toCSS(colours.negative), dash: [7, 5] },
        ]}
        range="any"
      />
      {found !== undefined && (
        <p>
          How far the mean is off: <strong>{digits(found.bias)}</strong> <span class="term">bias²</span>. How much they
          differ: <strong>{digits(found.variance)}</strong> <span class="term">variance</span>.
        </p>
      )}
    </>
  );
}

function Trade() {
  const colours = palette.value;
  const done = SIZES.filter((units) => trained.value.get(units)?.length === DRAWS);
  if (done.length < 2) return null;
  const all = done.map((units) => spreadOf(units, trained.value.get(units) ?? []));
  return (
    <Chart
      title="By the number of hidden units"
      term="orange, dashed: bias²; blue: variance; upper line: their sum"
      data={[
        [...done],
        all.map(({ bias }) => bias),
        all.map(({ variance }) => variance),
        all.map(({ bias, variance }) => bias + variance),
      ]}
      series={[
        { colour: toCSS(colours.negative), dash: [7, 5], points: true },
        { colour: toCSS(colours.positive), points: true },
        { colour: toCSS(colours.ink), points: true },
      ]}
    />
  );
}
