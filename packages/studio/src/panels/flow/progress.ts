/** What is known of each node and edge after some steps. */
import type { FlowEdge, FlowStep, FlowTrace } from "../../engine/index.ts";

export interface Progress {
  readonly step: FlowStep;
  readonly cursor: number;
  /** Whether a node has its value, its gradient, its new value. */
  readonly hasValue: (node: number) => boolean;
  readonly hasGradient: (node: number) => boolean;
  readonly isUpdated: (node: number) => boolean;
  /** Whether something went along an edge, forwards or back. */
  readonly wentForward: (edge: FlowEdge) => boolean;
  readonly wentBack: (edge: FlowEdge) => boolean;
}

export const lastStep = ({ steps }: FlowTrace): number => steps.length - 1;

/** A cursor of another trace may be beyond the end of this one. */
export const within = (trace: FlowTrace, cursor: number): number => Math.max(0, Math.min(cursor, lastStep(trace)));

export function progressOf(trace: FlowTrace, at: number): Progress {
  const cursor = within(trace, at);
  const { steps, nodes } = trace;
  const done = (wanted: readonly FlowStep["phase"][]): Set<number> =>
    new Set(steps.slice(0, cursor + 1).flatMap(({ phase, node }) => (wanted.includes(phase) ? [node] : [])));
  const [made, back, updated] = [done(["forward", "loss"]), done(["backward"]), done(["update"])];
  const given = new Set(
    nodes.filter(({ kind }) => ["input", "target", "parameter"].includes(kind)).map(({ id }) => id),
  );
  return {
    step: steps[cursor] as FlowStep,
    cursor,
    hasValue: (node) => given.has(node) || made.has(node),
    hasGradient: (node) => back.has(node),
    isUpdated: (node) => updated.has(node),
    wentForward: ({ to }) => made.has(to),
    wentBack: ({ from, label }) => label !== "" && back.has(from),
  };
}
