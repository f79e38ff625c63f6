/** Play, pause, one step, one epoch, from the start; and how it goes. */
import { useEffect, useState } from "preact/hooks";
import { isRegression, percent } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Icon } from "../ui/index.ts";
import { CHOICE } from "./words.ts";

export function Transport({ store }: { readonly store: Store }) {
  return (
    <section class="transport" aria-label="Train">
      <TransportButtons store={store} />
      <Progress store={store} />
    </section>
  );
}

export function TransportButtons({ store }: { readonly store: Store }) {
  const playing = store.playing.value;
  return (
    <div class="buttons">
      <button type="button" class="primary" onClick={() => (playing ? store.pause() : store.play())}>
        <Icon path={playing ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M7 4l13 8-13 8z"} />
        {playing ? "Pause" : "Play"}
      </button>
      <button type="button" aria-label="One step" onClick={() => store.advance({ steps: 1 })}>
        Step
      </button>
      <button type="button" aria-label="One epoch" onClick={() => store.advance({ epochs: 1 })}>
        Epoch
      </button>
      <button type="button" onClick={() => store.reset()}>
        <Icon path="M12 5V1L6 6.5 12 12V8a5 5 0 1 1-5 5H4a8 8 0 1 0 8-8z" />
        Reset
      </button>
      <label class="speed">
        <span>Speed</span>
        <select
          value={store.state.value.speed}
          onChange={(event) => store.update({ speed: event.currentTarget.value as keyof typeof CHOICE.speed })}
        >
          {Object.entries(CHOICE.speed).map(([name, text]) => (
            <option key={name} value={name} selected={name === store.state.value.speed}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const number = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : "∞");

function Progress({ store }: { readonly store: Store }) {
  const shown = store.shown.value;
  const { training, test, epoch, step } = shown?.snapshot ?? {};
  const values: [string, string, string, string][] = [
    ["Rounds", "epochs", epoch === undefined ? "–" : Number(epoch.toFixed(1)).toLocaleString("en"), "epoch"],
    ["Steps", "updates", step === undefined ? "–" : step.toLocaleString("en"), "step"],
    ["Cost", "training loss", training === undefined ? "–" : number(training.loss), "training-loss"],
  ];
  // Before the first snapshot it is not known whether there is a test set.
  const examined = shown === undefined || test !== undefined;
  if (examined) values.push(["In the exam", "test loss", test === undefined ? "–" : number(test.loss), "test-loss"]);
  if (!isRegression(store.state.value)) {
    const { accuracy } = training ?? {};
    values.push(["Right", "training accuracy", accuracy === undefined ? "–" : percent(accuracy), "accuracy"]);
    const inExam = test?.accuracy === undefined ? "–" : percent(test.accuracy);
    if (examined) values.push(["In the exam", "test accuracy", inExam, "test-accuracy"]);
  }
  return (
    <dl class="progress">
      {values.map(([plain, term, value, key]) => (
        <div key={key}>
          <dt>
            {plain} <span class="term">{term}</span>
          </dt>
          <dd data-value={key}>{value}</dd>
        </div>
      ))}
      <Spoken store={store} />
    </dl>
  );
}

/** How it goes, told at most every few seconds to who does not see it. */
function Spoken({ store }: { readonly store: Store }) {
  const [text, setText] = useState("");
  useEffect(() => {
    const tell = (): void => {
      const snapshot = store.shown.value?.snapshot;
      if (snapshot === undefined) return;
      const { epoch, training, diverged } = snapshot;
      const right = training.accuracy === undefined ? "" : `, ${percent(training.accuracy)} right`;
      setText(
        diverged ? "The training diverged." : `Epoch ${epoch.toFixed(0)}: loss ${number(training.loss)}${right}.`,
      );
    };
    const timer = setInterval(tell, 4000);
    return () => clearInterval(timer);
  }, [store]);
  return (
    <div class="unseen">
      <dt>Progress</dt>
      <dd aria-live="polite">{text}</dd>
    </div>
  );
}
