/** The kinds of settings: what each may be, how it is written in a link, and why a text is refused. */

/** What is wrong with a text that should be a setting, in words for the visitor. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** One setting. `read` undoes `write`; nobody else decides what is valid. */
export interface Field<T> {
  readonly initial: T;
  /** @throws Refusal with the reason */
  read(text: string): T;
  write(value: T): string;
}

/**
 * A visitor's text without what would break its line or turn it around, and without what an XML file cannot hold: halves of surrogate
 * pairs, U+FFFE and U+FFFF (https://www.w3.org/TR/xml/#charsets).
 */
export const oneLine = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, "�");

/** A visitor's text in a message: short, and on one line. */
export function quote(text: string): string {
  const line = oneLine(text);
  return `“${line.length > 40 ? `${line.slice(0, 40)}…` : line}”`;
}

/** One of some names. */
export function choice<const N extends string>(names: readonly N[], initial: NoInfer<N>): Field<N> {
  return {
    initial,
    read: (text) => {
      const found = names.find((name) => name === text);
      if (found === undefined) throw new Refusal(`${quote(text)} is none of ${names.join(", ")}`);
      return found;
    },
    write: (name) => name,
  };
}

/** Some of some names, at least `least` of them, in the order of `names`. */
export function choices<const N extends string>(
  names: readonly N[],
  initial: readonly NoInfer<N>[],
  least: number,
): Field<readonly N[]> {
  const one = choice(names, names[0] as N);
  return {
    initial,
    read: (text) => {
      const chosen = new Set(text === "" ? [] : text.split(",", names.length + 1).map(one.read));
      if (chosen.size < least) throw new Refusal(`at least ${least} of ${names.join(", ")} is needed`);
      return names.filter((name) => chosen.has(name));
    },
    write: (chosen) => chosen.join(","),
  };
}

export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** As JSON writes numbers. */
const NUMBER = /^-?\d{1,24}(\.\d{1,24})?(e[+-]?\d{1,3})?$/;

/** A number within limits. */
export function number(initial: number, { least, most }: Limits): Field<number> & Limits {
  return {
    initial,
    least,
    most,
    read: (text) => {
      const value = Number(text);
      if (!NUMBER.test(text)) throw new Refusal(`${quote(text)} is not a number such as 0.1`);
      if (!(value >= least && value <= most)) throw new Refusal(`${quote(text)} is not between ${least} and ${most}`);
      return value === 0 ? 0 : value;
    },
    write: String,
  };
}

/** A whole number within limits. */
export function integer(initial: number, limits: Limits): Field<number> & Limits {
  const plain = number(initial, limits);
  return {
    ...plain,
    read: (text) => {
      const value = plain.read(text);
      if (!Number.isInteger(value)) throw new Refusal(`${quote(text)} is not a whole number`);
      return value;
    },
  };
}

/** Up to `most` things of one kind, with something between them. */
export function several<T>(
  one: Omit<Field<T>, "initial">,
  between: string,
  most: number,
  initial: readonly T[],
): Field<readonly T[]> {
  return {
    initial,
    read: (text) => {
      // One more than allowed, so that a hostile text does not become a long array.
      const parts = text === "" ? [] : text.split(between, most + 1);
      if (parts.length > most) throw new Refusal(`there are more than ${most}`);
      return parts.map((part) => one.read(part));
    },
    write: (all) => all.map((each) => one.write(each)).join(between),
  };
}

/** Exactly so many things of one kind, with commas between them. */
export function list<T>(count: number, one: Omit<Field<T>, "initial">, initial: readonly T[]): Field<readonly T[]> {
  const any = several(one, ",", count, initial);
  return {
    ...any,
    read: (text) => {
      const values = any.read(text);
      if (values.length !== count) throw new Refusal(`there are ${values.length} in place of ${count}`);
      return values;
    },
  };
}

/** Zeros and ones, one of some numbers of them. */
export function bits(counts: readonly number[], initial: readonly number[]): Field<readonly number[]> {
  return {
    initial,
    read: (text) => {
      if (!/^[01]*$/.test(text) || !counts.includes(text.length))
        throw new Refusal(`${quote(text)} is not ${counts.join(" or ")} digits, each 0 or 1`);
      return Array.from(text, Number);
    },
    write: (values) => values.join(""),
  };
}

/** Floats of 32 bits as base64url, or none. */
export function floats(most: number): Field<readonly number[] | null> {
  return {
    initial: null,
    read: (text) => {
      if (text === "") return null;
      if (text.length > Math.ceil((most * 16) / 3) + 4) throw new Refusal(`there are more than ${most} numbers`);
      if (!/^[\w-]+$/.test(text)) throw new Refusal("the weights are not in base64url");
      const bytes = Uint8Array.from(decode64(text), (character) => character.charCodeAt(0));
      if (bytes.length % 4 !== 0) throw new Refusal("the weights are cut off");
      const view = new DataView(bytes.buffer);
      const values = Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
      if (!values.every(Number.isFinite)) throw new Refusal("a weight is not a finite number");
      return values;
    },
    write: (values) => {
      if (values === null) return "";
      const view = new DataView(new ArrayBuffer(4 * values.length));
      values.forEach((value, i) => {
        view.setFloat32(4 * i, value, true);
      });
      const binary = String.fromCharCode(...new Uint8Array(view.buffer));
      return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    },
  };
}

function decode64(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw new Refusal("the weights are cut off");
  }
}
