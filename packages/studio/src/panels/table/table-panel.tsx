/** The visitor's table: where it comes from, what its columns are used for, and what was left out. */
import { fitsLink, leftOut, type OwnTable, tableOf, usedRows } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { Split } from "../split.tsx";
import type { Reading } from "./reading.ts";
import { Roles } from "./roles.tsx";
import { TableSource } from "./source.tsx";

export interface TablePanelProps {
  readonly store: Store;
  readonly reading: Reading;
}

export function TablePanel({ store, reading }: TablePanelProps) {
  const table = tableOf(store.state.value);
  if (table === undefined) return <TableSource reading={reading} />;
  return (
    <>
      <About table={table} />
      <Roles store={store} table={table} />
      <Split store={store} redraw="Other exam rows" />
      <details class="another">
        <summary>Take another table</summary>
        <TableSource reading={reading} />
      </details>
    </>
  );
}

/** What was read, and what was not. */
function About({ table }: { readonly table: OwnTable }) {
  const { source } = table;
  const left = leftOut(table);
  return (
    <div class="about">
      <p>
        <strong>{source?.name ?? "From the link"}</strong>
        {source === undefined && `: ${usedRows(table).rows.length.toLocaleString("en")} rows.`}
      </p>
      {source?.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {left !== undefined && (
        <p>
          {left.count === 1 ? "One row is" : `${left.count.toLocaleString("en")} rows are`} left out, with no usable
          value in a chosen column; the first is {left.line !== undefined && `line ${left.line}, `}“{left.column}”.
        </p>
      )}
      {!fitsLink(table) && <p>Too large for a link: the table stays in this page, and is not sent with one.</p>}
      {source !== undefined && source.unused.length > 0 && (
        <details>
          <summary>
            {source.unused.length === 1 ? "1 column" : `${source.unused.length} columns`} cannot be used
          </summary>
          <dl>
            {source.unused.map(({ name, reason }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{reason}.</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
