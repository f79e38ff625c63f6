/** All numbers of back-propagation, none left out. */
import type { Tensor } from "chainrule";
import type { BackpropResult, LayerPass } from "chainrule/check";
import { figure } from "../../render/numbers.ts";
import { renderTable } from "../../render/table.ts";

/** Layer by layer forwards, and then backwards. */
export function everyNumber({ layers, loss, gradInput }: BackpropResult): string {
  const forwards = layers.map((layer) => [titleOf(layer), shown("z", layer.z), shown("a", layer.a)].join("\n"));
  const backwards = layers
    .toReversed()
    .map((layer) =>
      [
        titleOf(layer),
        shown("∂L/∂a", layer.gradA),
        shown("δ = ∂L/∂z", layer.delta),
        ...Object.entries(layer.gradients).map(([name, gradient]) => shown(`∂L/∂${name}`, gradient)),
      ].join("\n"),
    );
  return [
    "Every number, forwards",
    ...forwards,
    `L = ${figure(loss.itemSync(), 6)}`,
    "",
    "Every number, backwards",
    ...backwards,
    ...(gradInput === undefined ? [] : [shown("∂L/∂x", gradInput)]),
  ].join("\n");
}

const titleOf = ({ path, type, activations }: LayerPass): string =>
  `Layer ${[path === "" ? type : `${path} (${type})`, ...activations.map((f) => f.type)].join(" → ")}`;

/** Numbers in a line. */
const ACROSS = 8;

function shown(name: string, t: Tensor): string {
  // Adding 0 takes the sign from −0.
  const cells = Array.from(t.dataSync(), (x) => figure(Number(x) + 0, 6));
  const width = t.shape.at(-1) ?? 1;
  const lines: string[][] = [];
  for (let row = 0; row < cells.length; row += width) {
    for (let from = row; from < row + width; from += ACROSS) {
      const place = t.rank < 2 || cells.length === width ? `${from}` : `${row / width}, ${from - row}`;
      lines.push([place, ...cells.slice(from, Math.min(from + ACROSS, row + width))]);
    }
  }
  return `  ${name} [${t.shape.join(", ")}]\n${renderTable(lines, { indent: "    " })}`;
}
