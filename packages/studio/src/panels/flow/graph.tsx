/** The flow graph: what is known so far, and what happens in this step. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { FlowNode, FlowTrace } from "../../engine/index.ts";
import { Cells } from "./cells.tsx";
import { type Box, layoutOf } from "./layout.ts";
import { type Progress, progressOf } from "./progress.ts";
import { cellsSize, rowsOf } from "./sizes.ts";

export interface FlowGraphProps {
  readonly trace: FlowTrace;
  /** Which step is shown. */
  readonly cursor: number;
  /** The node whose numbers are shown elsewhere. */
  readonly chosen: number;
  readonly choose: (node: number) => void;
}

export function FlowGraph({ trace, cursor, chosen, choose }: FlowGraphProps) {
  const stage = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => layoutOf(trace), [trace]);
  const progress = progressOf(trace, cursor);
  const { width, height, boxes, headings } = layout;
  const current = boxes[progress.step.node] as Box;
  const centre = current.left + current.width / 2;
  useLayoutEffect(() => {
    const scrolled = stage.current;
    scrolled?.scrollTo({ left: centre - scrolled.clientWidth / 2, behavior: "smooth" });
  }, [centre]);
  return (
    <div class="flow-stage" ref={stage}>
      <div class="flow-graph" style={{ width: `${width}px`, height: `${height}px` }}>
        <Edges trace={trace} progress={progress} layout={layout} />
        {headings.map(({ text, left }) => (
          <span key={text} class="heading-text" style={{ left: `${left}px` }}>
            {text}
          </span>
        ))}
        {trace.nodes.map((node) => (
          <Node
            key={node.id}
            node={node}
            box={boxes[node.id] as Box}
            progress={progress}
            chosen={node.id === chosen}
            choose={choose}
          />
        ))}
      </div>
    </div>
  );
}

interface NodeProps {
  readonly node: FlowNode;
  readonly box: Box;
  readonly progress: Progress;
  readonly chosen: boolean;
  readonly choose: (node: number) => void;
}

function Node({ node, box, progress, chosen, choose }: NodeProps) {
  const { id, kind, label, words, gradient, updated } = node;
  const { step } = progress;
  const isUpdated = updated !== undefined && progress.isUpdated(id);
  const value = isUpdated ? updated : node.value;
  const [hasValue, hasGradient] = [progress.hasValue(id), gradient !== undefined && progress.hasGradient(id)];
  const size = cellsSize(node);
  const style = { width: `${size.width}px`, height: `${size.height}px` };
  const rows = rowsOf(node);
  const classes = ["flow-node", kind, step.node === id && `current ${step.phase}`, !hasValue && "empty"];
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(" ")}
      style={{ left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` }}
      aria-pressed={chosen}
      title={`${words.plain} (${words.term})`}
      onClick={() => choose(id)}
    >
      <span class="unseen">{`${label}: ${words.plain}`}</span>
      <span class="flow-name" aria-hidden="true">
        {label}
        {isUpdated && <span class="flow-new">new</span>}
      </span>
      <span class="flow-slot" style={style} aria-hidden="true">
        {hasValue && <Cells numbers={value} rows={rows} />}
      </span>
      {gradient !== undefined && (
        <span class="flow-slot back" style={style} aria-hidden="true">
          {hasGradient && <Cells numbers={gradient} rows={rows} back />}
        </span>
      )}
    </button>
  );
}

interface EdgesProps {
  readonly trace: FlowTrace;
  readonly progress: Progress;
  readonly layout: ReturnType<typeof layoutOf>;
}

function Edges({ trace, progress, layout: { width, height, lines } }: EdgesProps) {
  const { step, wentForward, wentBack } = progress;
  return (
    <svg class="flow-edges" width={width} height={height} aria-hidden="true">
      <defs>
        {["ahead", "done", "lit", "back"].map((kind) => (
          <marker
            key={kind}
            id={`arrow-${kind}`}
            class={`arrow ${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0,0 L8,4 L0,8 z" />
          </marker>
        ))}
      </defs>
      {trace.edges.map((edge, i) => {
        const line = lines[i];
        if (line === undefined) return null;
        const lit = step.edges.includes(i);
        const back = wentBack(edge);
        const kind = back ? "back" : lit ? "lit" : wentForward(edge) ? "done" : "ahead";
        const arrow = { [back ? "marker-start" : "marker-end"]: `url(#arrow-${kind})` };
        return (
          <g key={i} class={`${kind}${lit ? " current" : ""}`}>
            <path d={line.path} {...arrow} />
            {back && (
              <text
                x={line.x}
                y={line.y}
                text-anchor={line.upright ? "start" : "middle"}
                dominant-baseline={line.upright ? "middle" : "auto"}
              >
                {edge.label}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
