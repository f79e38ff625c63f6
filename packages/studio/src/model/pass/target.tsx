/** What would be right for the row. */
import type { ModelFacts } from "../../engine/index.ts";
import { Name, PlaceField } from "../../ui/index.ts";
import type { Desk } from "../desk.ts";

const WORDS = { plain: "What would be right", term: "target y" };

export function TargetField({ desk, facts }: { readonly desk: Desk; readonly facts: ModelFacts }) {
  const target = desk.target.value;
  if (facts.reading !== "values") {
    return (
      <PlaceField
        words={WORDS}
        names={facts.classes}
        value={target}
        onChange={(place) => {
          desk.wanted.value = place;
        }}
      />
    );
  }
  return (
    <label class="field">
      <Name {...WORDS} />
      <input
        type="number"
        step="any"
        autocomplete="off"
        value={target}
        onInput={({ currentTarget: { valueAsNumber } }) => {
          if (Number.isFinite(valueAsNumber)) desk.wanted.value = valueAsNumber;
        }}
      />
    </label>
  );
}
