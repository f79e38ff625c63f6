/** Layers as tables of text: one report, and those of a training one after another. */
import { formatNumber } from "../check/numbers.ts";
import { textTable } from "../tensor/table.ts";
import type { LayerNumbers } from "./layers.ts";
import type { Verdict } from "./verdicts.ts";

const HEAD = ["layer", "activation", "‖w‖", "‖gradient‖", "‖update‖", "update/w", "dead", "saturated"];

const short = (x: number | undefined): string => (x === undefined ? "" : formatNumber(Number(x.toPrecision(3))));

const cellsOf = (layer: LayerNumbers): string[] => [
  `${layer.path} (${layer.type})`.trim(),
  layer.activation ?? "",
  ...[layer.weightNorm, layer.gradientNorm, layer.updateNorm, layer.updateRatio].map(short),
  layer.deadUnits === undefined ? "" : `${layer.deadUnits}/${layer.units}`,
  layer.saturatedShare === undefined ? "" : `${Math.round(100 * layer.saturatedShare)} %`,
];

export const layerTable = (layers: readonly LayerNumbers[]): string => textTable(HEAD, layers.map(cellsOf), [0, 1]);

export const nameOf = (path: string): string => `layer ${path === "" ? "of the model" : path}`;

/** A report with the number of steps that had been done. */
interface Entry {
  readonly step: number;
  readonly report: {
    readonly loss: number;
    readonly layers: readonly LayerNumbers[];
    readonly verdicts: readonly Verdict[];
  };
}

/** Reports that are shown of many: the first, the last and some spread evenly between them. */
const MOST = 12;

export function monitorTable(entries: readonly Entry[]): string {
  if (entries.length === 0) return "No reports yet.";
  const count = Math.min(MOST, entries.length);
  const shown = Array.from(
    { length: count },
    (_, i) => entries[Math.round((i * (entries.length - 1)) / Math.max(1, count - 1))] as Entry,
  );
  const rows = shown.flatMap(({ step, report }) =>
    report.layers.map((layer, i) => [...(i === 0 ? [`${step}`, short(report.loss)] : ["", ""]), ...cellsOf(layer)]),
  );
  return [
    textTable(["step", "loss", ...HEAD], rows, [2, 3]),
    ...(count < entries.length ? [`${count} of ${entries.length} reports.`] : []),
    ...summary(entries),
  ].join("\n");
}

/** What was found wrong, each once, with how often it was and from which step on. */
function summary(entries: readonly Entry[]): string[] {
  const found = new Map<string, number[]>();
  for (const { step, report } of entries) {
    for (const what of new Set(report.verdicts.map(({ kind, path }) => `${kind}: ${nameOf(path)}`))) {
      found.set(what, [...(found.get(what) ?? []), step]);
    }
  }
  if (found.size === 0) return ["All layers looked well."];
  return [...found].map(
    ([what, steps]) => `${what}, in ${steps.length} of ${entries.length} reports, first after step ${steps[0]}.`,
  );
}
