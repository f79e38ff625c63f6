/** The check of all weights. */
import type { CheckVerdict, WholeCheck } from "../../engine/index.ts";
import { type State, scientific } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { nameOfInput, nameOfUnit } from "../network/names.ts";
import { useWholeCheck } from "./check.ts";
import { pointsOf, VERDICT } from "./words.ts";

export function Whole({ store }: { readonly store: Store }) {
  const [found, begin] = useWholeCheck(store);
  const state = store.shown.value?.state;
  const { answer, reason } = found ?? {};
  const running = answer !== undefined && answer.done < answer.total;
  return (
    <div class="whole-check">
      <button type="button" onClick={begin} disabled={running || state === undefined}>
        Check all weights
      </button>
      {running && (
        <label class="running">
          <progress max={answer.total} value={answer.done} /> {answer.done} of {answer.total}
        </label>
      )}
      <div role="status">
        {reason !== undefined && <p>{reason}</p>}
        {answer !== undefined && !running && (
          <p data-value="whole-check">{summary(answer, store.shown.value?.training.length ?? 0)}</p>
        )}
      </div>
      {answer !== undefined && !running && state !== undefined && <Worst answer={answer} state={state} store={store} />}
    </div>
  );
}

function summary({ total, step, points, verdicts, worst }: WholeCheck, of: number): string {
  const others = (["kink", "jump", "unresolved"] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${verdicts[verdict]} × ${SHORT[verdict]}`);
  const apart = others.length === 0 ? "" : ` (${others.join(", ")})`;
  const when = `after ${step.toLocaleString("en")} step${step === 1 ? "" : "s"}`;
  const some = points < of ? ` The loss is that of ${pointsOf(points, of)}.` : "";
  if (verdicts.wrong > 0)
    return `${verdicts.wrong} of ${total} derivatives ${when} do not agree with differences${apart}.${some}`;
  const largest = worst[0]?.relativeError ?? 0;
  return `All ${total} derivatives ${when} stand the check${apart}. The largest relative error, beyond what moving a weight can tell, is ${scientific(largest)}.${some}`;
}

const SHORT: Readonly<Partial<Record<CheckVerdict, string>>> = {
  kink: "at a kink",
  jump: "at a jump",
  unresolved: "not to be told",
};

interface WorstProps {
  readonly answer: WholeCheck;
  readonly state: State;
  readonly store: Store;
}

function Worst({ answer, state, store }: WorstProps) {
  const worst = answer.worst.filter(({ relativeError, verdict }) => relativeError > 0 || verdict !== "right");
  if (worst.length === 0) return null;
  return (
    <>
      <p>The largest errors, each to be looked at:</p>
      <ul>
        {worst.map(({ layer, from, to, relativeError, verdict }) => (
          <li key={`${layer} ${from} ${to}`}>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                store.selection.value = { layer, unit: to, from };
              }}
            >
              {nameOfUnit(state, layer, to)}, {nameOfInput(state, layer, from)}
            </button>{" "}
            {scientific(relativeError)}
            {verdict === "right" ? "" : ` ${VERDICT[verdict].name}`}
          </li>
        ))}
      </ul>
    </>
  );
}
