/** What is in the file: where it comes from, what becomes of a row, the layers. */
import type { Fact, ModelFacts } from "../engine/index.ts";

export function AboutPanel({ facts }: { readonly facts: ModelFacts }) {
  return (
    <section class="card file-facts" aria-labelledby="about-title">
      <h2 id="about-title">
        What is in the file <span class="term">summary</span>
      </h2>
      {facts.broken > 0 && (
        <p class="problem" role="status">
          {count(facts.broken)} of its numbers are infinite or no numbers at all <span class="term">∞, NaN</span>: what
          it says cannot be relied on.
        </p>
      )}
      <Facts facts={facts.file} />
      <Layers facts={facts} />
      <Preprocessing facts={facts} />
      <h3>
        How it was trained <span class="term">record</span>
      </h3>
      {facts.training.length === 0 ? <p>The file does not tell.</p> : <Facts facts={facts.training} />}
      {facts.choices.length > 0 && (
        <details>
          <summary>What it chose by itself, and why</summary>
          <Facts facts={facts.choices} />
        </details>
      )}
    </section>
  );
}

const count = (n: number): string => n.toLocaleString("en");

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={`${name} ${value}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Layers({ facts }: { readonly facts: ModelFacts }) {
  return (
    <>
      <h3>
        Layers <span class="term">what each gives, and what is trained in it</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too. */}
      <section class="scrolled" tabIndex={0} aria-label="Layers">
        <table class="ledger">
          <thead>
            <tr>
              <th scope="col">layer</th>
              <th scope="col" class="number">
                numbers out
              </th>
              <th scope="col" class="number">
                parameters
              </th>
              <th scope="col" class="number">
                operations
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>input</td>
              <td class="number">{count(facts.inputs)}</td>
              <td />
              <td />
            </tr>
            {facts.layers.map(({ path, type, shape, parameters, flops }) => (
              <tr key={`${path} ${type}`}>
                <td>
                  {type} <span class="term">{path}</span>
                </td>
                <td class="number">{shape?.slice(1).map(count).join(" × ")}</td>
                <td class="number">{count(parameters)}</td>
                <td class="number">{count(flops)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">together</th>
              <td />
              <td class="number">{count(facts.size)}</td>
              <td class="number">{count(facts.flops)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <p class="hint">{facts.meaning}</p>
    </>
  );
}

/** Columns that are listed. */
const LISTED = 16;

function Preprocessing({ facts: { columns, moreColumns, inputs } }: { readonly facts: ModelFacts }) {
  if (columns.length === 0) return null;
  const rest = columns.length - LISTED + moreColumns;
  return (
    <>
      <h3>
        From a row to numbers <span class="term">preprocessing, in the file too</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above. */}
      <section class="scrolled" tabIndex={0} aria-label="From a row to numbers">
        <table class="ledger">
          <thead>
            <tr>
              <th scope="col">column</th>
              <th scope="col">kind</th>
              <th scope="col">what is done with it</th>
            </tr>
          </thead>
          <tbody>
            {columns.slice(0, LISTED).map(({ name, label, kind, how }) => (
              <tr key={name}>
                <td>{label}</td>
                <td>{kind}</td>
                <td>{how}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rest > 0 && <p class="hint">and {count(rest)} more columns</p>}
      <p class="hint">
        {count(columns.length + moreColumns)} columns become {count(inputs)} numbers.
      </p>
    </>
  );
}
