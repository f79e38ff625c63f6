/** The settings of the training. */
import {
  type Field,
  isFullBatch,
  isRegression,
  type Limits,
  SETTINGS,
  type SettingName,
  type State,
} from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { NumberField, SelectField } from "../ui/index.ts";
import { CHOICE, SETTING } from "./words.ts";

type ChoiceName = Exclude<keyof typeof CHOICE, "data" | "speed" | "plane" | "model" | "equal">;
type NumberName = { [K in SettingName]: (typeof SETTINGS)[K] extends Field<number> & Limits ? K : never }[SettingName];

export interface SettingsPanelProps {
  readonly store: Store;
  readonly title?: string;
}

export function SettingsPanel({ store, title = "Training" }: SettingsPanelProps) {
  const state = store.state.value;
  const rolls = state.optimizer === "momentum" || state.optimizer === "nesterov";
  const whole = isFullBatch(state);
  return (
    <section class="card settings" aria-labelledby="settings-title">
      <h2 id="settings-title">{title}</h2>
      <div class="fields">
        <Select store={store} name="activation" />
        <Select store={store} name={isRegression(state) ? "valueLoss" : "classLoss"} />
        <Select store={store} name="optimizer" />
        {rolls && <Num store={store} name="momentum" />}
        {!whole && (
          <>
            <Num store={store} name="rate" />
            <Select store={store} name="schedule" />
            {state.schedule !== "constant" && <Num store={store} name="decaySteps" />}
            <Num store={store} name="batch" />
          </>
        )}
        <Select store={store} name="regularizer" />
        {state.regularizer !== "none" && <Num store={store} name="penalty" />}
        <Select store={store} name="initializer" />
        <Num store={store} name="seed" />
      </div>
      {whole && (
        <p class="hint">
          Each step looks at all points and finds its own length <span class="term">full batch, line search</span>: step
          size, schedule and points per step have no meaning here.
        </p>
      )}
    </section>
  );
}

/** One setting by its name, where a page wants few of them. */
export function SettingField({ store, name }: { readonly store: Store; readonly name: SettingName }) {
  return name in CHOICE ? (
    <Select store={store} name={name as ChoiceName} />
  ) : (
    <Num store={store} name={name as NumberName} />
  );
}

function Select({ store, name }: { readonly store: Store; readonly name: ChoiceName }) {
  return (
    <SelectField
      words={SETTING[name]!}
      names={CHOICE[name] as Record<string, string>}
      value={store.state.value[name] as string}
      onChange={(value) => store.update({ [name]: value } as Partial<State>)}
    />
  );
}

function Num({ store, name }: { readonly store: Store; readonly name: NumberName }) {
  return (
    <NumberField
      words={SETTING[name]!}
      field={SETTINGS[name]}
      value={store.state.value[name]}
      onChange={(value) => store.update({ [name]: value })}
    />
  );
}
