/** What the model says of the row. */
import type { ModelFacts, Tried } from "../engine/index.ts";
import { figure, percent } from "../state/index.ts";
import { type Bar, Bars } from "./bars.tsx";
import type { Desk } from "./desk.ts";

/** Classes that are shown: all of a few, of many the likeliest. */
const MOST = 12;

export function Says({
  desk,
  facts,
  quiet,
}: {
  readonly desk: Desk;
  readonly facts: ModelFacts;
  readonly quiet?: string;
}) {
  const { tried, reason } = desk.tried.value ?? {};
  return (
    <div class="says">
      <h3>
        What it says <span class="term">prediction</span>
      </h3>
      <p class="answer" aria-live="polite" data-value="prediction">
        {quiet ?? (tried === undefined ? "–" : <Answer facts={facts} tried={tried} />)}
      </p>
      {reason !== undefined && (
        <p class="problem" role="alert">
          {reason}
        </p>
      )}
      {tried !== undefined && facts.reading !== "values" && (
        <Bars label="Probabilities" bars={quiet === undefined ? probabilities(facts, tried) : probabilities(facts)} />
      )}
      {tried?.notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </div>
  );
}

/** The prediction alone. */
export function Answer({ facts, tried }: { readonly facts: ModelFacts; readonly tried: Tried }) {
  if (facts.reading === "values") {
    const values = [...tried.values]
      .slice(0, MOST)
      .map((value) => figure(value))
      .join(", ");
    return (
      <>
        {facts.target !== undefined && <span class="answer-name">{facts.target} = </span>}
        <strong>{values}</strong> {facts.unit}
      </>
    );
  }
  const probability = tried.probabilities[tried.winner] ?? Number.NaN;
  if (!Number.isFinite(probability)) return <>no number</>;
  return (
    <>
      <strong>{facts.classes[tried.winner] ?? ""}</strong> <span class="sure">{percent(probability)} sure</span>
    </>
  );
}

/** Without a row, bars of nothing. */
function probabilities({ classes }: ModelFacts, tried?: Tried): Bar[] {
  const bars = classes.map((name, k) => {
    const share = tried?.probabilities[k] ?? 0;
    return { name, share, text: tried === undefined ? "" : percent(share), strong: k === tried?.winner };
  });
  return bars.length <= MOST ? bars : bars.toSorted((a, b) => b.share - a.share).slice(0, MOST);
}
