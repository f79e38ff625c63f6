/** One unit: what it computes, and its weights to be changed. */
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { weightIndex, widthsOf } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { Formula } from "../../ui/index.ts";
import { formulaOf, nameOfInput, nameOfUnit } from "./names.ts";

export function Inspector({ store }: { readonly store: Store }) {
  const [selection, shown] = [store.selection.value, store.shown.value];
  const exists =
    selection !== undefined &&
    shown !== undefined &&
    selection.unit < (widthsOf(shown.state)[selection.layer + 1] ?? 0);
  if (!exists) {
    return (
      <p class="hint">
        Each square shows how a unit answers over the plane. Choose a unit or a line to see its weights and to change
        them.
      </p>
    );
  }
  const { layer, unit } = selection;
  const { state, snapshot } = shown;
  const inputs = widthsOf(state)[layer] as number;
  return (
    <div class="inspector">
      <div class="heading">
        <h3>{nameOfUnit(state, layer, unit)}</h3>
        <button
          type="button"
          class="small"
          aria-label="Close the unit"
          onClick={() => {
            store.selection.value = undefined;
          }}
        >
          ×
        </button>
      </div>
      <p>
        <Formula tex={formulaOf(state, layer)} />
      </p>
      <div class="weight-list">
        {Array.from({ length: inputs + 1 }, (_, i) => {
          const from = i === inputs ? -1 : i;
          return (
            <WeightField
              key={`${layer} ${unit} ${from}`}
              name={nameOfInput(state, layer, from)}
              term={from < 0 ? "b" : `w${subscript(from + 1)}`}
              value={snapshot.weights[weightIndex(widthsOf(state), layer, from, unit)] ?? 0}
              focused={selection.from === from}
              onChange={(value) => store.setWeight(layer, from, unit, value)}
            />
          );
        })}
      </div>
    </div>
  );
}

const subscript = (n: number): string => String.fromCharCode(0x2080 + n);

/** Of a weight that is set by hand, in size: far beyond, single precision has nothing left to tell. */
const MOST_WEIGHT = 1_000_000;

interface WeightFieldProps {
  readonly name: string;
  readonly term: string;
  readonly value: number;
  /** Whether it was chosen by its line. */
  readonly focused: boolean;
  readonly onChange: (value: number) => void;
}

function WeightField({ name, term, value, focused, onChange }: WeightFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState(false);
  const problem = useId();
  const written = Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "";
  useLayoutEffect(() => {
    // What is being typed is not overwritten by the training.
    if (input.current !== null && document.activeElement !== input.current) input.current.value = written;
  }, [written]);
  useLayoutEffect(() => {
    if (focused) input.current?.select();
  }, [focused]);
  return (
    <label class={value < 0 ? "negative" : "positive"}>
      <span>
        {name} <span class="term">{term}</span>
      </span>
      <input
        ref={input}
        type="number"
        step="0.1"
        autocomplete="off"
        aria-invalid={refused}
        aria-describedby={refused ? problem : undefined}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          const fits = Math.abs(next) <= MOST_WEIGHT;
          setRefused(!fits);
          if (fits) onChange(next);
        }}
        onBlur={(event) => {
          // What was refused does not stay as if it were the weight.
          if (refused) event.currentTarget.value = written;
        }}
      />
      {refused && (
        <span class="problem" id={problem} role="alert">
          A weight is a number from −{MOST_WEIGHT.toLocaleString("en")} to {MOST_WEIGHT.toLocaleString("en")}. It stays{" "}
          {written}.
        </span>
      )}
    </label>
  );
}
