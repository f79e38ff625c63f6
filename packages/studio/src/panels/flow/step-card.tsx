/** A step in words, as an equation with its shapes, and with its numbers. */
import type { FlowEdge, FlowTrace, Phase } from "../../engine/index.ts";
import { Formula, Scroller } from "../../ui/index.ts";
import { NumbersTable } from "./cells.tsx";
import { lastStep, progressOf } from "./progress.ts";

export const PHASE: Readonly<Record<Phase, string>> = {
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  update: "Update",
};

export interface StepCardProps {
  readonly trace: FlowTrace;
  readonly cursor: number;
}

export function StepCard({ trace, cursor: at }: StepCardProps) {
  const { step, cursor } = progressOf(trace, at);
  const { phase, words, lines, edges } = step;
  const derivatives = phase === "backward" ? edges.map((i) => trace.edges[i] as FlowEdge).filter(isTold) : [];
  return (
    <section class={`step-card ${phase}`} aria-label="This step">
      <p class="step-place">
        <span class="chip">{PHASE[phase]}</span> Step {cursor + 1} of {lastStep(trace) + 1}
      </p>
      <h3 aria-live="polite">
        {words.plain} <span class="term">{words.term}</span>
      </h3>
      {lines.map(({ symbols, shapes, numbers, result }, i) => (
        <Equation
          key={i}
          rows={[
            ["equation", symbols],
            ["shapes", shapes],
            ["numbers", numbers, result],
          ]}
        />
      ))}
      {derivatives.map((edge, i) => (
        <Equation key={i} rows={[["local derivative", ...derivativeTex(trace, edge)]]} />
      ))}
    </section>
  );
}

/** ∂L/∂ŷ is the gradient itself. */
const isTold = ({ label }: FlowEdge): boolean => label !== "" && !label.startsWith("∂L");

/** ∂z/∂a = Wᵀ = … */
function derivativeTex({ nodes }: FlowTrace, { from, to, tex, numbers }: FlowEdge): string[] {
  const [of, by] = [to, from].map((id) => nodes[id]?.tex.split(" = ")[0]);
  const whole = `\\frac{\\partial ${of}}{\\partial ${by}}`;
  return [tex.includes("\\frac{\\partial") ? whole : `${whole} = ${tex}`, numbers === "" ? "" : `= ${numbers}`];
}

interface EquationProps {
  /** A name, and formulas that stand beside each other where there is room. */
  readonly rows: readonly (readonly [name: string, ...formulas: string[]])[];
}

function Equation({ rows }: EquationProps) {
  return (
    <Scroller class="equations" label="Equation">
      {rows.map(([name, ...formulas]) => {
        const some = formulas.filter((tex) => tex !== "");
        if (some.length === 0) return null;
        return (
          <div key={name} class={`row ${name}`}>
            <span class="term">{name}</span>
            <span class="formulas">
              {some.map((tex, i) => (
                // By its place, so that the page does not jump while another is typeset.
                <Formula key={i} tex={tex} />
              ))}
            </span>
          </div>
        );
      })}
    </Scroller>
  );
}

/** The numbers of one node, all that there are. */
export function NodeCard({ trace, cursor, node: id }: StepCardProps & { readonly node: number }) {
  const progress = progressOf(trace, cursor);
  const node = trace.nodes[id];
  if (node === undefined) return null;
  const { label, words, value, gradient, updated } = node;
  const size = (rows: number, columns: number): string => (rows * columns === 1 ? "" : ` ${rows} × ${columns}`);
  return (
    <section class="node-card" aria-label="Numbers of a node">
      <h3>
        {words.plain} <span class="term">{words.term}</span>
      </h3>
      <div class="node-numbers">
        <div>
          <p class="of-value">
            {label} <span class="term">value{size(value.rows, value.columns)}</span>
          </p>
          {progress.hasValue(id) ? (
            <NumbersTable numbers={value} name={`Value of ${label}`} />
          ) : (
            <p class="hint">Not computed yet.</p>
          )}
        </div>
        {gradient !== undefined && (
          <div>
            <p class="of-gradient">
              ∂L/∂{label.split(" = ")[0]} <span class="term">gradient{size(gradient.rows, gradient.columns)}</span>
            </p>
            {progress.hasGradient(id) ? (
              <NumbersTable numbers={gradient} name={`Gradient of ${label}`} back />
            ) : (
              <p class="hint">Comes on the way back.</p>
            )}
          </div>
        )}
        {updated !== undefined && progress.isUpdated(id) && (
          <div>
            <p class="of-value">
              new {label} <span class="term">after the update</span>
            </p>
            <NumbersTable numbers={updated} name={`New value of ${label}`} />
          </div>
        )}
      </div>
    </section>
  );
}
