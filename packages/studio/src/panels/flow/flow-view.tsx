/** Back-propagation to look at: the graph, the step, and the numbers of a node. It knows the trace alone, not whose it is. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { FlowTrace } from "../../engine/index.ts";
import { FlowControls } from "./controls.tsx";
import { FlowGraph } from "./graph.tsx";
import { lastStep, progressOf, within } from "./progress.ts";
import { NodeCard, StepCard } from "./step-card.tsx";

export interface FlowViewProps {
  readonly trace: FlowTrace;
  /** Which step is shown, from 0. */
  readonly cursor: number;
  readonly move: (cursor: number) => void;
  /** What else can be done, beside the controls. */
  readonly children?: ComponentChildren;
  /** What stands beside the step, such as a choice of examples. */
  readonly aside?: ComponentChildren;
}

export function FlowView({ trace, cursor: at, move, children, aside }: FlowViewProps) {
  const { cursor, step } = progressOf(trace, at);
  // The node of the step, until another one is chosen.
  const [chosen, choose] = useState<number | undefined>(undefined);
  useEffect(() => choose(undefined), [cursor]);
  const node = chosen !== undefined && chosen < trace.nodes.length ? chosen : step.node;
  const press = (event: KeyboardEvent): void => {
    if (event.target instanceof Element && event.target.closest("input, select, textarea")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowRight: cursor + 1, ArrowLeft: cursor - 1, Home: 0, End: lastStep(trace) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(within(trace, to));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a short cut for its buttons.
    <div class="flow-view" onKeyDown={press}>
      <div class="flow-bar">
        <FlowControls trace={trace} cursor={cursor} move={move} />
        {children}
      </div>
      <FlowGraph trace={trace} cursor={cursor} chosen={node} choose={choose} />
      <p class="legend flow-legend">
        <span>
          <span class="swatch value" /> value: blue above 0, orange below
        </span>
        <span>
          <span class="swatch gradient" /> ∂L/∂value, beneath it: green above 0, purple below{" "}
          <span class="term">gradient</span>
        </span>
      </p>
      <div class={aside === undefined ? "flow-cards" : "flow-cards with-aside"}>
        <div class="flow-said">
          <StepCard trace={trace} cursor={cursor} />
          <NodeCard trace={trace} cursor={cursor} node={node} />
        </div>
        {aside}
      </div>
    </div>
  );
}
