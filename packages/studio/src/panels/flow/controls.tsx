/** Going from step to step, by buttons, a slider, the arrow keys, or by itself. */
import { useEffect, useState } from "preact/hooks";
import type { FlowTrace, Phase } from "../../engine/index.ts";
import { Icon } from "../../ui/index.ts";
import { lastStep, progressOf } from "./progress.ts";
import { PHASE } from "./step-card.tsx";

export interface FlowControlsProps {
  readonly trace: FlowTrace;
  readonly cursor: number;
  readonly move: (cursor: number) => void;
}

/** Time to look at a step, in milliseconds. */
const PACE = 1500;

export function FlowControls({ trace, cursor: at, move }: FlowControlsProps) {
  const { cursor, step } = progressOf(trace, at);
  const last = lastStep(trace);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    if (!running) return;
    if (cursor >= last) {
      setRunning(false);
      return;
    }
    const timer = setTimeout(() => move(cursor + 1), PACE);
    return () => clearTimeout(timer);
  }, [running, cursor, last, move]);
  const go = (to: number): void => {
    setRunning(false);
    move(to);
  };
  const run = (): void => {
    if (!running && cursor >= last) move(0);
    setRunning(!running);
  };
  const first = (phase: Phase): number => trace.steps.findIndex((each) => each.phase === phase);
  return (
    <div class="flow-controls">
      <div class="buttons">
        <Go name="First step" path="M6 5h2.5v14H6zM19 5v14L9 12z" disabled={cursor === 0} onClick={() => go(0)} />
        <Go name="Step back" path="M17 5v14L7 12z" disabled={cursor === 0} onClick={() => go(cursor - 1)} />
        <button type="button" class="primary" onClick={run}>
          <Icon path={running ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M7 4l13 8-13 8z"} />
          {running ? "Stop" : "Show all"}
        </button>
        <Go name="Step on" path="M7 5v14l10-7z" disabled={cursor === last} onClick={() => go(cursor + 1)} />
        <Go
          name="Last step"
          path="M15.5 5H18v14h-2.5zM5 5v14l10-7z"
          disabled={cursor === last}
          onClick={() => go(last)}
        />
      </div>
      <input
        type="range"
        aria-label="Step"
        aria-valuetext={`Step ${cursor + 1} of ${last + 1}: ${step.words.plain}`}
        min={0}
        max={last}
        step={1}
        value={cursor}
        onInput={(event) => go(Number(event.currentTarget.value))}
      />
      <fieldset class="phases">
        <legend class="unseen">Go to</legend>
        {(Object.entries(PHASE) as [Phase, string][]).map(([phase, name]) => (
          <button
            key={phase}
            type="button"
            class={phase}
            aria-pressed={step.phase === phase}
            disabled={first(phase) < 0}
            onClick={() => go(first(phase))}
          >
            {name}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

interface GoProps {
  readonly name: string;
  readonly path: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

function Go({ name, path, disabled, onClick }: GoProps) {
  return (
    <button type="button" class="go" aria-label={name} title={name} disabled={disabled} onClick={onClick}>
      <Icon path={path} />
    </button>
  );
}
