/** How often weights are how large. */
import { useMemo } from "preact/hooks";
import { palette, toCSS } from "../../draw/index.ts";
import type { WeightFacts } from "../../engine/index.ts";
import { Chart } from "../../ui/index.ts";

export function Spread({ weights: { edges, counts } }: { readonly weights: WeightFacts }) {
  const colours = palette.value;
  // Steps: each bin's count at both of its edges.
  const data = useMemo((): [number[], number[]] => {
    const [x, y]: [number[], number[]] = [[], []];
    counts.forEach((count, bin) => {
      x.push(edges[bin] as number, edges[bin + 1] as number);
      y.push(count, count);
    });
    return [x, y];
  }, [edges, counts]);
  return (
    <Chart title="How they are spread" term="histogram" data={data} series={[{ colour: toCSS(colours.positive) }]} />
  );
}
