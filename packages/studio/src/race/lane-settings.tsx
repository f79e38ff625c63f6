/** What a lane has of its own, to be changed. */
import { CHOICE, SETTING } from "../panels/index.ts";
import { type Field, fieldOf, type Lane, laneState, type RacedName } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { NumberField, SelectField } from "../ui/index.ts";
import { letterOf, RACED_NAMES } from "./words.ts";

interface Props {
  readonly store: Store;
  readonly index: number;
  readonly lane: Lane;
}

export function LaneSettings({ store, index, lane }: Props) {
  const set = (next: Lane) => store.update({ lanes: store.state.value.lanes.with(index, next) });
  const own = RACED_NAMES.filter((name) => name in lane);
  const others = RACED_NAMES.filter((name) => !(name in lane));
  const state = laneState(store.state.value, lane);
  return (
    <details>
      <summary>Settings of this lane</summary>
      <div class="fields lane-fields">
        {own.map((name) => (
          <div key={name} class="own-setting">
            <One name={name} value={lane[name]} onChange={(value) => set({ ...lane, [name]: value })} />
            <button
              type="button"
              class="small"
              aria-label={`${SETTING[name]!.plain} as in all lanes`}
              title="As in all lanes"
              onClick={() => set(Object.fromEntries(Object.entries(lane).filter(([key]) => key !== name)))}
            >
              ×
            </button>
          </div>
        ))}
        {others.length > 0 && (
          <label class="field">
            <span class="name">
              <span class="plain">Also differs in</span> <span class="term">lane {letterOf(index)}</span>
            </span>
            <select
              value=""
              onChange={({ currentTarget }) => {
                const name = currentTarget.value as RacedName;
                currentTarget.value = "";
                if (RACED_NAMES.includes(name)) set({ ...lane, [name]: state[name] });
              }}
            >
              <option value="">choose …</option>
              {others.map((name) => (
                <option key={name} value={name}>
                  {SETTING[name]!.plain} ({SETTING[name]!.term})
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
    </details>
  );
}

interface OneProps {
  readonly name: RacedName;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function One({ name, value, onChange }: OneProps) {
  if (name in CHOICE) {
    const names = CHOICE[name as keyof typeof CHOICE] as Record<string, string>;
    return <SelectField words={SETTING[name]!} names={names} value={value as string} onChange={onChange} />;
  }
  const field = fieldOf(name) as Field<number>;
  return <NumberField words={SETTING[name]!} field={field} value={value as number} onChange={onChange} />;
}
