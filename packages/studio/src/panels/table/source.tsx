/** Where a table comes from: pasted, opened, or dropped on the panel. */
import { useId, useState } from "preact/hooks";
import type { Reading } from "./reading.ts";

/** A text that is longer is read and not shown: a field with megabytes of text would be slow. */
const MOST_SHOWN = 20_000;

export function TableSource({ reading }: { readonly reading: Reading }) {
  const [text, setText] = useState("");
  const hint = useId();
  const take = (given: string): void => {
    if (given.trim() !== "") reading.paste(given);
  };
  return (
    <div class="table-source">
      <label class="file">
        <input
          type="file"
          accept=".csv,.tsv,.tab,.txt,text/csv,text/tab-separated-values,text/plain"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) reading.open(file);
            // So that the same file can be opened again.
            currentTarget.value = "";
          }}
        />
        <span>Open a file</span>
      </label>
      <p class="hint" id={hint}>
        Or drop one here, or paste it: a line for each row, the first with the names of the columns.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take(text);
        }}
      >
        <textarea
          aria-label="Table as text (CSV)"
          aria-describedby={hint}
          rows={4}
          spellcheck={false}
          autocomplete="off"
          placeholder={"length,width,kind\n5.1,3.5,a\n6.7,3.1,b"}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            const given = event.clipboardData?.getData("text/plain") ?? "";
            const whole = text === "";
            if (!whole && given.length <= MOST_SHOWN) return;
            event.preventDefault();
            if (given.length <= MOST_SHOWN) setText(given);
            take(given);
          }}
        />
        <button type="submit" disabled={text.trim() === ""}>
          Use this text
        </button>
      </form>
      <div role="status">{reading.busy && <p class="hint">Reading …</p>}</div>
    </div>
  );
}
