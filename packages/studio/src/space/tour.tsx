/** The way through the layers: its stages as buttons, a slider between them, and the walk from the input to the output. */
import { useEffect, useState } from "preact/hooks";
import { lastStage } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Icon } from "../ui/index.ts";
import { useSteps } from "./follow.ts";
import type { Stage } from "./stages.ts";

export function Tour({ store, stages }: { readonly store: Store; readonly stages: readonly Stage[] }) {
  const [walking, setWalking] = useState(false);
  const state = store.state.value;
  const last = lastStage(state);
  const stage = Math.min(state.stage, last);
  const go = (next: number): void => store.update({ stage: next }, "stage");
  const choose = (next: number) => (): void => {
    setWalking(false);
    go(next);
  };
  useSteps(walking, () => go(stage >= last ? 0 : Math.floor(stage) + 1));
  useEffect(() => {
    if (stage === last) setWalking(false);
  }, [stage, last]);
  return (
    <div class="tour">
      <div class="buttons">
        <button type="button" class="walk" onClick={() => setWalking(!walking)}>
          <Icon path={walking ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M7 4l13 8-13 8z"} />
          {walking ? "Stop" : "Go through the layers"}
        </button>
        <fieldset class="stages">
          <legend class="unseen">Stage</legend>
          {stages.map(({ name, term }, i) => (
            <button key={name} type="button" class="quiet" aria-pressed={stage === i} onClick={choose(i)}>
              <span>{name}</span> <span class="term">{term}</span>
            </button>
          ))}
        </fieldset>
      </div>
      <input
        type="range"
        aria-label="Between the stages"
        aria-valuetext={stages[Math.round(stage)]?.name ?? ""}
        min={0}
        max={last}
        step={0.05}
        value={stage}
        onInput={(event) => choose(Number(event.currentTarget.value))()}
      />
    </div>
  );
}
