/** One row: its cells, what the model says, and what speaks for that. */
import { useState } from "preact/hooks";
import type { ColumnFacts, ModelFacts } from "../../engine/index.ts";
import { figure } from "../../state/index.ts";
import { Name } from "../../ui/index.ts";
import { Bars } from "../bars.tsx";
import { type Desk, usualInput } from "../desk.ts";
import { Says } from "../says.tsx";

interface Props {
  readonly desk: Desk;
  readonly facts: ModelFacts;
}

export function RowPanel({ desk, facts }: Props) {
  return (
    <section class="card row-panel" aria-labelledby="row-title">
      <h2 id="row-title">
        Give it a row <span class="term">input</span>
      </h2>
      <div class="trial">
        <div>
          {facts.kind === "table" ? <Cells desk={desk} facts={facts} /> : <Numbers desk={desk} facts={facts} />}
          <Pasted desk={desk} facts={facts} />
        </div>
        <Says desk={desk} facts={facts} />
        <Speaks desk={desk} facts={facts} />
      </div>
    </section>
  );
}

function Cells({ desk, facts }: Props) {
  const input = desk.input.value;
  const cells = input !== undefined && "cells" in input ? input.cells : {};
  const set = (name: string, text: string): void => desk.put({ cells: { ...cells, [name]: text } });
  return (
    <>
      <div class="fields">
        {facts.columns.map((column) => (
          <CellField
            key={column.name}
            column={column}
            text={cells[column.name] ?? ""}
            onChange={(text) => set(column.name, text)}
          />
        ))}
      </div>
      {facts.moreColumns > 0 && (
        <p class="hint">{facts.moreColumns} more columns are missing here, and taken for what is usual.</p>
      )}
      <p class="hint">
        An empty field is a missing value.{" "}
        <button type="button" class="quiet" onClick={() => desk.put(usualInput(facts))}>
          Usual values
        </button>
      </p>
    </>
  );
}

interface CellFieldProps {
  readonly column: ColumnFacts;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function CellField({ column: { label, kind, choices }, text, onChange }: CellFieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: one of the two is within.
    <label class="field">
      <Name plain={label} term={kind} />
      {kind === "category" || kind === "boolean" ? (
        <Choice choices={choices} text={text} onChange={onChange} />
      ) : (
        <input
          type="text"
          inputMode={kind === "number" ? "decimal" : "text"}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </label>
  );
}

/** A pasted row may have another word than those of training. */
function Choice({ choices, text, onChange }: Omit<CellFieldProps, "column"> & Pick<ColumnFacts, "choices">) {
  const all = text === "" || choices.includes(text) ? choices : [...choices, text];
  return (
    <select value={text} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value="" selected={text === ""}>
        (missing)
      </option>
      {all.map((choice) => (
        <option key={choice} value={choice} selected={choice === text}>
          {choice.slice(0, 60)}
        </option>
      ))}
    </select>
  );
}

/** Fields for the inputs of a plain network, as far as one can oversee them. */
const MOST_FIELDS = 64;

function Numbers({ desk, facts }: Props) {
  const input = desk.input.value;
  const values = input !== undefined && "values" in input ? input.values : new Float32Array(facts.inputs);
  return (
    <>
      <div class="fields narrow">
        {Array.from(values.subarray(0, MOST_FIELDS), (value, i) => (
          <label key={i} class="field">
            <span class="name">
              <span class="plain">{facts.inputNames[i] || `Input ${i + 1}`}</span>
            </span>
            <input
              type="number"
              step="any"
              autocomplete="off"
              value={Number(value.toPrecision(7))}
              onInput={({ currentTarget }) => {
                const next = currentTarget.valueAsNumber;
                if (Number.isFinite(next)) desk.put({ values: values.with(i, next) });
              }}
            />
          </label>
        ))}
      </div>
      {facts.inputs > MOST_FIELDS && (
        <p class="hint">and {facts.inputs - MOST_FIELDS} more inputs; paste a row to set them.</p>
      )}
    </>
  );
}

function Pasted({ desk, facts }: Props) {
  const [problem, setProblem] = useState("");
  const read = async (text: string): Promise<void> => {
    setProblem("");
    if (text.trim() === "") return;
    const { answer, reason } = await desk.engine.ask("modelRow", { model: facts.id, text: text.slice(0, 1_000_000) });
    if (answer === undefined) setProblem(reason);
    else desk.put(answer);
  };
  return (
    <details class="pasted">
      <summary>Paste a row of a CSV file</summary>
      <textarea
        aria-label="A row, as in a CSV file"
        rows={3}
        spellcheck={false}
        placeholder={placeholderOf(facts)}
        onInput={({ currentTarget }) => void read(currentTarget.value)}
      />
      <p class="problem" role="alert">
        {problem}
      </p>
    </details>
  );
}

const placeholderOf = ({ columns, inputs }: ModelFacts): string =>
  columns.length > 0
    ? columns
        .slice(0, 8)
        .map(({ usual }) => usual)
        .join(",")
    : Array.from({ length: Math.min(8, inputs) }, () => "0").join(",");

/** Inputs that are listed. */
const MOST_SPEAKING = 10;

/** The slope of the winner's output by each number that the network gets. */
function Speaks({ desk, facts }: Props) {
  const tried = desk.tried.value?.tried;
  const all = Array.from(tried?.slopes ?? [], (slope, i) => ({
    name: facts.inputNames[i] || `input ${i + 1}`,
    slope,
    value: tried?.features[i] ?? Number.NaN,
  }));
  const listed = all.toSorted((a, b) => Math.abs(b.slope) - Math.abs(a.slope)).slice(0, MOST_SPEAKING);
  const most = Math.abs(listed[0]?.slope ?? 0) || 1;
  return (
    <div class="speaks">
      <h3>
        What speaks for it <span class="term">∂ output / ∂ number</span>
      </h3>
      <Bars
        label="Slopes"
        signed
        bars={listed.map(({ name, slope, value }) => ({
          name: `${name} (${figure(value, 3)})`,
          share: slope / most,
          text: figure(slope, 3),
        }))}
      />
      <p class="hint">
        More of a number with a <span class="positive">blue</span> bar raises the output of the answer, of one with an{" "}
        <span class="negative">orange</span> bar it lowers it. In brackets: the number that the network gets.
      </p>
    </div>
  );
}
