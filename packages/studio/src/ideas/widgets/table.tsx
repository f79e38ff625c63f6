/** A truth table whose results are switched, and the perceptrons that compute it. */
import { useEffect, useState } from "preact/hooks";
import type { BooleanNetwork } from "../../engine/index.ts";
import type { Store } from "../../store/index.ts";
import { Formula } from "../../ui/index.ts";
import type { PanelProps } from "../panels.tsx";
import { report } from "../progress.ts";
import { useAnswer } from "./answer.ts";
import { PerceptronPicture } from "./perceptrons.tsx";

export function TablePanel({ store }: PanelProps) {
  const { truth: table } = store.state.value;
  const [chosen, setChosen] = useState(1);
  const found = useAnswer(store, "boolean", { table });
  const network = found?.answer;
  // The old network stays until the new one is there, unless it has other inputs.
  const fits = found?.of.table.length === table.length;
  useEffect(() => {
    if (found !== undefined) report({ table: { of: found.of.table, network: found.answer } });
  }, [found]);
  const row = Math.min(chosen, table.length - 1);
  return (
    <>
      <section class="card table-panel" aria-labelledby="table-title">
        <h2 id="table-title">
          What is wanted <span class="term">truth table</span>
        </h2>
        <Inputs store={store} />
        <Table store={store} network={fits ? network : undefined} row={row} choose={setChosen} />
      </section>
      <section class="card perceptrons-panel" aria-labelledby="perceptrons-title">
        <h2 id="perceptrons-title">
          What computes it <span class="term">perceptrons</span>
        </h2>
        {fits && network !== undefined && (
          <>
            <Reason network={network} inputs={Math.log2(table.length)} table={table} />
            <PerceptronPicture network={network} inputs={inputsOf(row, table.length)} row={row} />
            <Units network={network} />
          </>
        )}
      </section>
    </>
  );
}

/** The inputs of a row. */
export const inputsOf = (row: number, rows: number): number[] => {
  const count = Math.log2(rows);
  return Array.from({ length: count }, (_, i) => (row >> (count - 1 - i)) & 1);
};

function Inputs({ store }: { readonly store: Store }) {
  const { truth: table } = store.state.value;
  // With one input more, nothing depends on it at first; with one fewer, the rows stay in which it is 0.
  const choose = (rows: number): void => {
    if (rows === table.length) return;
    store.update({ truth: Array.from({ length: rows }, (_, row) => table[rows > 4 ? row >> 1 : row << 1] ?? 0) });
  };
  return (
    <fieldset class="sizes">
      <legend>Inputs</legend>
      {[4, 8].map((rows) => (
        <label key={rows}>
          <input type="radio" name="inputs" checked={table.length === rows} onChange={() => choose(rows)} />{" "}
          {Math.log2(rows)}
        </label>
      ))}
    </fieldset>
  );
}

interface TableProps {
  readonly store: Store;
  readonly network: BooleanNetwork | undefined;
  readonly row: number;
  readonly choose: (row: number) => void;
}

function Table({ store, network, row, choose }: TableProps) {
  const { truth: table } = store.state.value;
  const hidden = network !== undefined && network.layers.length > 1 ? (network.layers[0]?.length ?? 0) : 0;
  const toggle = (at: number): void => {
    choose(at);
    store.update({ truth: table.map((value, i) => (i === at ? 1 - value : value)) });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Truth table">
      <table class="truth">
        <thead>
          <tr>
            {inputsOf(0, table.length).map((_, i) => (
              <th key={i} scope="col">
                x{sub(i + 1)}
              </th>
            ))}
            <th scope="col">wanted</th>
            {Array.from({ length: hidden }, (_, i) => (
              <th key={`h${i}`} scope="col">
                h{sub(i + 1)}
              </th>
            ))}
            <th scope="col">network</th>
          </tr>
        </thead>
        <tbody>
          {table.map((wanted, at) => (
            <tr key={at} class={at === row ? "chosen" : ""} onClick={() => choose(at)}>
              {inputsOf(at, table.length).map((value, i) => (
                <td key={i}>{value}</td>
              ))}
              <td>
                <button
                  type="button"
                  class={`bit b${wanted}`}
                  aria-label={`Inputs ${inputsOf(at, table.length).join(", ")}: wanted is ${wanted}. Switch it.`}
                  onFocus={() => choose(at)}
                  onClick={(event) => {
                    event.stopPropagation();
                    toggle(at);
                  }}
                >
                  {wanted}
                </button>
              </td>
              {network?.values[at]?.flatMap((layer, l) =>
                layer.map((value, unit) => (
                  <td key={`${l} ${unit}`} class={value === 1 ? "fires" : ""}>
                    {value}
                  </td>
                )),
              ) ?? <td>–</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const sub = (n: number): string => String.fromCharCode(0x2080 + n);

interface ReasonProps {
  readonly network: BooleanNetwork;
  readonly inputs: number;
  readonly table: readonly number[];
}

function Reason({ network, inputs, table }: ReasonProps) {
  const { obstacle } = network;
  const row = (at: number): string => `(${inputsOf(at, 2 ** inputs).join(", ")})`;
  if (obstacle === undefined) {
    return (
      <p role="status">
        <strong>One perceptron is enough</strong> <span class="term">linearly separable</span>: the perceptron rule
        found weights with which each row falls on its side of the threshold.
      </p>
    );
  }
  const [ones, zeros] = [obstacle.ones.map(row), obstacle.zeros.map(row)];
  const total = inputsOf(obstacle.ones[0] ?? 0, 2 ** inputs).map(
    (value, i) => value + (inputsOf(obstacle.ones[1] ?? 0, 2 ** inputs)[i] ?? 0),
  );
  return (
    <p role="status">
      <strong>One perceptron is not enough</strong> <span class="term">not linearly separable</span>: the rows{" "}
      {ones.join(" and ")} with 1 add up to ({total.join(", ")}), and so do {zeros.join(" and ")} with 0. So here is a
      hidden layer, with a unit for each row with {isRarer(network, table) ? "1" : "0"}.
    </p>
  );
}

/** Whether the hidden units stand for the rows with 1: then the output adds what they say. */
const isRarer = ({ layers }: BooleanNetwork, table: readonly number[]): boolean =>
  (layers[1]?.[0]?.weights[0] ?? 1) > 0 && table.includes(1);

function Units({ network: { layers } }: { readonly network: BooleanNetwork }) {
  const formulas = layers.flatMap((units, layer) =>
    units.map(({ weights, threshold }, unit) => {
      const last = layer === layers.length - 1;
      const name = last ? "y" : `h_{${unit + 1}}`;
      const of = layer === 0 ? "x" : "h";
      return String.raw`${name} = [\,${sumOf(weights, of)} > ${threshold}\,]`;
    }),
  );
  return (
    <ul class="units-list">
      {formulas.map((tex) => (
        <li key={tex}>
          <Formula tex={tex} />
        </li>
      ))}
    </ul>
  );
}

function sumOf(weights: readonly number[], of: string): string {
  const terms = weights.flatMap((weight, i) => {
    if (weight === 0) return [];
    const size = Math.abs(weight) === 1 ? "" : String(Math.abs(weight));
    return [`${weight < 0 ? "-" : "+"} ${size}${of}_{${i + 1}}`];
  });
  return terms.length === 0 ? "0" : terms.join(" ").replace(/^\+ /, "");
}
