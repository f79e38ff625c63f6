/** The weights of a parameter. */
import { useMemo, useState } from "preact/hooks";
import type { ModelFacts, WeightFacts } from "../../engine/index.ts";
import { figure } from "../../state/index.ts";
import type { Desk } from "../desk.ts";
import { useReply } from "../use-reply.ts";
import { HeatMap, limitOf, Tiles } from "./pictures.tsx";
import { Spread } from "./spread.tsx";

interface Props {
  readonly desk: Desk;
  readonly facts: ModelFacts;
}

/** Which are offered first. */
const MOST_LISTED = 300;

export function WeightsPanel({ desk, facts }: Props) {
  const [name, setName] = useState(
    facts.parameters.find(({ shape }) => shape.length > 1)?.name ?? facts.parameters[0]?.name ?? "",
  );
  const [gradient, setGradient] = useState(false);
  const chosen = facts.parameters.find((each) => each.name === name);
  const settled = desk.settled.value;
  const one = gradient && chosen?.trained === true && settled?.model === facts.id ? settled.case : undefined;
  const asked = useMemo(() => ({ model: facts.id, name, case: one }), [facts, name, one]);
  const { answer, reason } = useReply(desk, "modelWeights", asked) ?? {};
  // Until the answer is there, that of the parameter before has no place.
  const weights = answer?.name === name ? answer : undefined;
  const first = facts.parameters.find(({ shape }) => shape.length === 2 && shape[0] === facts.inputs)?.name;
  const picture = name === first ? facts.picture : undefined;
  return (
    <section class="card weights-panel" aria-labelledby="weights-title">
      <h2 id="weights-title">
        What it learned <span class="term">weights</span>
      </h2>
      <label class="field">
        <span class="name">
          <span class="plain">Which</span> <span class="term">parameter</span>
        </span>
        <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
          {facts.parameters.slice(0, MOST_LISTED).map((each) => (
            <option key={each.name} value={each.name} selected={each.name === name}>
              {each.label} [{each.shape.join(" × ")}]
            </option>
          ))}
        </select>
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={gradient}
          disabled={chosen?.trained !== true}
          onChange={({ currentTarget }) => setGradient(currentTarget.checked)}
        />{" "}
        How each would change the cost of this row <span class="term">gradient ∂L/∂w</span>
      </label>
      {reason !== undefined && (
        <p class="problem" role="alert">
          {reason}
        </p>
      )}
      {weights !== undefined && (
        <>
          {picture === undefined ? <HeatMap weights={weights} /> : <Tiles weights={weights} picture={picture} />}
          <Legend limit={limitOf(weights)} />
          <Statistics weights={weights} />
          <Spread weights={weights} />
        </>
      )}
    </section>
  );
}

function Legend({ limit }: { readonly limit: number }) {
  return (
    <div class="scale" aria-hidden="true">
      {figure(-limit, 2)} <span class="ramp" /> {figure(limit, 2)}
    </div>
  );
}

function Statistics({
  weights: { count, least, most, mean, deviation, zeros, broken },
}: {
  readonly weights: WeightFacts;
}) {
  const values: [string, string, string][] = [
    ["How many", "count", (count + broken).toLocaleString("en")],
    ["Smallest", "minimum", figure(least)],
    ["Largest", "maximum", figure(most)],
    ["Average", "mean", figure(mean)],
    ["Spread", "standard deviation", figure(deviation)],
    ["Exactly 0", "zeros", zeros.toLocaleString("en")],
    ...(broken > 0 ? [["No numbers", "∞, NaN", broken.toLocaleString("en")] as [string, string, string]] : []),
  ];
  return (
    <dl class="statistics">
      {values.map(([plain, term, value]) => (
        <div key={plain}>
          <dt>
            {plain} <span class="term">{term}</span>
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
