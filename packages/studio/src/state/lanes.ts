/** Lanes of a race in a link: "optimizer:sgd,rate:0.1;optimizer:adam". */
import { type Field, quote, Refusal, several } from "./fields.ts";

const [LEAST, MOST] = [2, 4];

/** Some of some settings. */
export type Lanes<T> = readonly { readonly [K in keyof T]?: T[K] }[];

/** Lanes that each have some settings of their own, read and written as these are. */
export function lanesOf<T extends Record<string, unknown>>(
  fields: { readonly [K in keyof T]: Field<T[K]> },
  initial: NoInfer<Lanes<T>>,
): Field<Lanes<T>> {
  const names: readonly (keyof T & string)[] = Object.keys(fields);
  const lane = {
    read(text: string): Lanes<T>[number] {
      const found = new Map<string, unknown>();
      for (const part of text === "" ? [] : text.split(",", names.length + 1)) {
        const [, written, value = ""] = /^(\w+):(.*)$/.exec(part) ?? [];
        const name = names.find((each) => each === written);
        if (name === undefined) {
          throw new Refusal(`${quote(part)} is not one of ${names.join(", ")} with a value, such as rate:0.1`);
        }
        if (found.has(name)) throw new Refusal(`a lane has ${quote(name)} twice`);
        found.set(name, fields[name].read(value));
      }
      const given = names.filter((name) => found.has(name));
      return Object.fromEntries(given.map((name) => [name, found.get(name)])) as Lanes<T>[number];
    },
    write: (settings: Lanes<T>[number]) =>
      names
        .filter((name) => name in settings)
        .map((name) => `${name}:${fields[name].write(settings[name] as T[keyof T & string])}`)
        .join(","),
  };
  const plain = several(lane, ";", MOST, initial);
  return {
    ...plain,
    read: (text) => {
      const lanes = plain.read(text);
      if (lanes.length < LEAST) throw new Refusal(`a race needs ${LEAST} to ${MOST} lanes, with ; between them`);
      return lanes;
    },
  };
}
