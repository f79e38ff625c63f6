/** Layer by layer: what goes through, what comes back, and what is wrong with it. */
import type { LayerDistributions, NetworkDistributions, Range, Trouble } from "../../engine/index.ts";
import { power, type State, scientific } from "../../state/index.ts";
import { type Store, useView } from "../../store/index.ts";
import { CHOICE } from "../words.ts";
import { Histogram } from "./histogram.tsx";
import { TROUBLE } from "./words.ts";

export function LayersPanel({ store }: { readonly store: Store }) {
  const seen = useView(store, "layers", true);
  const state = store.shown.value?.state;
  return (
    <section class="card layers" aria-labelledby="layers-title">
      <h2 id="layers-title">
        Layer by layer <span class="term">distributions of activations and gradients</span>
      </h2>
      <p class="hint">
        Over all training points at the present weights. Sizes are on one scale for all layers: if the bars move to the
        left from the output up to the first layer, the gradient shrinks on its way back. What is 0, or too small for
        the scale, has a bar of its own at the left end.
      </p>
      {seen !== undefined && state !== undefined && <Rows seen={seen} state={state} />}
      {seen !== undefined && <Troubles seen={seen} />}
    </section>
  );
}

const sizes = ([least, most]: Range): string => `${power(least)} … ${power(most)}`;
const plain = ([least, most]: Range): string => `${scientific(least)} … ${scientific(most)}`;

function Rows({ seen, state }: { readonly seen: NetworkDistributions; readonly state: State }) {
  const { layers, deltas, gradients } = seen;
  return (
    <div class="layer-rows">
      <div class="columns">
        <p>
          Answers <span class="term">activations a</span>
          <span class="axis">{plain((layers[0] as LayerDistributions).range)}</span>
        </p>
        <p>
          Blame <span class="term">|δ| = |∂L/∂z|</span>
          <span class="axis">{sizes(deltas)}</span>
        </p>
        <p>
          Pull on weights <span class="term">|∂L/∂w|</span>
          <span class="axis">{sizes(gradients)}</span>
        </p>
      </div>
      {layers.map((layer, i) => (
        <Row
          key={i}
          layer={layer}
          name={i < layers.length - 1 ? `Hidden layer ${i + 1}` : "Output"}
          note={i < layers.length - 1 ? CHOICE.activation[state.activation] : `raw, ${plain(layer.range)}`}
          deltas={deltas}
          gradients={gradients}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly layer: LayerDistributions;
  readonly name: string;
  readonly note: string;
  readonly deltas: Range;
  readonly gradients: Range;
}

function Row({ layer, name, note, deltas, gradients }: RowProps) {
  const { units, verdicts } = layer;
  return (
    <article class="layer-row" aria-label={name}>
      <div class="layer-name">
        <h3>
          {name}
          <span class="term">
            {units.length} unit{units.length === 1 ? "" : "s"}, {note}
          </span>
        </h3>
      </div>
      <Histogram of={layer.answers} range={layer.range} name="Answers" />
      <Histogram of={layer.deltas} range={deltas} name="Blame δ" sizes />
      <Histogram of={layer.gradients} range={gradients} name="Gradients of weights" sizes />
      <div class="layer-troubles">
        {verdicts.map(({ kind, message }) => (
          <p key={kind} class="verdict">
            <strong>{TROUBLE[kind].name}</strong> {message}
          </p>
        ))}
        {(["dead", "saturated"] as const).map((kind) => (
          <Named key={kind} kind={kind} units={units} />
        ))}
      </div>
    </article>
  );
}

/** Which units they are, also where they are too few for a verdict on the layer. */
function Named({
  kind,
  units,
}: {
  readonly kind: "dead" | "saturated";
  readonly units: readonly (Trouble | undefined)[];
}) {
  const found = units.flatMap((trouble, unit) => (trouble === kind ? [unit + 1] : []));
  if (found.length === 0) return null;
  return (
    <p class="named">
      {kind === "dead" ? "Dead" : "Saturated"}:{" "}
      {found.length === units.length ? "all units" : `unit${found.length === 1 ? "" : "s"} ${found.join(", ")}`}
    </p>
  );
}

/** Each thing that is wrong somewhere, explained once. */
function Troubles({ seen: { layers, remarks } }: { readonly seen: NetworkDistributions }) {
  const found = new Set(layers.flatMap(({ verdicts, units }) => [...verdicts.map(({ kind }) => kind), ...units]));
  const kinds = (Object.keys(TROUBLE) as Trouble[]).filter((kind) => found.has(kind));
  return (
    <div class="troubles">
      {remarks.map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
      {kinds.length + remarks.length === 0 && <p class="well">All layers look well.</p>}
      {kinds.map((kind) => {
        const { name, what, why, help } = TROUBLE[kind];
        return (
          <div key={kind} class="trouble">
            <h3>{name}</h3>
            <p>{what}</p>
            <p>
              <strong>Why?</strong> {why}
            </p>
            <p>
              <strong>What helps?</strong> {help}
            </p>
          </div>
        );
      })}
    </div>
  );
}
