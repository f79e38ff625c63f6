/** A histogram as a small picture. */
import { BINS, type Distribution, type Range } from "../../engine/index.ts";
import { scientific } from "../../state/index.ts";

const HEIGHT = 40;
/** Of sizes, what is 0 or too small for the axis has a bar of its own left of the axis, and room between. */
const BAR = 2;
const GAP = 1;

export interface HistogramProps {
  readonly of: Distribution;
  readonly range: Range;
  /** Whether it is of sizes, on a logarithmic axis. */
  readonly sizes?: boolean;
  /** What it is of. */
  readonly name: string;
}

export function Histogram({ of, range, sizes = false, name }: HistogramProps) {
  const left = sizes ? BAR + GAP : 0;
  const total = of.counts.reduce((sum, count) => sum + count, 0) / Math.max(1e-9, 1 - of.below);
  // Beside a bar for 0, the others are told apart still.
  const most = of.counts.reduce((largest, count) => Math.max(largest, count), 0);
  const zeros = Math.min(1, of.below === 1 ? 1 : (of.below * total) / Math.max(1, most));
  const bars = Array.from(of.counts, (count, i) => (count === 0 ? "" : bar(left + i, 1, count / most))).join("");
  const at = left + (BINS * ((sizes ? Math.log10(of.rms) : of.mean) - range[0])) / (range[1] - range[0]);
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${left + BINS} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: ${spoken(of, sizes)}`}
      >
        <path class="ground" d={`M${left} ${HEIGHT}h${BINS}`} />
        {!sizes && range[0] < 0 && range[1] > 0 && (
          <path class="middle" d={`M${(-BINS * range[0]) / (range[1] - range[0])} 0V${HEIGHT}`} />
        )}
        {sizes && of.below > 0 && <path class="zeros" d={bar(0, BAR, zeros)} />}
        <path class="bars" d={bars} />
        {at >= left && at <= left + BINS && <path class="typical" d={`M${at} 0V${HEIGHT}`} />}
      </svg>
      <figcaption>{summary(of, sizes)}</figcaption>
    </figure>
  );
}

const bar = (x: number, width: number, share: number): string =>
  `M${x} ${HEIGHT}v${-Math.max(1, share * HEIGHT)}h${width}V${HEIGHT}z`;

function summary({ mean, deviation, rms, below }: Distribution, sizes: boolean): string {
  if (!Number.isFinite(rms)) return "no numbers any more";
  if (!sizes) return `${scientific(mean)} ± ${scientific(deviation)}`;
  if (rms === 0) return "all 0";
  return `${scientific(rms)}${below >= 0.005 ? `, ${Math.round(100 * below)} % ≈ 0` : ""}`;
}

function spoken(of: Distribution, sizes: boolean): string {
  if (!Number.isFinite(of.rms)) return "no numbers any more";
  return sizes
    ? `root mean square ${scientific(of.rms)}, largest ${scientific(of.largest)}, ${Math.round(100 * of.below)} % are 0 or nearly`
    : `mean ${scientific(of.mean)}, standard deviation ${scientific(of.deviation)}, largest in size ${scientific(of.largest)}`;
}
