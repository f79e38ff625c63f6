/** Sending what is there to somebody. */
import { useState } from "preact/hooks";
import { HIDEABLE_PART } from "../panels/index.ts";
import { HIDEABLE, linkHoldsAll, toLink } from "../state/index.ts";
import type { Store } from "../store/index.ts";

/** A link to what is there now; for a lesson, parts of the page can be hidden. */
export function Share({ store }: { readonly store: Store }) {
  const [said, setSaid] = useState("");
  const { hide } = store.state.value;
  const copy = async (link: string): Promise<void> => {
    const address = `${location.href.replace(/#.*$/, "")}#${link}`;
    try {
      await navigator.clipboard.writeText(address);
      setSaid("Copied.");
    } catch {
      setSaid(address);
    }
  };
  return (
    <details class="share" name="sheet">
      <summary>Share</summary>
      <div class="sheet">
        {linkHoldsAll(store.state.value) ? (
          <p>
            The address of this page holds all settings and data: who opens it begins where you began, and gets the same
            numbers. What was learned since, and changed by hand on the way, goes along with the present weights.
          </p>
        ) : (
          <p>
            The address of this page holds all settings, but your table is too large for it. Send its file too: who
            opens the link can open that, and choose the same columns.
          </p>
        )}
        <button type="button" onClick={() => copy(toLink(store.state.value))}>
          Copy the link
        </button>
        {linkHoldsAll(store.state.value) && (
          <button type="button" onClick={() => copy(toLink(store.trained))}>
            Copy it with the present weights
          </button>
        )}
        <p class="said" role="status">
          {said}
        </p>
        <fieldset>
          <legend>For a lesson, hide</legend>
          {HIDEABLE.map((part) => (
            <label key={part}>
              <input
                type="checkbox"
                checked={hide.includes(part)}
                onChange={({ currentTarget: { checked } }) =>
                  store.update({ hide: HIDEABLE.filter((each) => (each === part ? checked : hide.includes(each))) })
                }
              />{" "}
              {HIDEABLE_PART[part]}
            </label>
          ))}
        </fieldset>
      </div>
    </details>
  );
}
