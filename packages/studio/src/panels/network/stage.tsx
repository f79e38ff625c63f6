/** The units, their surfaces and the lines between them. */
import { useComputed } from "@preact/signals";
import { useCallback, useMemo, useRef } from "preact/hooks";
import { paintValues, palette } from "../../draw/index.ts";
import { UNIT_SIDE } from "../../engine/index.ts";
import {
  columnOfFeature,
  type FeatureName,
  featuresOf,
  MOST_LAYERS,
  MOST_UNITS,
  type State,
  sameNetwork,
} from "../../state/index.ts";
import { type Store, useView } from "../../store/index.ts";
import { Canvas, useSize } from "../../ui/index.ts";
import { UNIT_TROUBLE } from "../layers/words.ts";
import { featureNamed } from "../words.ts";
import { Inspector } from "./inspector.tsx";
import { layoutOf, type Place, UNIT } from "./layout.ts";
import { nameOfUnit } from "./names.ts";
import { WeightLines } from "./weights.tsx";

export interface NetworkProps {
  readonly store: Store;
  /** Whether only the chosen inputs are shown, and none can be added; a lesson can ask for that too. */
  readonly inputsFixed?: boolean;
}

export function NetworkPanel({ store, inputsFixed = false }: NetworkProps) {
  const state = store.state.value;
  const { layers } = state;
  const fixed = state.hide.includes("network");
  useView(store, "units", true);
  return (
    <section class="card network" aria-labelledby="network-title">
      <div class="heading">
        <h2 id="network-title">Network</h2>
        <p class="count">
          <span>
            {layers.length} hidden layer{layers.length === 1 ? "" : "s"}
          </span>
          {!fixed && (
            <>
              <Step
                sign="−"
                label="Remove the last hidden layer"
                off={layers.length === 0}
                act={() => store.update({ layers: layers.slice(0, -1) })}
              />
              <Step
                sign="+"
                label="Add a hidden layer"
                off={layers.length === MOST_LAYERS}
                act={() => store.update({ layers: [...layers, Math.max(2, (layers.at(-1) ?? 4) - 1)] })}
              />
            </>
          )}
        </p>
      </div>
      <Stage store={store} fixed={fixed} inputsFixed={inputsFixed || state.hide.includes("features")} />
      <Inspector store={store} />
    </section>
  );
}

interface StepProps {
  readonly sign: string;
  readonly label: string;
  readonly off: boolean;
  readonly act: () => void;
}

function Step({ sign, label, off, act }: StepProps) {
  return (
    <button type="button" class="small" aria-label={label} title={label} disabled={off} onClick={act}>
      {sign}
    </button>
  );
}

interface StageProps extends Required<NetworkProps> {
  readonly fixed: boolean;
}

function Stage({ store, fixed, inputsFixed }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const available = useSize(frame);
  const state = store.state.value;
  const features = inputsFixed ? state.features : featuresOf(state);
  const layout = useMemo(() => layoutOf(state, available, features), [state, available, features]);
  // While a new network is made ready, the old one's numbers do not fit it. Only a change of that draws the stage anew.
  const fits = useComputed(() => {
    const shown = store.shown.value;
    return shown !== undefined && sameNetwork(shown.state, store.state.value);
  }).value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="stage" ref={frame} tabIndex={0} aria-label="Units and their connections">
      {available > 0 && (
        <div class="units" style={{ width: `${layout.width}px`, height: `${layout.height}px` }}>
          {fits && <WeightLines store={store} layout={layout} />}
          <p class="column-name" style={{ left: 0 }}>
            Inputs <span class="term">features</span>
          </p>
          {features.map((name) => (
            <FeatureUnit
              key={name}
              store={store}
              name={name}
              place={layout.features[name] as Place}
              fits={fits}
              fixed={inputsFixed}
            />
          ))}
          {state.layers.map((count, layer) => (
            <LayerHead
              key={layer}
              store={store}
              layer={layer}
              count={count}
              left={layout.layers[layer]?.[0]?.left ?? 0}
              fixed={fixed}
            />
          ))}
          <p class="column-name last" style={{ right: 0 }}>
            Output
          </p>
          {layout.layers.flatMap((units, layer) =>
            units.map((place, unit) => (
              <Unit key={`${layer} ${unit}`} store={store} layer={layer} unit={unit} place={place} fits={fits} />
            )),
          )}
        </div>
      )}
    </section>
  );
}

const at = ({ left, top }: Place) => ({ left: `${left}px`, top: `${top}px`, width: `${UNIT}px`, height: `${UNIT}px` });

interface LayerHeadProps {
  readonly store: Store;
  readonly layer: number;
  readonly count: number;
  readonly left: number;
  readonly fixed: boolean;
}

function LayerHead({ store, layer, count, left, fixed }: LayerHeadProps) {
  const set = (units: number) => () => store.update({ layers: store.state.value.layers.with(layer, units) });
  const name = `hidden layer ${layer + 1}`;
  return (
    <div class="layer-head" style={{ left: `${left + UNIT / 2}px` }}>
      {!fixed && <Step sign="−" label={`Remove a unit from ${name}`} off={count === 1} act={set(count - 1)} />}
      <span>{count}</span>
      {!fixed && <Step sign="+" label={`Add a unit to ${name}`} off={count === MOST_UNITS} act={set(count + 1)} />}
    </div>
  );
}

interface FeatureUnitProps {
  readonly store: Store;
  readonly name: FeatureName;
  readonly place: Place;
  readonly fits: boolean;
  readonly fixed: boolean;
}

function FeatureUnit({ store, name, place, fits, fixed }: FeatureUnitProps) {
  const state = store.state.value;
  const chosen = state.features.includes(name);
  const toggle = (): void => {
    const features = featuresOf(state).filter((each) => (each === name ? !chosen : state.features.includes(each)));
    if (features.length > 0) store.update({ features });
  };
  return (
    <div
      class={`feature${chosen ? "" : " off"}`}
      style={{ top: `${place.top}px`, width: `${place.left + UNIT}px`, height: `${UNIT}px` }}
    >
      <button type="button" aria-pressed={chosen} onClick={toggle} disabled={fixed}>
        <FeatureLabel state={state} name={name} />
        {fits && chosen && <UnitPicture store={store} column={0} row={state.features.indexOf(name)} />}
      </button>
    </div>
  );
}

/** x and y have their symbols, and beneath them the columns of a table that they are. */
function FeatureLabel({ state, name }: { readonly state: State; readonly name: FeatureName }) {
  const [column, label] = [columnOfFeature(state, name), featureNamed(state, name)];
  return (
    <span class="label" title={column}>
      {column !== label && label}
      {column !== undefined && <span class="column">{column}</span>}
    </span>
  );
}

interface UnitProps {
  readonly store: Store;
  readonly layer: number;
  readonly unit: number;
  readonly place: Place;
  readonly fits: boolean;
}

function Unit({ store, layer, unit, place, fits }: UnitProps) {
  const state = store.state.value;
  const selection = store.selection.value;
  const chosen = selection?.layer === layer && selection.unit === unit;
  // Only where the layers are looked at; drawn anew when it changes, not with each snapshot.
  const trouble = useComputed(() => store.shown.value?.snapshot.views.layers?.layers[layer]?.units[unit]).value;
  const name = nameOfUnit(state, layer, unit);
  const select = (): void => {
    store.selection.value = chosen ? undefined : { layer, unit };
  };
  return (
    <button
      type="button"
      class="unit"
      style={at(place)}
      aria-pressed={chosen}
      aria-label={trouble === undefined ? name : `${name}, ${UNIT_TROUBLE[trouble]}`}
      title={trouble === undefined ? undefined : UNIT_TROUBLE[trouble]}
      onClick={select}
    >
      {fits && <UnitPicture store={store} column={layer + 1} row={unit} />}
      {fits && trouble !== undefined && <span class="trouble-mark">{SIGN[trouble]}</span>}
    </button>
  );
}

/** A mark that is small and not told by colour alone. */
const SIGN = { dead: "×", saturated: "▬", symmetric: "=", vanishing: "↓", exploding: "↑" } as const;

function UnitPicture({ store, column, row }: { readonly store: Store; readonly column: number; readonly row: number }) {
  const values = store.shown.value?.snapshot.views.units?.[column];
  const colours = palette.value;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const cells = UNIT_SIDE * UNIT_SIDE;
      if (values !== undefined)
        paintValues(canvas, UNIT_SIDE, values.subarray(row * cells, (row + 1) * cells), colours);
    },
    [values, row, colours],
  );
  return <Canvas class="thumb" draw={draw} />;
}
