/** The ε-curve: how wrong the difference quotient is, with each step. */
import { useMemo } from "preact/hooks";
import { palette, toCSS } from "../../draw/index.ts";
import type { CurvePoint, WeightCheck } from "../../engine/index.ts";
import { power, scientific } from "../../state/index.ts";
import { Chart } from "../../ui/index.ts";

export function Curve({ check }: { readonly check: WeightCheck }) {
  const { curve } = check;
  const colours = palette.value;
  const best = bestOf(curve);
  const data = useMemo(() => columns(check), [check]);
  const soft = `color-mix(in srgb, ${toCSS(colours.ink)} 45%, transparent)`;
  if (curve.every(({ quotient }) => quotient === 0) && check.analytic === 0) {
    return (
      <p>
        The loss does not change at all when this weight is moved: with every ε the quotient is exactly 0, as is the
        derivative. There is no error to draw.
      </p>
    );
  }
  return (
    <>
      <Chart
        title="How wrong the quotient is"
        term="error, by ε; both axes logarithmic"
        data={data}
        series={[
          { colour: toCSS(colours.positive), points: true },
          { colour: toCSS(colours.negative), dash: [6, 4], points: true },
          { colour: soft, dash: [2, 4] },
          { colour: soft, dash: [2, 4] },
          { colour: toCSS(colours.ink), points: true },
        ]}
        range="any"
        logarithmic="both"
      />
      <p class="legend">
        <span>
          <span class="mark" /> in double precision <span class="term">float64</span>
        </span>
        <span>
          <span class="mark two" /> in single precision <span class="term">float32, as in training</span>
        </span>
        <span>
          <span class="mark theory" /> by theory <span class="term">c·ε² and a bound η/ε</span>
        </span>
      </p>
      <p>
        Best is <strong>ε ≈ {power(Math.round(Math.log10(best.epsilon)))}</strong>, with an error of{" "}
        {scientific(best.error)}. <strong>To the right</strong> the error grows with ε: between w − ε and w + ε the loss
        is not straight, and the quotient misses its slope by about c·ε² <span class="term">truncation error</span>.{" "}
        <strong>To the left</strong> it grows again: the two losses agree in nearly all digits, so their difference is
        mostly rounding, and dividing by 2ε makes it large <span class="term">rounding error η/ε</span>. So neither a
        large nor a tiny ε will do, and with single precision there is hardly a good one.
      </p>
      <details>
        <summary>The numbers of the curve</summary>
        <Numbers curve={curve} />
      </details>
    </>
  );
}

function Numbers({ curve }: { readonly curve: readonly CurvePoint[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="numbers" tabIndex={0} aria-label="The numbers of the curve">
      <table>
        <thead>
          <tr>
            <th scope="col">ε</th>
            <th scope="col">quotient</th>
            <th scope="col">error</th>
            <th scope="col">error, float32</th>
          </tr>
        </thead>
        <tbody>
          {curve.map(({ epsilon, quotient, error, singleError }) => (
            <tr key={epsilon}>
              <th scope="row">{scientific(epsilon)}</th>
              <td>{scientific(quotient, 8)}</td>
              <td>{scientific(error)}</td>
              <td>{scientific(singleError)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const bestOf = (curve: readonly CurvePoint[]): CurvePoint =>
  curve.reduce((least, point) => (point.error < least.error ? point : least));

/** For a chart, by growing ε. An error of 0 is drawn where rounding of the derivative alone would put it. */
function columns({ curve, analytic }: WeightCheck): [number[], ...(number | null)[][]] {
  const rising = curve.toReversed();
  const least = Math.max(Number.MIN_VALUE, (Number.EPSILON / 2) * Math.abs(analytic));
  const drawn = (error: number): number | null => (Number.isFinite(error) ? Math.max(error, least) : null);
  const best = bestOf(curve);
  // Theory is drawn where it says something: not far below what is measured.
  const floor = drawn(best.error) as number;
  const theory = (error: number): number | null => (error > floor / 10 ? error : null);
  return [
    rising.map(({ epsilon }) => epsilon),
    rising.map(({ error }) => drawn(error)),
    rising.map(({ singleError }) => drawn(singleError)),
    rising.map(({ truncation }) => theory(truncation)),
    rising.map(({ rounding }) => theory(rounding)),
    rising.map((point) => (point === best ? floor : null)),
  ];
}
