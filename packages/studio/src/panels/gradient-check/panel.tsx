/** One derivative, by back-propagation and by moving the weight. */
import type { WeightCheck, WeightPlace } from "../../engine/index.ts";
import { type State, scientific, widthsOf } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { Formula, SelectField } from "../../ui/index.ts";
import { nameOfInput, nameOfUnit } from "../network/names.ts";
import { selectedPlace, useCheck } from "./check.ts";
import { Curve } from "./curve.tsx";
import { Whole } from "./whole.tsx";
import { pointsOf, VERDICT } from "./words.ts";

export function GradientCheckPanel({ store }: { readonly store: Store }) {
  const state = store.shown.value?.state;
  const place = selectedPlace(store);
  const found = useCheck(store, place);
  return (
    <section class="card gradient-check" aria-labelledby="gradient-check-title">
      <h2 id="gradient-check-title">
        Is the gradient right? <span class="term">gradient check by finite differences</span>
      </h2>
      <p>
        The derivative says how the loss changes when a weight does. So move the weight a little both ways, look at the
        loss, and compare:
      </p>
      <Formula tex="\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2\,\varepsilon}" />
      {state !== undefined && <Choice store={store} state={state} place={place} />}
      {place === undefined && (
        <p class="hint">Choose a weight here, or click its line in the network, to check its derivative.</p>
      )}
      {place !== undefined && found?.reason !== undefined && <p role="alert">{found.reason}</p>}
      {place !== undefined && found?.answer !== undefined && (
        <Result check={found.answer} of={store.shown.value?.training.length ?? 0} />
      )}
      <Whole store={store} />
    </section>
  );
}

interface ChoiceProps {
  readonly store: Store;
  readonly state: State;
  readonly place: WeightPlace | undefined;
}

function Choice({ store, state, place }: ChoiceProps) {
  const widths = widthsOf(state);
  const units = widths
    .slice(1)
    .flatMap((count, layer) => Array.from({ length: count }, (_, unit) => [layer, unit] as const));
  const choose = (layer: number, unit: number, from: number): void => {
    store.selection.value = { layer, unit, from };
  };
  const inputs = place === undefined ? [] : [...Array(widths[place.layer]).keys(), -1];
  const none: [string, string][] = place === undefined ? [["", "choose"]] : [];
  return (
    <div class="fields">
      <SelectField
        words={{ plain: "Unit", term: "whose weight" }}
        value={place === undefined ? "" : `${place.layer} ${place.to}`}
        names={Object.fromEntries([
          ...none,
          ...units.map(([layer, unit]) => [`${layer} ${unit}`, nameOfUnit(state, layer, unit)]),
        ])}
        onChange={(value) => {
          const [layer, unit] = value.split(" ").map(Number);
          if (value !== "") choose(layer as number, unit as number, 0);
        }}
      />
      {place !== undefined && (
        <SelectField
          words={{ plain: "Weight", term: "of which input" }}
          value={`from ${place.from}`}
          names={Object.fromEntries(inputs.map((from) => [`from ${from}`, nameOfInput(state, place.layer, from)]))}
          onChange={(value) => choose(place.layer, place.to, Number(value.slice("from ".length)))}
        />
      )}
    </div>
  );
}

const DIGITS = 9;

interface ResultProps {
  readonly check: WeightCheck;
  /** How many training points there are. */
  readonly of: number;
}

function Result({ check, of }: ResultProps) {
  const { analytic, numeric, forward, bound, verdict, weight, step } = check;
  const size = Math.max(Math.abs(analytic), Math.abs(numeric));
  const relative = (error: number): string => (size === 0 ? "0" : scientific(error / size));
  const { name, text } = VERDICT[verdict];
  return (
    <div class="result">
      <dl>
        <div>
          <dt>
            By back-propagation <span class="term">∂L/∂w</span>
          </dt>
          <dd data-value="analytic">{scientific(analytic, DIGITS)}</dd>
        </div>
        <div>
          <dt>
            By moving the weight <span class="term">central differences</span>
          </dt>
          <dd data-value="numeric">{scientific(numeric, DIGITS)}</dd>
        </div>
        <div>
          <dt>
            Third opinion <span class="term">forward mode</span>
          </dt>
          <dd>{scientific(forward, DIGITS)}</dd>
        </div>
        <div>
          <dt>
            They differ by <span class="term">relative error</span>
          </dt>
          <dd data-value="relative-error">{relative(Math.abs(analytic - numeric))}</dd>
        </div>
        <div>
          <dt>
            Moving it is exact to <span class="term">relative error bound</span>
          </dt>
          <dd>{relative(bound)}</dd>
        </div>
      </dl>
      <p class={`check-verdict ${verdict}`} role="status" data-value="verdict">
        <strong>{name}</strong> {text}
      </p>
      <p class="hint">
        L is the mean loss of {pointsOf(check.points, of)}, without a penalty on weights, in double precision (float64),
        at w = {scientific(weight, 4)} after {step.toLocaleString("en")} step{step === 1 ? "" : "s"}.
      </p>
      <Curve check={check} />
    </div>
  );
}
