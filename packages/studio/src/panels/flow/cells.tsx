/** Numbers as they are seen: cells coloured by sign and size, with the number in them where there is room. */
import { useCallback } from "preact/hooks";
import { paintValues, palette } from "../../draw/index.ts";
import type { Numbers } from "../../engine/index.ts";
import { rounded } from "../../state/index.ts";
import { Canvas, Scroller } from "../../ui/index.ts";
import { isWritten } from "./sizes.ts";

/** At most six characters, for a cell. */
function brief(value: number): string {
  const size = Math.abs(value);
  if (!(size >= 5e-4 && size < 999.5)) return short(value, 1);
  const text = size < 0.0995 ? value.toFixed(3) : rounded(value, 2);
  return text.replace("-", "−").replace(/(\.\d*?)0+$/, "$1");
}

/** A few digits. */
function short(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const far = size !== 0 && (size < 1e-3 || size >= 1e5);
  return far ? value.toExponential(0).replaceAll("-", "−").replace("e+", "e") : rounded(value, digits);
}

export interface CellsProps {
  readonly numbers: Numbers;
  /** Only the first rows. */
  readonly rows?: number;
  /** Gradients have other colours. */
  readonly back?: boolean;
}

export function Cells({ numbers, rows = numbers.shownRows, back = false }: CellsProps) {
  const written = isWritten(numbers);
  return written ? (
    <Written numbers={numbers} rows={rows} back={back} />
  ) : (
    <Heat numbers={numbers} rows={rows} back={back} />
  );
}

/** The share of the strongest colour behind a number that is to be read. */
const STRONGEST = 45;

function Written({ numbers: { shownColumns, values, largest }, rows, back }: Required<CellsProps>) {
  return (
    <span class="heat-cells written" style={{ gridTemplateColumns: `repeat(${shownColumns}, minmax(0, 1fr))` }}>
      {Array.from(values.slice(0, rows * shownColumns), (value, i) => {
        const share = (STRONGEST * Math.abs(value)) / (largest || 1) || 0;
        const colour = `var(--${back ? "back" : value < 0 ? "negative" : "positive"}${back && value < 0 ? "-negative" : ""})`;
        return (
          <span key={i} style={{ background: `color-mix(in srgb, ${colour} ${share.toFixed(1)}%, var(--card))` }}>
            {brief(value)}
          </span>
        );
      })}
    </span>
  );
}

function Heat({ numbers: { shownColumns, values, largest }, rows, back }: Required<CellsProps>) {
  const colours = palette.value;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const shown = values.subarray(0, rows * shownColumns);
      const height = Math.max(1, shown.length / shownColumns);
      paintValues(canvas, shownColumns, shown, colours, { limit: largest || 1, height, back });
    },
    [values, shownColumns, rows, largest, back, colours],
  );
  return <Canvas class="heat-cells drawn" draw={draw} />;
}

/** All numbers that there are, as a table. */
export function NumbersTable({ numbers, back = false, name }: Omit<CellsProps, "rows"> & { readonly name: string }) {
  const { rows, columns, shownRows, shownColumns, values, largest } = numbers;
  const cut = rows > shownRows || columns > shownColumns;
  return (
    <div class="number-table">
      <Scroller class="" label={name}>
        <table>
          <caption class="unseen">{name}</caption>
          <tbody>
            {Array.from({ length: shownRows }, (_, row) => (
              <tr key={row}>
                {Array.from({ length: shownColumns }, (_, column) => {
                  const value = values[row * shownColumns + column] as number;
                  const share = (STRONGEST * Math.abs(value)) / (largest || 1) || 0;
                  const sign = value < 0 ? "negative" : "positive";
                  const colour = back ? (value < 0 ? "back-negative" : "back") : sign;
                  return (
                    <td
                      key={column}
                      style={{ background: `color-mix(in srgb, var(--${colour}) ${share.toFixed(1)}%, var(--card))` }}
                    >
                      {short(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {cut && (
        <p class="hint">
          The first {shownRows} × {shownColumns} of {rows} × {columns} numbers.
        </p>
      )}
    </div>
  );
}
