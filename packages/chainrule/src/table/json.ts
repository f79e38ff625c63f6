/** Reading what was saved as JSON, with the place of what is wrong in it. */
import { DataError } from "../data/errors.ts";
import { describeValue } from "../tensor/options.ts";

/** An object of a JSON text, whose fields are checked as they are read. */
export class Fields {
  readonly #place: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @param place what error messages call it, as "TableEncoder.fromJSON: columns.2" */
  constructor(place: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new DataError(`${place} must be an object; it is ${describeValue(value)}.`);
    }
    this.#place = place;
    this.#fields = value as Record<string, unknown>;
  }

  text(key: string): string {
    return this.#as(key, "a text", (value) => typeof value === "string");
  }

  number(key: string): number {
    return this.#as(key, "a finite number", (value) => Number.isFinite(value));
  }

  positive(key: string): number {
    return this.#as(key, "a number above 0", (value) => Number.isFinite(value) && (value as number) > 0);
  }

  flag(key: string): boolean {
    return this.#as(key, "true or false", (value) => typeof value === "boolean");
  }

  texts(key: string): readonly string[] {
    const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((v) => typeof v === "string");
    const texts: readonly string[] = this.#as(key, "a list of texts", isTexts);
    const twice = texts.find((text, i) => texts.indexOf(text) !== i);
    if (twice !== undefined) throw new DataError(`${this.#place}.${key} has ${JSON.stringify(twice)} twice.`);
    return texts;
  }

  choice<T extends string>(key: string, choices: readonly T[]): T {
    const wanted = `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
    return this.#as(key, wanted, (value) => (choices as readonly unknown[]).includes(value));
  }

  choices<T extends string>(key: string, choices: readonly T[]): readonly T[] {
    const wanted = `a list of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
    const isOne = (text: string): boolean => (choices as readonly string[]).includes(text);
    return this.texts(key).every(isOne) ? (this.texts(key) as readonly T[]) : this.#as(key, wanted, () => false);
  }

  object(key: string): Fields {
    return new Fields(`${this.#place}.${key}`, this.#fields[key]);
  }

  objects(key: string): Fields[] {
    const list: readonly unknown[] = this.#as(key, "a list", Array.isArray);
    return list.map((item, i) => new Fields(`${this.#place}.${key}.${i}`, item));
  }

  has(key: string): boolean {
    return this.#fields[key] !== undefined;
  }

  #as<T>(key: string, what: string, test: (value: unknown) => boolean): T {
    const value = this.#fields[key];
    if (test(value)) return value as T;
    throw new DataError(`${this.#place}.${key} must be ${what}; it is ${describeValue(value)}.`);
  }
}
