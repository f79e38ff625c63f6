/** Perceptrons and their connections, lit as they fire for one row. */
import type { BooleanNetwork } from "../../engine/index.ts";

const [WIDE, GAP, TOP] = [420, 58, 34];

interface PictureProps {
  readonly network: BooleanNetwork;
  /** Of the row that is looked at. */
  readonly inputs: readonly number[];
  readonly row: number;
}

export function PerceptronPicture({ network, inputs, row }: PictureProps) {
  const columns = [inputs.length, ...network.layers.map(({ length }) => length)];
  const most = Math.max(...columns);
  const high = TOP + most * GAP;
  const x = (column: number): number => 40 + (column * (WIDE - 80)) / (columns.length - 1);
  const y = (column: number, unit: number): number =>
    TOP + ((most - (columns[column] as number)) / 2 + unit + 0.5) * GAP - 4;
  const values = [inputs, ...(network.values[row] ?? [])];
  const said = values.at(-1)?.[0];
  return (
    <svg
      class="perceptrons"
      viewBox={`0 0 ${WIDE} ${high}`}
      role="img"
      aria-label={`For the inputs ${inputs.join(", ")} the network says ${said}. Full lines are positive weights, dashed ones negative.`}
    >
      {network.layers.flatMap((units, layer) =>
        units.flatMap(({ weights }, unit) =>
          weights.map((weight, from) =>
            weight === 0 ? null : (
              <path
                key={`${layer} ${unit} ${from}`}
                class={`${weight > 0 ? "positive" : "negative"}${values[layer]?.[from] === 1 ? " live" : ""}`}
                stroke-width={1.5 + Math.min(3, Math.abs(weight))}
                d={`M${x(layer)} ${y(layer, from)}L${x(layer + 1)} ${y(layer + 1, unit)}`}
              />
            ),
          ),
        ),
      )}
      {columns.flatMap((count, column) =>
        Array.from({ length: count }, (_, unit) => (
          <g key={`${column} ${unit}`} class={values[column]?.[unit] === 1 ? "fires" : ""}>
            <circle cx={x(column)} cy={y(column, unit)} r={19} />
            <text x={x(column)} y={y(column, unit) + 5} text-anchor="middle">
              {values[column]?.[unit]}
            </text>
          </g>
        )),
      )}
      {["inputs", ...(columns.length > 2 ? ["hidden"] : []), "output"].map((name, column) => (
        <text key={name} class="column" x={x(column)} y={16} text-anchor="middle">
          {name}
        </text>
      ))}
    </svg>
  );
}
