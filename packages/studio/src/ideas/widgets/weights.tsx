/** The sizes of all weights, largest first. */
import { sameNetwork } from "../../state/index.ts";
import { weightsOf } from "../checks.ts";
import { tinyOf } from "../content/lasso.ts";
import type { PanelProps } from "../panels.tsx";

const [WIDE, HIGH] = [480, 180];
/** Powers of ten that the axis has. */
const [LEAST, MOST] = [-5, 1];
const LABELS: Readonly<Record<number, string>> = { 1: "10", [-1]: "0.1", [-3]: "0.001", [-5]: "10⁻⁵" };
const y = (power: number): number => HIGH - 10 - ((power - LEAST) / (MOST - LEAST)) * (HIGH - 20);

export function WeightsPanel({ store }: PanelProps) {
  const shown = store.shown.value;
  if (shown === undefined || !sameNetwork(shown.state, store.state.value)) return null;
  const sizes = weightsOf(shown)
    .map(Math.abs)
    .sort((a, b) => b - a);
  const [tiny, all] = tinyOf(shown);
  const wide = (WIDE - 58) / sizes.length;
  return (
    <section class="card weights-panel" aria-labelledby="weights-title">
      <h2 id="weights-title">
        The sizes of the weights <span class="term">|w|, largest first</span>
      </h2>
      <svg
        class="bars"
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        role="img"
        aria-label={`${tiny} of ${all} weights are below 0.001.`}
      >
        {Object.keys(LABELS)
          .map(Number)
          .map((power) => (
            <g key={power}>
              <path class={power === -3 ? "limit" : "axis"} d={`M58 ${y(power)}H${WIDE}`} />
              <text x={52} y={y(power) + 4} text-anchor="end">
                {LABELS[power]}
              </text>
            </g>
          ))}
        {sizes.map((size, i) => {
          const power = Math.max(LEAST, Math.min(MOST, Math.log10(size || 1e-9)));
          const top = y(power);
          return (
            <rect
              key={i}
              class={size < 1e-3 ? "tiny" : ""}
              x={58 + i * wide}
              y={top}
              width={Math.max(1, wide - 1.5)}
              height={Math.max(1, y(LEAST) - top)}
            />
          );
        })}
      </svg>
      <p>
        <strong>{tiny}</strong> of {all} weights are below 0.001.
      </p>
    </section>
  );
}
