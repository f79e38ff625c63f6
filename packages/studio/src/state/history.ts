/** Undo and redo. */

/** What was, is, and was undone; latest last, except for `future`, whose next comes first. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last change was part of, such as one drag of a slider. */
  readonly during: string | undefined;
}

const MOST = 100;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [], during: undefined });

/** @param during changes with the same name, one after another, are undone together */
export function push<T>(history: History<T>, present: T, during?: string): History<T> {
  const joined = during !== undefined && during === history.during;
  const past = joined ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present, future: [], during };
}

export function undo<T>({ past, present, future }: History<T>): History<T> {
  const before = past.at(-1);
  if (before === undefined) return { past, present, future, during: undefined };
  return { past: past.slice(0, -1), present: before, future: [present, ...future], during: undefined };
}

export function redo<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future;
  if (next === undefined) return { past, present, future, during: undefined };
  return { past: [...past, present], present: next, future: rest, during: undefined };
}
