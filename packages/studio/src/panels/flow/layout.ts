/** Where the nodes of a flow graph stand: columns from the input to the loss, biases above them and weights below. */
import type { FlowEdge, FlowNode, FlowTrace } from "../../engine/index.ts";
import { heightOf, widthOf } from "./sizes.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The name of a layer above its first column. */
export interface Heading {
  readonly text: string;
  readonly left: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** By the places of nodes. */
  readonly boxes: readonly Box[];
  readonly headings: readonly Heading[];
  /** How the line of each edge goes, as SVG writes it, and where its label stands. */
  readonly lines: readonly Line[];
}

export interface Line {
  readonly path: string;
  readonly x: number;
  readonly y: number;
  /** Whether the label stands above a line that goes across, or right of one that goes up or down. */
  readonly upright: boolean;
}

const HEADING = 26;
const GAP = { across: 12, down: 34 } as const;
const EDGE = 6;
/** Of the labels' letters. */
const LETTER = 5.6;

/** Where a node stands: its column, and its row in it: 0 in the middle, above negative. */
interface Place {
  readonly column: number;
  readonly row: number;
}

export function layoutOf(trace: FlowTrace): Layout {
  const { nodes, edges } = trace;
  const places = placesOf(trace);
  const columns = 1 + Math.max(...places.map(({ column }) => column));
  const rows = places.map(({ row }) => row);
  const [first, last] = [Math.min(...rows), Math.max(...rows)];
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...nodes.map((node, i) => (places[i]?.column === column ? widthOf(node) : 0))),
  );
  const lefts = [EDGE];
  for (let column = 1; column < columns; column++) {
    const between = gapBefore(column, places, edges);
    lefts.push((lefts[column - 1] as number) + (widths[column - 1] as number) + between);
  }
  const tops = new Map<number, number>();
  const heights = new Map<number, number>();
  let top = HEADING;
  for (let row = first; row <= last; row++) {
    heights.set(row, Math.max(0, ...nodes.map((node, i) => (places[i]?.row === row ? heightOf(node) : 0))));
    tops.set(row, top);
    top += GAP.down + (heights.get(row) as number);
  }
  const boxes = nodes.map((node, i): Box => {
    const { column, row } = places[i] as Place;
    const [width, height] = [widthOf(node), heightOf(node)];
    // In the middle row centred, so that lines are straight; above it at the bottom, below it at the top, so that they are short.
    const rest = ((heights.get(row) as number) - height) * (row < 0 ? 1 : row === 0 ? 0.5 : 0);
    const left = (lefts[column] as number) + ((widths[column] as number) - width) / 2;
    return { left, top: (tops.get(row) as number) + rest, width, height };
  });
  const penalized = nodes.some(({ kind }) => kind === "penalty");
  const height = top - GAP.down + (penalized ? 36 : 6);
  return {
    width: (lefts.at(-1) as number) + (widths.at(-1) as number) + EDGE,
    height,
    boxes,
    headings: headingsOf(nodes, boxes),
    lines: edges.map((edge) => lineOf(edge, nodes, boxes, places, height)),
  };
}

/** From the input on, each a column after the last that it is made with. */
function placesOf({ nodes, edges }: FlowTrace): Place[] {
  const columns: number[] = [];
  const given = (node: FlowNode): boolean => ["parameter", "target", "penalty"].includes(node.kind);
  for (const node of nodes) {
    const before = edges.filter(({ to, from }) => to === node.id && !given(nodes[from] as FlowNode));
    columns[node.id] = before.reduce((most, { from }) => Math.max(most, (columns[from] as number) + 1), 0);
  }
  const loss = nodes.findIndex(({ kind }) => kind === "loss");
  const taken = new Map<string, boolean>();
  const free = (column: number, from: number, step: number): Place => {
    let row = from;
    while (taken.has(`${column} ${row}`)) row += step;
    taken.set(`${column} ${row}`, true);
    return { column, row };
  };
  const places: Place[] = [];
  for (const node of nodes) if (!given(node)) places[node.id] = free(columns[node.id] as number, 0, 1);
  for (const node of nodes) {
    if (!given(node)) continue;
    const isBias = node.kind === "target" || node.value.shape.length === 1;
    const user = edges.find(({ from, to }) => from === node.id && nodes[to]?.kind !== "penalty")?.to;
    const column = node.kind === "penalty" ? (columns[loss] as number) : (columns[user ?? 0] as number);
    const above = isBias && node.kind !== "penalty" && !taken.has(`${column} -1`);
    places[node.id] = above ? free(column, -1, -1) : free(column, 1, 1);
  }
  return places;
}

/** Room for the labels of the edges that end in a column. */
function gapBefore(column: number, places: readonly Place[], edges: readonly FlowEdge[]): number {
  const labels = edges
    .filter(({ from, to }) => places[to]?.column === column && (places[from] as Place).column < column)
    .filter(({ to }) => places[to]?.row === 0)
    .map(({ label }) => label.length * LETTER);
  return GAP.across + Math.max(18, ...labels);
}

function headingsOf(nodes: readonly FlowNode[], boxes: readonly Box[]): Heading[] {
  const lefts = new Map<string, number>();
  nodes.forEach(({ group, kind }, i) => {
    const { left } = boxes[i] as Box;
    if (group === "" || kind === "parameter") return;
    lefts.set(group, Math.min(lefts.get(group) ?? left, left));
  });
  return [...lefts].map(([text, left]) => ({ text, left }));
}

function lineOf(
  { from, to }: FlowEdge,
  nodes: readonly FlowNode[],
  boxes: readonly Box[],
  places: readonly Place[],
  height: number,
): Line {
  const [a, b] = [boxes[from] as Box, boxes[to] as Box];
  const [p, q] = [places[from] as Place, places[to] as Place];
  const across = (box: Box): number => box.left + box.width / 2;
  const down = (box: Box): number => box.top + box.height / 2;
  if (nodes[to]?.kind === "penalty") {
    // Along the bottom, and up.
    const y = height - 8;
    const x = a.left + 12;
    const end = across(b);
    return {
      path: `M${x},${a.top + a.height} V${y} H${end} V${b.top + b.height}`,
      x: x + 6,
      y: a.top + a.height + 13,
      upright: true,
    };
  }
  if (p.column === q.column) {
    const isAbove = p.row < q.row;
    const [start, end] = isAbove ? [a.top + a.height, b.top] : [a.top, b.top + b.height];
    const x = across(a);
    return { path: `M${x},${start} V${end}`, x: x + 6, y: (start + end) / 2, upright: true };
  }
  const [x1, y1, x2, y2] = [a.left + a.width, down(a), b.left, down(b)];
  const blocked = q.column - p.column > 1 && p.row === q.row;
  const bend = blocked ? Math.max(a.height, b.height) : 0;
  const middle = (x1 + x2) / 2;
  const path =
    y1 === y2 && !blocked
      ? `M${x1},${y1} H${x2}`
      : `M${x1},${y1} C${middle},${y1 + bend} ${middle},${y2 + bend} ${x2},${y2}`;
  return { path, x: middle, y: (y1 + y2) / 2 + 0.75 * bend - 7, upright: false };
}
