/** Figures: drawn by Observable Plot without a browser, and written as inline SVG with words and numbers beside them. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Content, Html, html } from "./html.ts";

export interface Figure {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen in it, for those who cannot see it, and for those who can. */
  readonly description: string;
  readonly plot: Plot.PlotOptions;
  /** Which mark is what. */
  readonly legend?: Html;
  /** The figure's numbers. */
  readonly numbers?: Html;
}

/** In the units of the figure's own coordinates; a phone's width, so that its letters are never small. */
export const WIDTH = 400;

const { document } = parseHTML("<!doctype html><html></html>");

export function figure({ id, title, description, plot, legend, numbers }: Figure): Html {
  const drawn = Plot.plot({
    width: WIDTH,
    height: 260,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 42,
    ...plot,
    document: document as unknown as Document,
  }) as unknown as SVGSVGElement;
  return html`<figure class="figure">
<figcaption>${title}</figcaption>
${legend}${pictureOf(drawn, id, title, description)}
<p class="what">${description}</p>
${numbers === undefined ? undefined : html`<details><summary>Numbers<span class="unseen"> of the figure “${title}”</span></summary>${numbers}</details>`}
</figure>
`;
}

/** Attributes that hold coordinates, which Plot writes with 16 digits. */
const COORDINATES = ["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform"];

function pictureOf(svg: SVGSVGElement, id: string, title: string, description: string): Html {
  for (const style of svg.querySelectorAll("style")) style.remove();
  // The page sizes and dresses it; the ratio of its sides is in the viewBox.
  for (const attribute of ["class", "width", "height", "font-size", "font-family"]) svg.removeAttribute(attribute);
  for (const element of [...svg.querySelectorAll("*")]) {
    // What assistive technology hears is the title and the description alone.
    element.removeAttribute("aria-label");
    for (const attribute of COORDINATES) {
      const value = element.getAttribute(attribute);
      if (value !== null) element.setAttribute(attribute, value.replace(/-?\d+\.\d{2,}/g, rounded));
    }
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-labelledby", `${id}-title ${id}-description`);
  const words = [
    ["title", title],
    ["desc", description],
  ] as const;
  const [first] = svg.childNodes;
  for (const [tag, text] of words) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag) as unknown as Element;
    element.setAttribute("id", `${id}-${tag === "title" ? "title" : "description"}`);
    element.textContent = text;
    svg.insertBefore(element, first as ChildNode);
  }
  return new Html(svg.outerHTML);
}

const rounded = (number: string): string => `${Number(Number(number).toFixed(1))}`;

/** A line of a legend: how it is drawn, and what it is. */
export const legend = (
  ...entries: readonly { readonly mark: "one" | "two" | "rule" | "dots"; readonly text: Content }[]
): Html =>
  html`<ul class="legend" aria-hidden="true">${entries.map(({ mark, text }) => html`<li><i class="mark ${mark}"></i>${text}</li>`)}</ul>
`;

/** The least and the greatest. */
export function extremes(values: readonly number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of values) [least, most] = [Math.min(least, x), Math.max(most, x)];
  return [least, most];
}
