/** What happened on the guided pages since the studio was opened: what experiments gave, and which steps are done. */
import { signal } from "@preact/signals";
import type { State } from "../state/index.ts";
import type { Idea, Results, Step } from "./idea.ts";

export const results = signal<Results>({});

export function report(found: Partial<Results>): void {
  results.value = { ...results.value, ...found };
}

const begun = signal<{ readonly step: Step; readonly state: State } | undefined>(undefined);

/** A step was opened or set up, with this state. */
export function begin(step: Step, state: State): void {
  begun.value = { step, state };
}

/** The state that a step began with; the present one before that is known. */
export const begunWith = (step: Step, present: State): State =>
  begun.value?.step === step ? begun.value.state : present;

const done = signal<ReadonlySet<string>>(new Set());

export const isDone = ({ name }: Idea, step: number): boolean => done.value.has(`${name} ${step}`);

/** The number of steps of an idea that are done. */
export const doneIn = (idea: Idea): number => idea.steps.filter((_, i) => isDone(idea, i + 1)).length;

export function markDone(idea: Idea, step: number): void {
  if (!isDone(idea, step)) done.value = new Set([...done.value, `${idea.name} ${step}`]);
}
