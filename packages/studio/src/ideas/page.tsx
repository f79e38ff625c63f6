/** One idea: its steps, and beside them what they are about. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IDEAS } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { IDEA } from "./content/index.ts";
import { type Idea, isSetUp, type Step } from "./idea.ts";
import { Panels } from "./panels.tsx";
import { isDone } from "./progress.ts";
import { StepCard, showMe } from "./step.tsx";
import { Words } from "./words.tsx";

interface PageProps {
  readonly store: Store;
  readonly idea: Idea;
  /** Whether the visitor came here from another idea, or their list. */
  readonly opened: RefObject<boolean>;
}

export function Page({ store, idea, opened }: PageProps) {
  const { steps } = idea;
  const number = Math.min(store.state.value.ideaStep, steps.length);
  const step = steps[number - 1] as Step;
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = useRef(opened.current === true);
  const go = (to: number): void => {
    moved.current = true;
    store.open("ideas", { ideaStep: to });
  };
  useEffect(() => {
    // Who goes on by keyboard goes on reading there.
    if (moved.current) heading.current?.focus();
  }, [number]);
  return (
    <>
      <article class="idea">
        <Way store={store} idea={idea} />
        <h2>{idea.title}</h2>
        <ol class="way" aria-label="Steps">
          {steps.map(({ title }, i) => (
            <li key={title}>
              <button
                type="button"
                aria-current={i + 1 === number ? "step" : undefined}
                onClick={() => go(i + 1)}
                aria-label={`Step ${i + 1}: ${title}${isDone(idea, i + 1) ? " (done)" : ""}`}
                title={title}
              >
                {i + 1}
                {isDone(idea, i + 1) && <span aria-hidden="true"> ✓</span>}
              </button>
            </li>
          ))}
        </ol>
        <StepCard key={number} store={store} idea={idea} number={number} step={step} heading={heading} />
        <p class="onward">
          <button type="button" disabled={number === 1} onClick={() => go(number - 1)}>
            Back
          </button>
          <span class="term">
            Step {number} of {steps.length}
          </span>
          {number < steps.length ? (
            <button type="button" onClick={() => go(number + 1)}>
              Next
            </button>
          ) : (
            <NextIdea store={store} idea={idea} />
          )}
        </p>
        {number === steps.length && (
          <section class="card limits" aria-labelledby="limits-title">
            <h3 id="limits-title">What this leaves out</h3>
            <p class="words">
              <Words text={idea.limits} />
            </p>
          </section>
        )}
      </article>
      {isSetUp(store.state.value, step) ? (
        <Panels store={store} step={step} />
      ) : (
        <div class="card empty">
          <p>What this step is about is not set up yet.</p>
          <button type="button" onClick={() => showMe(store, step)}>
            Set it up
          </button>
        </div>
      )}
    </>
  );
}

const after = (idea: Idea): Idea | undefined => {
  const name = IDEAS[IDEAS.indexOf(idea.name) + 1];
  return name && IDEA[name];
};

function Way({ store, idea }: { readonly store: Store; readonly idea: Idea }) {
  return (
    <p class="back">
      <button type="button" class="quiet" onClick={() => store.open("ideas", { idea: "none", ideaStep: 1 })}>
        All ideas
      </button>{" "}
      <span class="term">
        Idea {IDEAS.indexOf(idea.name) + 1} of {IDEAS.length}
      </span>
    </p>
  );
}

function NextIdea({ store, idea }: { readonly store: Store; readonly idea: Idea }) {
  const next = after(idea);
  if (next === undefined) {
    return (
      <button type="button" onClick={() => store.open("ideas", { idea: "none", ideaStep: 1 })}>
        All ideas
      </button>
    );
  }
  return (
    <button type="button" onClick={() => store.open("ideas", { idea: next.name, ideaStep: 1 })}>
      Next idea: {next.title}
    </button>
  );
}
