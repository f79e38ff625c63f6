/** The race: several trainings from the same start, side by side. */
import { useEffect, useLayoutEffect } from "preact/hooks";
import { CHOICE, DataPanel, SETTING, SettingsPanel, TransportButtons } from "../panels/index.ts";
import { type State, scientific, weightCount, widthsOf } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { SelectField } from "../ui/index.ts";
import { RaceCurves } from "./curves.tsx";
import { LaneCard } from "./lane-card.tsx";
import { RaceMap } from "./map.tsx";
import { type Runner, runnerOf } from "./runner.ts";
import { letterOf } from "./words.ts";

export default function Race({ store }: { readonly store: Store }) {
  const runner = runnerOf(store);
  const state = store.state.value;
  const { hide, lanes } = state;
  useLayoutEffect(() => store.drive(runner), [store, runner]);
  // After the map has said what it wants.
  useEffect(() => runner.follow(state), [runner, state]);
  const ran = runner.shown.value?.snapshot.lanes;
  const points = runner.shown.value?.points;
  const problem = runner.problem.value;
  return (
    <>
      <section class="transport" aria-label="Race">
        <TransportButtons store={store} />
        <Standing state={state} runner={runner} />
      </section>
      <div class="lanes">
        {problem !== undefined && (
          <p class="refused" role="alert">
            {problem}
          </p>
        )}
        {lanes.map((lane, i) => (
          <LaneCard key={letterOf(i)} store={store} index={i} lane={lane} ran={ran?.[i]} points={points} />
        ))}
      </div>
      {!hide.includes("landscape") && <RaceMap store={store} runner={runner} />}
      {!hide.includes("curves") && <RaceCurves store={store} runner={runner} />}
      {!hide.includes("settings") && <Rules store={store} />}
      {!hide.includes("data") && <DataPanel store={store} />}
      {!hide.includes("settings") && <SettingsPanel store={store} title="What all lanes share" />}
    </>
  );
}

const POSITION = {
  steps: ["Steps", "of each lane"],
  epochs: ["Rounds", "epochs"],
  time: ["Time", "of each lane"],
} as const;

/** How far the race is, and who is ahead by which measure. */
function Standing({ state, runner }: { readonly state: State; readonly runner: Runner }) {
  const shown = runner.shown.value;
  const [plain, term] = POSITION[state.equal];
  const position = shown?.snapshot.position ?? 0;
  const unit = state.equal === "time" ? " ms" : "";
  return (
    <dl class="progress">
      <div>
        <dt>
          {plain} <span class="term">{term}</span>
        </dt>
        <dd data-value="position">
          {position.toLocaleString("en")}
          {unit}
        </dd>
      </div>
      <Ahead plain="Lowest cost now" term="training loss" runner={runner} part="training" />
      {state.testShare > 0 && <Ahead plain="Lowest in the exam" term="test loss" runner={runner} part="test" />}
    </dl>
  );
}

interface AheadProps {
  readonly plain: string;
  readonly term: string;
  readonly runner: Runner;
  readonly part: "training" | "test";
}

function Ahead({ plain, term, runner, part }: AheadProps) {
  const { lanes = [], position = 0 } = runner.shown.value?.snapshot ?? {};
  const losses = lanes.map(({ snapshot }) => snapshot?.[part]?.loss ?? Number.NaN);
  const finite = losses.filter(Number.isFinite);
  const least = Math.min(...finite);
  const first = losses.flatMap((loss, lane) => (loss === least ? [letterOf(lane)] : []));
  const text = position === 0 || finite.length === 0 ? "–" : `${first.join(" = ")}: ${scientific(least, 3)}`;
  return (
    <div>
      <dt>
        {plain} <span class="term">{term}</span>
      </dt>
      <dd data-value={`ahead-${part}`}>{text}</dd>
    </div>
  );
}

/** What holds for all lanes, and how they are compared. */
function Rules({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const { lanes } = state;
  return (
    <section class="card rules" aria-labelledby="rules-title">
      <h2 id="rules-title">Rules</h2>
      <div class="rule-fields">
        <SelectField
          words={SETTING.equal!}
          names={CHOICE.equal}
          value={state.equal}
          onChange={(equal) => store.update({ equal })}
        />
        <button
          type="button"
          disabled={lanes.length === 4}
          onClick={() => store.update({ lanes: [...lanes, lanes.at(-1) ?? {}] })}
        >
          Add a lane
        </button>
      </div>
      <p class="hint">
        All lanes have the same points in the same order, and the same network of {widthsOf(state).join("–")} units with
        its {weightCount(state)} first weights, unless a lane has an initialization of its own. What a lane has of its
        own counts, not what all share. The network is changed in the playground. Who is ahead here need not be
        elsewhere: try other seeds.
      </p>
    </section>
  );
}
