/** How lanes are called and drawn. */
import { palette, toCSS } from "../draw/index.ts";
import { CHOICE, SETTING } from "../panels/index.ts";
import { fieldOf, isFullBatch, type Lane, RACED, type RacedName, type State } from "../state/index.ts";

export const RACED_NAMES = Object.keys(RACED) as RacedName[];

/** Lanes differ in colour and in their dashes. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [11, 3, 2, 3]];

export interface Look {
  readonly colour: string;
  readonly dash: readonly number[];
}

export const lookOf = (lane: number): Look => ({
  // The second colour is for the first lane: orange is best seen on the blue map.
  colour: toCSS(palette.value.classes[LANE_COLOURS[lane] as number] as readonly [number, number, number]),
  dash: DASHES[lane] as readonly number[],
});
const LANE_COLOURS = [0, 3, 2, 4] as const;

export const letterOf = (lane: number): string => "ABCD"[lane] as string;

/** The text of a value of a setting. */
export function textOf(name: RacedName, state: Pick<State, RacedName>): string {
  const names: Readonly<Record<string, string>> | undefined =
    name in CHOICE ? CHOICE[name as keyof typeof CHOICE] : undefined;
  const written = fieldOf(name).write(state[name]);
  return names?.[written] ?? written;
}

/** What a lane has of its own that has a meaning for it, in words. */
export function describeLane(lane: Lane, state: State): string {
  const own = RACED_NAMES.filter((name) => name in lane && matters(name, state));
  if (own.length === 0) return textOf("optimizer", state);
  const text = own.map((name) =>
    name === "optimizer" ? textOf(name, state) : `${SETTING[name]!.plain.toLowerCase()}: ${textOf(name, state)}`,
  );
  const [first = ""] = text;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...text.slice(1)].join(" · ");
}

/** Whether a setting has an effect, among others. */
function matters(name: RacedName, state: State): boolean {
  const batches = !isFullBatch(state);
  if (name === "momentum") return state.optimizer === "momentum" || state.optimizer === "nesterov";
  if (name === "decaySteps") return batches && state.schedule !== "constant";
  if (name === "penalty") return state.regularizer !== "none";
  return batches || (name !== "rate" && name !== "schedule" && name !== "batch");
}
