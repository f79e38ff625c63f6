/** One step: its words, the button that sets it up, what to do, and whether it happened. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { SettingField } from "../panels/index.ts";
import { trainsAlike } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Formula } from "../ui/index.ts";
import { type Finding, hasNeeds, type Idea, lookAt, type Step, settingsOf } from "./idea.ts";
import { begin, begunWith, isDone, markDone, results } from "./progress.ts";
import { Words } from "./words.tsx";

/** Sets up what a step is about. It can be undone. */
export function showMe(store: Store, step: Step): void {
  store.pause();
  store.selection.value = undefined;
  store.update(settingsOf(step.show));
  begin(step, store.state.value);
}

/** Goes to the gradient flow with what a step shows. */
function flowOf(store: Store, step: Step): void {
  showMe(store, step);
  store.open("flow");
}

/** Goes to the race with what a step compares; the browser's way back leads here. */
function raceOf(store: Store, { show, race }: Step): void {
  if (race === undefined) return;
  store.pause();
  store.update({ ...settingsOf(show), ...race });
  store.open("race");
}

export interface StepProps {
  readonly store: Store;
  readonly idea: Idea;
  /** From 1. */
  readonly number: number;
  readonly step: Step;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

export function StepCard({ store, idea, number, step, heading }: StepProps) {
  useEffect(() => begin(step, store.state.peek()), [step, store]);
  return (
    <section class="card step" aria-labelledby="step-title">
      <h3 id="step-title" ref={heading} tabIndex={-1}>
        {step.title}
      </h3>
      {step.text.map((text) => (
        <p key={text} class="words">
          <Words text={text} />
        </p>
      ))}
      {step.formula !== undefined && (
        <div class="display">
          {step.formula.map((tex) => (
            <Formula key={tex} tex={`\\displaystyle ${tex}`} />
          ))}
        </div>
      )}
      <div class="task">
        <button type="button" class="primary" onClick={() => showMe(store, step)}>
          Show me
        </button>
        <p class="words">
          <strong>Do this.</strong> <Words text={step.task} />
        </p>
        {step.knobs !== undefined && (
          <div class="fields">
            {step.knobs.map((name) => (
              <SettingField key={name} store={store} name={name} />
            ))}
          </div>
        )}
        {step.race !== undefined && (
          <button type="button" onClick={() => raceOf(store, step)}>
            Race them side by side
          </button>
        )}
        {step.flow && (
          <button type="button" onClick={() => flowOf(store, step)}>
            Follow the gradient, number by number
          </button>
        )}
        <p class="words">
          <strong>You should see.</strong> <Words text={step.expect} />
        </p>
      </div>
      <Verdict store={store} idea={idea} number={number} step={step} />
    </section>
  );
}

/** What the check finds now; undefined before the settings are those of the step, or numbers are there. */
function useFinding(store: Store, step: Step): Finding | undefined {
  const [shown, state, curves] = [store.shown.value, store.state.value, store.curves.value];
  if (shown === undefined || !trainsAlike(shown.state, state)) return undefined;
  const begun = begunWith(step, state);
  return lookAt(step, { state, begun, snapshot: shown.snapshot, curves, results: results.value });
}

const waitsFor = (store: Store, step: Step): string =>
  hasNeeds(store.state.value, step) ? "Waits for the experiment." : "Waits for the settings of “Show me”.";

function Verdict({ store, idea, number, step }: Omit<StepProps, "heading">) {
  const finding = useFinding(store, step);
  const met = finding?.met === true;
  useEffect(() => {
    if (met) markDone(idea, number);
  }, [met, idea, number]);
  // What was met stays so, whatever the visitor tries next.
  const before = !met && isDone(idea, number);
  const state = met ? "met" : before ? "before" : finding === undefined ? "waiting" : "open";
  return (
    <div class={`outcome ${state}`} data-check={state}>
      <span class="mark" aria-hidden="true">
        {met || before ? "✓" : "○"}
      </span>
      <p class="words">
        <Words text={step.check.claim} />
      </p>
      <p class="said">
        {before && "Done before. "}
        {finding !== undefined ? `Now: ${finding.said}.` : !before && waitsFor(store, step)}
      </p>
      {/* What changes with each frame is not read out; that it happened is. */}
      <p class="unseen" role="status">
        {met && "The check is met."}
      </p>
    </div>
  );
}
