/** A sigmoid unit on its curve, and how hard each loss pulls at it. */
import { sameNetwork } from "../../state/index.ts";
import { digits } from "../checks.ts";
import { unitAt } from "../content/saturation.ts";
import type { PanelProps } from "../panels.tsx";
import { Reading } from "./reading.tsx";

const [WIDE, HIGH, MOST] = [400, 200, 10];
const x = (z: number): number => ((z / MOST + 1) / 2) * WIDE;
const y = (a: number): number => HIGH - 18 - a * (HIGH - 36);
const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
const CURVE = Array.from({ length: 101 }, (_, i) => {
  const z = MOST * (i / 50 - 1);
  return `${i === 0 ? "M" : "L"}${x(z).toFixed(1)} ${y(sigma(z)).toFixed(1)}`;
}).join("");

export function UnitPanel({ store }: PanelProps) {
  const shown = store.shown.value;
  if (shown === undefined || !sameNetwork(shown.state, store.state.value)) return null;
  const { w, b, z, a, slope, squared, cross } = unitAt(shown);
  const at = Math.max(-MOST, Math.min(MOST, z));
  // A piece of the tangent, 3 to each side.
  const tangent = [-3, 3].map((d) => [x(at + d), y(a + slope * d)] as const);
  return (
    <section class="card unit-panel" aria-labelledby="unit-title">
      <h2 id="unit-title">
        The unit on its curve <span class="term">sigmoid</span>
      </h2>
      <svg
        class="sigmoid"
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        role="img"
        aria-label={`The sigmoid curve. The unit is at z = ${digits(z)}, where it says ${digits(a)}.`}
      >
        <path class="axis" d={`M0 ${y(0)}H${WIDE}M0 ${y(1)}H${WIDE}M${x(0)} ${y(1) - 8}V${y(0) + 8}`} />
        <text x={x(0) + 5} y={y(1) - 5}>
          a = 1
        </text>
        <text x={WIDE - 4} y={y(0) + 14} text-anchor="end">
          z = {MOST}
        </text>
        <text x={4} y={y(0) + 14}>
          z = −{MOST}
        </text>
        <text x={x(0) + 5} y={y(0) - 5} class="right">
          right: a = 0
        </text>
        <path class="curve" d={CURVE} />
        <path class="tangent" d={`M${tangent.map((point) => point.map((v) => v.toFixed(1)).join(" ")).join("L")}`} />
        <circle cx={x(at)} cy={y(a)} r={6.5} />
      </svg>
      <dl class="figures">
        <Reading name="weight and bias" term="w, b" value={`${digits(w)}, ${digits(b)}`} />
        <Reading name="sum" term="z = w·1 + b" value={digits(z)} />
        <Reading name="it says" term="a = σ(z)" value={a.toFixed(4)} />
        <Reading name="slope" term="σ′(z)" value={digits(slope)} />
      </dl>
      <h3>How hard the loss pulls at z</h3>
      <Pull name="squared error" term="2(a − y)·σ′(z)" value={squared} />
      <Pull name="cross-entropy" term="a − y" value={cross} />
    </section>
  );
}

/** A bar as long as the pull, which is at most 1. */
function Pull({ name, term, value }: { readonly name: string; readonly term: string; readonly value: number }) {
  return (
    <div class="pull">
      <span>
        {name} <span class="term">{term}</span>
      </span>
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, 100 * Math.abs(value))}%` }} />
      </span>
      <output>{digits(value)}</output>
    </div>
  );
}
