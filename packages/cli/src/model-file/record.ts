/** What a model file tells of its training: what `chainrule train` has written, as far as it is there and of its kind. */
import type { ModelFile } from "chainrule/io";

/** Every field may be missing: a model saved by a program of someone's own has whatever record that gave it. */
export interface TrainingRecord {
  /** "chainrule train" */
  readonly madeBy: string | undefined;
  /** Of what ran, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly data: RecordedData | undefined;
  /** Rows learned from, and rows held back for the test. */
  readonly rows: { readonly train: number; readonly test: number } | undefined;
  readonly target: string | undefined;
  /** Those that change the result, in commander's names. */
  readonly options: Fields;
  readonly choices: readonly RecordedChoice[];
  /** An object of numbers for each epoch. */
  readonly history: readonly Readonly<Record<string, number>>[];
  readonly epochs: number | undefined;
  /** Whether the network was trained anew on all rows when `history` had told for how long. */
  readonly refitted: boolean;
  readonly bestEpoch: number | undefined;
  /** Why training ended. */
  readonly stopped: string | undefined;
  readonly validation: { readonly loss: number | undefined; readonly score: number | undefined };
  /** What someone would say who knows nothing: the most frequent class, by number, or the mean of the training rows. */
  readonly baseline: number | undefined;
  /** The assessment on the test rows, as assess/ makes it. */
  readonly test: Fields | undefined;
  /** The record itself. */
  readonly all: ModelFile["record"];
}

export interface RecordedData {
  /** The path as it was given, relative to the working folder of then. */
  readonly file: string;
  readonly sha256: string | undefined;
  readonly rows: number | undefined;
}

export interface RecordedChoice {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function parseRecord(all: ModelFile["record"]): TrainingRecord {
  const { data, rows, choices, history, validation, test, versions } = all as Fields;
  const counts = fieldsOf(rows);
  const [train, held] = [number(counts.train), number(counts.test)];
  const scores = fieldsOf(validation);
  return {
    madeBy: text(all.made_by),
    versions: only(versions, text),
    data: dataOf(fieldsOf(data)),
    rows: train === undefined || held === undefined ? undefined : { train, test: held },
    target: text(all.target),
    options: fieldsOf(all.options),
    choices: listOf(choices).flatMap(({ name, value, reason }) =>
      typeof name === "string" && typeof value === "string" && typeof reason === "string"
        ? [{ name, value, reason }]
        : [],
    ),
    history: listOf(history).map((log) => only(log, number)),
    epochs: number(all.epochs),
    refitted: all.refitted === true,
    bestEpoch: number(all.best_epoch),
    stopped: text(all.stopped),
    validation: { loss: number(scores.loss), score: number(scores.score) },
    baseline: number(all.baseline),
    test: isFields(test) ? test : undefined,
    all,
  };
}

function dataOf({ file, sha256, rows }: Fields): RecordedData | undefined {
  return typeof file === "string" ? { file, sha256: text(sha256), rows: number(rows) } : undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (Number.isFinite(value) ? (value as number) : undefined);

/** Those entries of an object that are of a kind. */
const only = <T>(value: unknown, read: (entry: unknown) => T | undefined): Readonly<Record<string, T>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([key, entry]) => {
      const found = read(entry);
      return found === undefined ? [] : [[key, found]];
    }),
  );
