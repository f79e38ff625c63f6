/** What a guided idea is made of. Nothing here or in `content/` touches the page, so that tests train what is claimed. */
import type { BooleanNetwork, Descent, Hill, Snapshot, Towers, Walk } from "../engine/index.ts";
import { fieldOf, type IdeaName, INITIAL, isShown, NAMES, type SettingName, type State } from "../state/index.ts";
import type { Curves } from "../store/index.ts";

/** Parts of the studio, and experiments of the ideas' own. */
export type PanelName =
  | "transport"
  | "network"
  | "surface"
  | "curves"
  | "unit"
  | "weights"
  | "table"
  | "towers"
  | "hill"
  | "spread";

/** Words. `{…}` is an exact term beside the plain one, `$…$` a formula, `*…*` is stressed. */
export type Prose = string;

export interface Idea {
  readonly name: IdeaName;
  /** A claim or a question. */
  readonly title: string;
  /** One sentence for the list. */
  readonly gist: Prose;
  /** For the list, in TeX. */
  readonly formula: string;
  readonly steps: readonly Step[];
  /** What these pages leave out. */
  readonly limits: Prose;
}

export interface Step {
  readonly title: string;
  readonly text: readonly Prose[];
  /** In TeX, line by line. */
  readonly formula?: readonly string[];
  /** What "Show me" sets; all other settings become the usual ones. */
  readonly show: Partial<State>;
  readonly task: Prose;
  readonly expect: Prose;
  readonly check: Check;
  readonly panels: readonly PanelName[];
  /** Settings that can be changed beside the task. */
  readonly knobs?: readonly SettingName[];
  readonly hill?: HillPlan;
  /** A race of several trainings that shows the same: its lanes, and what else differs from the step's settings. */
  readonly race?: Partial<State> & Pick<State, "lanes">;
  /** Whether the gradient flow shows what the step is about, number by number. */
  readonly flow?: true;
}

/** A walk down a hill, and others to compare it with. */
export interface HillPlan {
  readonly hill: Hill;
  readonly start: readonly [u: number, v: number];
  readonly steps: number;
  /** How far the picture reaches in u and v. */
  readonly reach: readonly [u: number, v: number];
  readonly walks: (state: State) => readonly NamedWalk[];
}
export type NamedWalk = Walk & { readonly name: string };

/** What a check looks at. */
export interface Seen {
  readonly state: State;
  /** The state as the step was opened, or set up by "Show me": what differs is the visitor's doing. */
  readonly begun: State;
  readonly snapshot: Snapshot;
  readonly curves: Curves;
  readonly results: Results;
}

/** What the experiments gave last, each with what it was asked; of walks also the step up to which they are shown. */
export interface Results {
  readonly table?: { readonly of: readonly number[]; readonly network: BooleanNetwork };
  readonly towers?: { readonly of: readonly number[]; readonly count: number; readonly towers: Towers };
  readonly hill?: {
    readonly of: readonly Walk[];
    readonly hill: Hill;
    readonly descent: Descent;
    readonly until: number;
  };
  readonly spread?: readonly Spread[];
}

/** Of networks with so many hidden units: the means over the line. */
export interface Spread {
  readonly units: number;
  readonly bias: number;
  readonly variance: number;
}

export interface Finding {
  readonly met: boolean;
  /** What is there now, in a few words. */
  readonly said: string;
}

export interface Check {
  readonly claim: Prose;
  /** What must be set for it to mean something; the step's state, if not told. */
  readonly needs?: Partial<State>;
  /** The setting that the visitor has to change before it can be met. */
  readonly changes?: SettingName;
  /** Undefined while what it looks at is not there. */
  readonly look: (seen: Seen) => Finding | undefined;
}

/** Of what is only drawn, a step sets this back too, for it is seen beside the step. */
const SEEN_HERE: ReadonlySet<SettingName> = new Set(["speed", "showTest", "decision", "landscape", "hide"]);

/** The changes that lead to a step's state from any other: what is usual, but for what the step sets. */
export const settingsOf = (show: Partial<State>): Partial<State> => ({
  ...Object.fromEntries(
    NAMES.filter((name) => !isShown(name) || SEEN_HERE.has(name)).map((name) => [name, INITIAL[name]]),
  ),
  ...show,
});

const same = (name: SettingName, a: unknown, b: unknown): boolean => fieldOf(name).write(a) === fieldOf(name).write(b);

/** Whether a state has these settings. */
export const has = (state: State, settings: Partial<State>): boolean =>
  (Object.keys(settings) as SettingName[]).every((name) => same(name, state[name], settings[name]));

/** What decides how a walk goes. */
const OF_WALKS: readonly SettingName[] = ["optimizer", "rate", "momentum", "schedule", "decaySteps"];
/** What decides how a training goes, but for the luck of its start; and of tables it is enough to know that none is used. */
const OF_TRAININGS: readonly SettingName[] = NAMES.filter(
  (name) => !isShown(name) && name !== "table" && name !== "seed",
);

/** What must be as a step sets it: all that matters to what it shows, but for what the visitor may change there. */
function fixedIn({ show, hill, panels, knobs = [] }: Step): readonly SettingName[] {
  const free: readonly SettingName[] = panels.includes("network") ? [...knobs, "layers", "weights"] : knobs;
  const all = hill !== undefined ? OF_WALKS : show.data !== undefined ? ([...OF_TRAININGS, "hide"] as const) : [];
  return all.filter((name) => !free.includes(name));
}

/** Whether what a step is about is there, and not the walk or the training of another step. */
export function isSetUp(state: State, step: Step): boolean {
  const wanted = settingsOf(step.show);
  // The visitor may change such weights, but there must be some.
  if (wanted.weights !== null && state.weights === null) return false;
  return fixedIn(step).every((name) => same(name, state[name], wanted[name]));
}

/** Whether the settings are those that a check needs. How a training is drawn does not matter. */
export function hasNeeds(state: State, step: Step): boolean {
  const { needs, changes } = step.check;
  if (needs !== undefined) return isSetUp(state, step) && has(state, needs);
  const names = (Object.keys(step.show) as SettingName[]).filter((name) => !isShown(name) && name !== changes);
  return isSetUp(state, step) && names.every((name) => same(name, state[name], step.show[name]));
}

/** What a check finds, if what it needs is set. */
export function lookAt(step: Step, seen: Seen): Finding | undefined {
  if (!hasNeeds(seen.state, step)) return undefined;
  const { look, changes } = step.check;
  const found = look(seen);
  if (found === undefined || changes === undefined || !same(changes, seen.state[changes], seen.begun[changes]))
    return found;
  return { met: false, said: found.met ? `${found.said}, before any change of yours` : found.said };
}
