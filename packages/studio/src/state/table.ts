/** The visitor's own table: its columns, what each is used for, and what follows from that. */
import { EXTENT, MOST_CLASSES, MOST_MORE } from "./limits.ts";

/** x, y, and the class or the value there. */
export type Point = readonly [x: number, y: number, target: number];

export interface TableColumn {
  readonly name: string;
  /** NaN where there is none; of words, their positions in `words`. */
  readonly values: Float64Array;
  /** Undefined for a column of numbers. */
  readonly words?: readonly string[];
}

/** Where a table came from. It is not part of a link. */
export interface TableSource {
  readonly name: string;
  /** What a reader should know of how it was read. */
  readonly notes: readonly string[];
  /** Columns that cannot be used, and why. */
  readonly unused: readonly { readonly name: string; readonly reason: string }[];
  /** The lines on which the rows begin. */
  readonly lines: Int32Array;
}

/** Never changed. Columns are named by their position. */
export interface OwnTable {
  readonly columns: readonly TableColumn[];
  readonly x: number;
  readonly y: number;
  /** What shall be predicted. */
  readonly target: number;
  readonly task: "classes" | "value";
  /** Inputs besides x and y. */
  readonly more: readonly number[];
  readonly source?: TableSource;
}

export type Role = "x" | "y" | "target";
const ROLES: readonly Role[] = ["x", "y", "target"];

const columnAt = ({ columns }: OwnTable, at: number): TableColumn => columns[at] as TableColumn;

/** Whether a column can be an input: the network takes numbers. */
export const isInput = ({ words }: TableColumn): boolean => words === undefined;

/** The different numbers of a column, in order; undefined if there are more than can be classes. */
const levels = remember(({ values }: TableColumn): readonly number[] | undefined => {
  const found = new Set<number>();
  for (const value of values) {
    if (!Number.isNaN(value)) found.add(value);
    if (found.size > MOST_CLASSES) return undefined;
  }
  return [...found].sort((a, b) => a - b);
});

/** How a column can be learned, the likeliest way first: words as classes, few whole numbers too, other numbers as values. */
export function tasksOf(column: TableColumn): readonly OwnTable["task"][] {
  if (column.words !== undefined) return ["classes"];
  const few = levels(column);
  if (few === undefined || few.length < 2) return ["value"];
  return few.every(Number.isInteger) && 2 * few.length <= column.values.length
    ? ["classes", "value"]
    : ["value", "classes"];
}

/** The names of the classes, where there are some. */
export function classNames(table: OwnTable): readonly string[] | undefined {
  if (table.task === "value") return undefined;
  const column = columnAt(table, table.target);
  return column.words ?? levels(column)?.map(String);
}

/** What tables call the column that is to be predicted. */
const TARGET_NAME = /^(class|label|target|species|category|group|outcome|output)$/i;

/** A table with the likeliest roles. @param inputs columns of numbers that say something, the best first; at least two */
export function suggest(columns: readonly TableColumn[], inputs: readonly number[], source?: TableSource): OwnTable {
  const words = columns.findLastIndex((column) => !isInput(column));
  const named = columns.findLastIndex(({ name }) => TARGET_NAME.test(name));
  // Tables mostly have what is to be predicted last.
  const target = named >= 0 ? named : words >= 0 ? words : Math.max(...inputs);
  const [x, y] = inputs.filter((at) => at !== target) as [number, number];
  const [task] = tasksOf(columns[target] as TableColumn) as [OwnTable["task"]];
  return { columns, x, y, target, task, more: [], ...(source === undefined ? {} : { source }) };
}

/** The table with a column in a role. One that had another role changes places; undefined if that is not possible. */
export function withRole(table: OwnTable, role: Role, column: number): OwnTable | undefined {
  const roles = { x: table.x, y: table.y, target: table.target, [role]: column };
  const other = ROLES.find((each) => each !== role && table[each] === column);
  if (role !== "target" && !isInput(columnAt(table, column))) return undefined;
  if (other !== undefined) {
    const left = table[role];
    const taken = Object.values(roles);
    const free = table.columns.findIndex((each, at) => isInput(each) && !taken.includes(at));
    roles[other] = other === "target" || isInput(columnAt(table, left)) ? left : free;
    if (roles[other] < 0) return undefined;
  }
  const more = table.more.filter((at) => !Object.values(roles).includes(at));
  const [task] = tasksOf(columnAt(table, roles.target)) as [OwnTable["task"]];
  return { ...table, ...roles, more, task: roles.target === table.target ? table.task : task };
}

/** Columns that could be inputs besides x and y. */
export const offered = (table: OwnTable): number[] =>
  table.columns.flatMap((column, at) => (isInput(column) && ROLES.every((role) => table[role] !== at) ? [at] : []));

/** The table with a column as one more input, or no longer. */
export function withMore(table: OwnTable, column: number, on: boolean): OwnTable {
  const more = offered(table).filter((at) => (at === column ? on : table.more.includes(at)));
  return { ...table, more: more.slice(0, MOST_MORE) };
}

/** What a value is in the picture: value = mean + unit · place, and the deviation tells how far it reaches. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
  readonly unit: number;
}

/** A table as it is learned from. */
export interface UsedRows {
  /** The rows in which all columns that are used have a value. */
  readonly rows: Int32Array;
  /** In the units of the picture. */
  readonly points: readonly Point[];
  /** The further inputs of each of these rows, likewise. */
  readonly more: readonly (readonly number[])[];
  readonly x: Scale;
  readonly y: Scale;
  /** Of a value, which is learned from −1 to 1; undefined for classes. */
  readonly target: Scale | undefined;
}

/** Points stay off the edges of the picture. */
const REACH = 0.9 * EXTENT;

export const usedRows: (table: OwnTable) => UsedRows = remember((table: OwnTable): UsedRows => {
  const inputs = [table.x, table.y, ...table.more].map((at) => columnAt(table, at).values);
  const target = columnAt(table, table.target);
  const all = [...inputs, target.values];
  const rows = Int32Array.from(target.values.keys()).filter((row) => all.every((values) => !Number.isNaN(values[row])));
  const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] as number);
  const used = inputs.map((values) => scaled(take(values), REACH));
  const value = table.task === "value" ? valued(take(target.values)) : undefined;
  const classes = target.words === undefined ? new Map(levels(target)?.map((level, i) => [level, i])) : undefined;
  const labels = value?.places ?? take(target.values).map((number) => classes?.get(number) ?? number);
  const [x, y, ...more] = used as [Placed, Placed, ...Placed[]];
  return {
    rows,
    points: Array.from(rows, (_, i): Point => [x.places[i] as number, y.places[i] as number, labels[i] as number]),
    more: Array.from(rows, (_, i) => more.map(({ places }) => places[i] as number)),
    x: x.scale,
    y: y.scale,
    target: value?.scale,
  };
});

interface Placed {
  readonly scale: Scale;
  readonly places: Float64Array;
}

/**
 * Standardized, in units in which the farthest value is `reach` away: a choice of the picture's axes rather than something
 * learned, so test rows count too.
 */
function scaled(values: Float64Array, reach: number): Placed {
  const { mean, deviation } = momentsOf(values);
  const farthest = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const unit = farthest === 0 ? 1 : farthest / reach;
  return { scale: { mean, deviation, unit }, places: values.map((value) => (value - mean) / unit) };
}

/** From −1, the least, to 1. */
function valued(values: Float64Array): Placed {
  const [least, most] = [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const [mean, unit] = [least / 2 + most / 2, (most - least) / 2 || 1];
  const places = values.map((value) => Math.max(-1, Math.min(1, (value - mean) / unit)));
  return { scale: { ...momentsOf(values), mean, unit }, places };
}

/** The deviation has the divisor n. */
function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  // A running mean, since a sum of large numbers would lose the small ones.
  const mean = values.reduce((sum, value, i) => sum + (value - sum) / (i + 1), 0);
  const variance = values.reduce((sum, value, i) => sum + ((value - mean) ** 2 - sum) / (i + 1), 0);
  return { mean, deviation: Math.sqrt(variance) };
}

export const toReal = ({ mean, unit }: Scale, place: number): number => mean + unit * place;
export const toPlace = ({ mean, unit }: Scale, value: number): number => (value - mean) / unit;

/** What is used as a table of its own: x, y, further inputs, the target, of which classes have names; and the rows that are. */
export function usedPart(table: OwnTable): OwnTable {
  const { rows, points } = usedRows(table);
  const inputs = [table.x, table.y, ...table.more].map((at): TableColumn => taken(columnAt(table, at), rows));
  const [target, words] = [columnAt(table, table.target), classNames(table)];
  const labelled = { name: target.name, values: Float64Array.from(points, ([, , label]) => label) };
  const columns = [...inputs, words === undefined ? taken(target, rows) : { ...labelled, words }];
  return { columns, x: 0, y: 1, target: inputs.length, task: table.task, more: table.more.map((_, i) => i + 2) };
}

const taken = ({ name, values }: TableColumn, rows: Int32Array): TableColumn => ({
  name,
  values: Float64Array.from(rows, (row) => values[row] as number),
});

/** Rows that are not used since a column that is has no value there, and where the first of them is. */
export function leftOut(table: OwnTable): { count: number; line: number | undefined; column: string } | undefined {
  const used = new Set(usedRows(table).rows);
  const rows = columnAt(table, table.target).values.length;
  const count = rows - used.size;
  if (count === 0) return undefined;
  const first = Array.from({ length: rows }, (_, row) => row).find((row) => !used.has(row)) as number;
  const empty = [table.x, table.y, ...table.more, table.target].find((at) =>
    Number.isNaN(columnAt(table, at).values[first]),
  );
  return { count, line: table.source?.lines[first], column: columnAt(table, empty ?? table.target).name };
}

/** Computes what follows from an object once. */
function remember<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key) ?? { value: compute(key) };
    known.set(key, found);
    return found.value;
  };
}
