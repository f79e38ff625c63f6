/** Which of the points or rows are for the exam. */
import { SETTINGS } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { SliderField } from "../ui/index.ts";
import { SETTING } from "./words.ts";

/** @param redraw what the button says that takes another seed */
export function Split({ store, redraw }: { readonly store: Store; readonly redraw: string }) {
  const { testShare, dataSeed } = store.state.value;
  return (
    <>
      <SliderField
        words={SETTING.testShare!}
        field={SETTINGS.testShare}
        step={0.05}
        value={testShare}
        text={`${Math.round(100 * testShare)} %`}
        onChange={(value) => store.update({ testShare: value }, "testShare")}
      />
      <button type="button" class="quiet" onClick={() => store.update({ dataSeed: (dataSeed + 1) % 1_000_000 })}>
        {redraw} <span class="term">seed {dataSeed}</span>
      </button>
    </>
  );
}
