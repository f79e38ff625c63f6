/** One lane: what it has of its own, what it says about the plane, and how it goes. */
import { useCallback } from "preact/hooks";
import { paintClasses, paintPoints, paintValues, palette } from "../draw/index.ts";
import { type LaneSnapshot, SURFACE_SIDE } from "../engine/index.ts";
import { isRegression, type Lane, laneState, type Point, percent, scientific } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Canvas } from "../ui/index.ts";
import { LaneSettings } from "./lane-settings.tsx";
import { describeLane, letterOf, lookOf } from "./words.ts";

export interface LaneCardProps {
  readonly store: Store;
  readonly index: number;
  readonly lane: Lane;
  /** Undefined before it is there. */
  readonly ran: LaneSnapshot | undefined;
  readonly points: readonly Point[] | undefined;
}

export function LaneCard({ store, index, lane, ran, points }: LaneCardProps) {
  const state = laneState(store.state.value, lane);
  const { lanes } = store.state.value;
  const name = `Lane ${letterOf(index)}`;
  return (
    <section class="card lane" aria-label={name}>
      <div class="heading">
        <h2>
          <Mark index={index} /> {letterOf(index)} <span class="of">{describeLane(lane, state)}</span>
        </h2>
        {lanes.length > 2 && !store.state.value.hide.includes("settings") && (
          <button
            type="button"
            class="small drop"
            aria-label={`Remove lane ${letterOf(index)}`}
            onClick={() => store.update({ lanes: lanes.filter((_, i) => i !== index) })}
          >
            ×
          </button>
        )}
      </div>
      <div class="state">
        <LanePicture
          regression={isRegression(state)}
          ran={ran}
          points={points}
          label={`What the network of lane ${letterOf(index)} says over the plane`}
        />
        <Numbers index={index} ran={ran} regression={isRegression(state)} />
      </div>
      <Status ran={ran} />
      {!store.state.value.hide.includes("settings") && <LaneSettings store={store} index={index} lane={lane} />}
    </section>
  );
}

/** The line of a lane, as in the curves. */
export function Mark({ index }: { readonly index: number }) {
  const { colour, dash } = lookOf(index);
  return (
    <svg class="mark-line" viewBox="0 0 34 8" aria-hidden="true">
      <path d="M1 4H33" stroke={colour} stroke-width="3" stroke-dasharray={dash.join(" ")} />
    </svg>
  );
}

interface LanePictureProps extends Pick<LaneCardProps, "ran" | "points"> {
  readonly regression: boolean;
  readonly label: string;
}

function LanePicture({ ran, points, regression, label }: LanePictureProps) {
  const surface = ran?.snapshot?.views.surface;
  const colours = palette.value;
  const drawSurface = useCallback(
    (canvas: HTMLCanvasElement) => {
      if (surface === undefined) canvas.width = 1;
      else if (regression) paintValues(canvas, SURFACE_SIDE, surface, colours, { limit: 1, strongest: 0.8 });
      else paintClasses(canvas, SURFACE_SIDE, surface, colours, false);
    },
    [surface, colours, regression],
  );
  const drawPoints = useCallback(
    (canvas: HTMLCanvasElement) => {
      const side = 2 * (canvas.clientWidth || 160);
      canvas.width = side;
      canvas.height = side;
      const context = canvas.getContext("2d");
      if (context !== null)
        paintPoints(context, side, points ?? [], colours, { radius: side / 75, values: regression });
    },
    [points, colours, regression],
  );
  return (
    <div class="picture">
      <Canvas class="cells" draw={drawSurface} label={label} />
      <Canvas class="points" draw={drawPoints} />
    </div>
  );
}

const number = (value: number): string => (Number.isFinite(value) ? scientific(value, 3) : "∞");

interface NumbersProps {
  readonly index: number;
  readonly ran: LaneSnapshot | undefined;
  readonly regression: boolean;
}

function Numbers({ index, ran, regression }: NumbersProps) {
  const { step, epoch, training, test } = ran?.snapshot ?? {};
  const shown = <T,>(value: T | undefined, text: (value: T) => string): string =>
    value === undefined ? "–" : text(value);
  const rows: [plain: string, term: string, value: string, key: string][] = [
    ["Cost", "training loss", shown(training?.loss, number), "loss"],
    ["Steps", "updates", shown(step, (value) => value.toLocaleString("en")), "step"],
    ["Rounds", "epochs", shown(epoch, (value) => Number(value.toFixed(1)).toLocaleString("en")), "epoch"],
  ];
  if (test !== undefined) rows.splice(1, 0, ["In the exam", "test loss", number(test.loss), "test-loss"]);
  if (!regression) rows.splice(1, 0, ["Right", "training accuracy", shown(training?.accuracy, percent), "accuracy"]);
  return (
    <dl>
      {rows.map(([plain, term, value, key]) => (
        <div key={key}>
          <dt>
            {plain} <span class="term">{term}</span>
          </dt>
          <dd data-value={`${letterOf(index)}-${key}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Why a lane stands. */
function Status({ ran }: { readonly ran: LaneSnapshot | undefined }) {
  if (ran?.reason !== undefined) return <p class="status bad">It cannot start: {ran.reason}</p>;
  if (ran?.snapshot === undefined) return null;
  const { diverged, end, step } = ran.snapshot;
  if (diverged) {
    return (
      <p class="status bad">
        <strong>Blew up</strong> <span class="term">diverged</span> by step {step.toLocaleString("en")}: its steps are
        too long.
      </p>
    );
  }
  if (end === undefined) return null;
  return (
    <p class={`status ${end.converged ? "good" : "bad"}`}>
      <strong>{end.converged ? "Has arrived" : "Found no further step"}</strong>
      {end.converged && <span class="term"> converged</span>}: {end.reason}.
    </p>
  );
}
