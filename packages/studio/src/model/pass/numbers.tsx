/** Every number of the row, layer by layer. */
import { useState } from "preact/hooks";
import type { LayerPass, ModelFacts, Pass } from "../../engine/index.ts";
import { figure } from "../../state/index.ts";

export function EveryNumber({ pass, facts }: { readonly pass: Pass; readonly facts: ModelFacts }) {
  return (
    <div class="every">
      <h3>
        Every number <span class="term">layer by layer</span>
      </h3>
      <Numbers
        title="What goes in"
        term={`${pass.inputs.length} numbers`}
        heads={["input", "x", "∂L/∂x"]}
        names={facts.inputNames}
        columns={[pass.inputs, pass.gradInput]}
      />
      {pass.layers.map((layer, i) => (
        <Layer key={layer.path} layer={layer} number={i + 1} last={i === pass.layers.length - 1} facts={facts} />
      ))}
    </div>
  );
}

interface LayerProps {
  readonly layer: LayerPass;
  readonly number: number;
  readonly last: boolean;
  readonly facts: ModelFacts;
}

function Layer({ layer: { type, activations, z, a, gradA, delta }, number, last, facts }: LayerProps) {
  const names = last && facts.reading === "classes" && z.length === facts.classes.length ? facts.classes : [];
  const activated = activations.length > 0;
  return (
    <Numbers
      title={`Layer ${number}`}
      term={`${[type, ...activations].join(", ")}; ${z.length} unit${z.length === 1 ? "" : "s"}`}
      heads={activated ? ["unit", "z", "a", "∂L/∂a", "δ = ∂L/∂z"] : ["unit", "z", "δ = ∂L/∂z"]}
      names={names}
      columns={activated ? [z, a, gradA, delta] : [z, delta]}
    />
  );
}

interface NumbersProps {
  readonly title: string;
  readonly term: string;
  readonly heads: readonly string[];
  readonly names: readonly string[];
  readonly columns: readonly Float32Array[];
}

/** Rows that are listed at first. */
const FIRST = 32;
/** More than anybody reads, and than a page should hold. */
const MOST = 2000;

function Numbers({ title, term, heads, names, columns }: NumbersProps) {
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const length = columns[0]?.length ?? 0;
  const shown = Math.min(length, all ? MOST : FIRST);
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {title} <span class="term">{term}</span>
      </summary>
      {/* What nobody sees is not made: there may be thousands of numbers. */}
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table is scrolled by keyboard too.
        <section class="scrolled" tabIndex={0} aria-label={title}>
          <table class="ledger">
            <thead>
              <tr>
                {heads.map((head, j) => (
                  <th key={head} scope="col" class={j > 0 ? "number" : ""}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: shown }, (_, i) => (
                <tr key={i}>
                  <th scope="row">{names[i] || i + 1}</th>
                  {columns.map((column, j) => (
                    <td key={heads[j + 1]} class="number">
                      {i < column.length ? figure((column[i] as number) + 0) : ""}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {shown < length && !all && (
            <button type="button" class="quiet" onClick={() => setAll(true)}>
              {length > MOST ? `The first ${MOST.toLocaleString("en")}` : `All ${length.toLocaleString("en")}`}
            </button>
          )}
        </section>
      )}
    </details>
  );
}
