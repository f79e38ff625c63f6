/** What happened on the guided pages since the studio was opened: what experiments gave, and which steps are done. */
import { signal } from "@preact/signals";
import type { Idea, Results } from "./idea.ts";

export const results = signal<Results>({});

export function report(found: Partial<Results>): void {
  results.value = { ...results.value, ...found };
}

const done = signal<ReadonlySet<string>>(new Set());

export const isDone = ({ name }: Idea, step: number): boolean => done.value.has(`${name} ${step}`);

/** The number of steps of an idea that are done. */
export const doneIn = (idea: Idea): number => idea.steps.filter((_, i) => isDone(idea, i + 1)).length;

export function markDone(idea: Idea, step: number): void {
  if (!isDone(idea, step)) done.value = new Set([...done.value, `${idea.name} ${step}`]);
}
