/** Weights as colours. */
import { useCallback, useState } from "preact/hooks";
import { paintValues, palette } from "../../draw/index.ts";
import type { PictureFacts, WeightFacts } from "../../engine/index.ts";
import { Canvas } from "../../ui/index.ts";

/** The strongest colour: few weights are beyond three deviations from 0, and would leave the others pale. */
export const limitOf = ({ least, most, mean, deviation }: WeightFacts): number =>
  Math.min(Math.max(Math.abs(least), Math.abs(most)), Math.abs(mean) + 3 * deviation) || 1;

/** A long matrix lies on its side. */
export function HeatMap({ weights }: { readonly weights: WeightFacts }) {
  const colours = palette.value;
  const { rows, columns, allRows, allColumns } = weights;
  const turned = rows > columns;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const [width, values] = turned ? [rows, transposed(weights)] : [columns, weights.values];
      if (width > 0)
        paintValues(canvas, width, values, colours, { limit: limitOf(weights), height: values.length / width });
    },
    [weights, colours, turned, rows, columns],
  );
  const cut = rows < allRows || columns < allColumns;
  return (
    <figure class="heat-map">
      <Canvas
        class={Math.min(rows, columns) < 4 ? "cells flat" : "cells"}
        draw={draw}
        label={`The weights, ${rows} × ${columns}, as colours.`}
      />
      <figcaption class="term">
        {turned ? "across: what it comes from; down: the unit" : "across: the unit; down: what it comes from"}
        {cut && `; the first ${rows} × ${columns} of ${allRows} × ${allColumns}`}
      </figcaption>
    </figure>
  );
}

function transposed({ rows, columns, values }: WeightFacts): Float32Array {
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] as number);
}

/** Units whose pictures are shown at first. */
const FIRST = 48;
/** Pictures that a page should hold. */
const MOST = 256;

/** The weights of each unit at the pixels that they belong to. */
export function Tiles({ weights, picture }: { readonly weights: WeightFacts; readonly picture: PictureFacts }) {
  const [all, setAll] = useState(false);
  const units = Math.min(weights.columns, all ? MOST : FIRST);
  const asleep = fadedOf(weights);
  return (
    <div>
      <p class="hint">
        Each picture is a unit of the first layer:{" "}
        {weights.gradient ? "a larger weight costs more" : "it answers most to ink"} where it is{" "}
        <span class="positive">blue</span>, and less where it is <span class="negative">orange</span>.
        {!weights.gradient && asleep > 0 && (
          <>
            {" "}
            {asleep === 1 ? "One is" : `${asleep} are`} empty: the weights have faded to 0{" "}
            <span class="term">dead units</span>.
          </>
        )}
      </p>
      <div
        class="tiles"
        role="img"
        aria-label={`The weights of ${units} units, each as a picture of ${picture.side} × ${picture.side}.`}
      >
        {Array.from({ length: units }, (_, unit) => (
          <Tile key={unit} unit={unit} weights={weights} picture={picture} />
        ))}
      </div>
      {units < weights.columns && !all && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {weights.columns > MOST ? `The first ${MOST} units` : `All ${weights.columns} units`}
        </button>
      )}
    </div>
  );
}

/** Units without a weight that would be seen. */
function fadedOf(weights: WeightFacts): number {
  const { rows, columns, values } = weights;
  const visible = limitOf(weights) / 100;
  let faded = 0;
  for (let unit = 0; unit < columns; unit++) {
    let row = 0;
    while (row < rows && Math.abs(values[row * columns + unit] as number) < visible) row++;
    if (row === rows) faded++;
  }
  return faded;
}

function Tile({
  unit,
  weights,
  picture,
}: {
  readonly unit: number;
  readonly weights: WeightFacts;
  readonly picture: PictureFacts;
}) {
  const colours = palette.value;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const { side, pixels } = picture;
      const cells = new Float32Array(side * side);
      for (let input = 0; input < weights.rows; input++)
        cells[pixels?.[input] ?? input] = weights.values[input * weights.columns + unit] as number;
      paintValues(canvas, side, cells, colours, { limit: limitOf(weights) });
    },
    [unit, weights, picture, colours],
  );
  return <Canvas class="tile" draw={draw} />;
}
