/** The state as the part of an address after "#": readable, versioned, and only what differs from the usual. */

import { change, requireConsistent } from "./derived.ts";
import { quote, Refusal } from "./fields.ts";
import { fieldOf, INITIAL, NAMES, type SettingName, type State } from "./settings.ts";
import { fitsLink } from "./table-link.ts";

const VERSION = "1";
/** Far more than the largest state needs. */
const MOST_CHARACTERS = 24_000;

/** Whether a link can hold the whole state; else it holds all but the table. */
export const linkHoldsAll = ({ data, table }: State): boolean => data !== "table" || table === null || fitsLink(table);

/** What fields write needs no escapes in an address. @example "v=1&data=xor&layers=4-2" */
export function toLink(whole: State): string {
  // A table that is not learned from is no part of what is seen.
  const state =
    whole.table !== null && (whole.data !== "table" || !linkHoldsAll(whole)) ? change(whole, { table: null }) : whole;
  const changed = NAMES.map((name) => [name, fieldOf(name).write(state[name])] as const).filter(
    ([name, text]) => text !== fieldOf(name).write(INITIAL[name]),
  );
  return [["v", VERSION], ...changed].map((pair) => pair.join("=")).join("&");
}

/** @throws Refusal that says what is wrong; nothing of a wrong link is used */
export function fromLink(link: string): State {
  // Programs that put links together leave an & at the end.
  const text = link.replace(/^#/, "").replace(/&$/, "");
  if (text === "") return INITIAL;
  if (text.length > MOST_CHARACTERS) {
    throw new Refusal(`it has ${text.length} characters, and no link of the studio has more than ${MOST_CHARACTERS}`);
  }
  const given = pairs(text);
  const version = given.get("v");
  if (version !== VERSION) {
    throw new Refusal(
      version === undefined
        ? "it is not a link of the studio: v=1 is missing"
        : `its version is ${quote(version)}, and this studio reads version ${VERSION}`,
    );
  }
  given.delete("v");
  const state: Record<string, unknown> = { ...INITIAL };
  for (const [name, value] of given) {
    if (!NAMES.includes(name as SettingName)) throw new Refusal(`there is no setting ${quote(name)}`);
    state[name] = readNamed(name as SettingName, value);
  }
  requireConsistent(state as State);
  return state as State;
}

function readNamed(name: SettingName, text: string): unknown {
  try {
    return fieldOf(name).read(text);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`${name}: ${error.message}`);
    throw error;
  }
}

/** A Map, in which "__proto__" is a name like any other. @throws Refusal for a name that comes twice, or broken escapes */
function pairs(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of text.split("&")) {
    const [name, value] = /^([^=]*)=(.*)$/s.exec(pair)?.slice(1).map(unescaped) ?? [];
    if (name === undefined || value === undefined) throw new Refusal(`${quote(pair)} is not name=value`);
    if (found.has(name)) throw new Refusal(`${quote(name)} is there twice`);
    found.set(name, value);
  }
  return found;
}

/** Mail programs and messengers escape commas and semicolons. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(`${quote(text)} has broken % escapes`);
  }
}
