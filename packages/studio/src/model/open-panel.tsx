/** Which model is open: one that comes with the studio, or a file. */
import { useRef } from "preact/hooks";
import { CHOICE } from "../panels/index.ts";
import { MODELS } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Icon } from "../ui/index.ts";
import type { Desk } from "./desk.ts";

export function OpenPanel({ desk, store }: { readonly desk: Desk; readonly store: Store }) {
  const input = useRef<HTMLInputElement>(null);
  const [facts, own, opening, problem] = [desk.facts.value, desk.own.value, desk.opening.value, desk.problem.value];
  const sample = store.state.value.model;
  return (
    <section class="transport open" aria-label="Which model">
      <div class="buttons">
        {MODELS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={!own && facts !== undefined && name === sample}
            onClick={() => {
              store.update({ model: name });
              void desk.openSample(name);
            }}
          >
            {CHOICE.model[name]}
          </button>
        ))}
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          <Icon path="M4 4h6l2 2h8v12H4z" />
          Open a model file
        </button>
        <input
          ref={input}
          class="unseen"
          type="file"
          tabIndex={-1}
          aria-label="Model file"
          accept=".safetensors"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) void desk.openFile(file);
            // The same file can be opened again.
            currentTarget.value = "";
          }}
        />
      </div>
      <p class="hint">
        {own
          ? "This file stays on your machine: it is not sent anywhere, and not in the link."
          : "Or drop a file of chainrule train or saveModel anywhere on the page."}
      </p>
      <p class="opening" role="status">
        {opening !== undefined && `Opening ${opening.slice(0, 60)} …`}
      </p>
      <div class="refused" role="alert">
        {problem !== undefined && (
          <p>
            <strong>This file cannot be opened.</strong> {problem}
          </p>
        )}
      </div>
    </section>
  );
}
