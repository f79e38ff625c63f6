/** Loss and accuracy over the steps. */
import { palette, toCSS } from "../draw/index.ts";
import { isRegression } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Chart } from "../ui/index.ts";

export function CurvesPanel({ store }: { readonly store: Store }) {
  const { step, trainingLoss, testLoss, trainingAccuracy, testAccuracy } = store.curves.value;
  const colours = palette.value;
  const series = [{ colour: toCSS(colours.positive) }, { colour: toCSS(colours.negative), dash: [6, 4] }];
  return (
    <section class="card curves" aria-labelledby="curves-title">
      <h2 id="curves-title">
        How it learns <span class="term">learning curves</span>
      </h2>
      <p class="legend">
        <span>
          <span class="mark" /> on the points it learns from <span class="term">training</span>
        </span>
        <span>
          <span class="mark two" /> in the exam <span class="term">test</span>
        </span>
      </p>
      <div class="charts">
        <Chart title="Cost" term="loss, by steps" data={[step, trainingLoss, testLoss]} series={series} />
        {!isRegression(store.state.value) && (
          <Chart
            title="Share right"
            term="accuracy, by steps"
            data={[step, trainingAccuracy, testAccuracy]}
            series={series}
            range="share"
          />
        )}
      </div>
    </section>
  );
}
