/** What was decided, why, and how to decide otherwise. */

import { count } from "../../render/format.ts";
import { figure } from "../../render/numbers.ts";
import type { Candidates, ReportData } from "../data.ts";
import { present } from "../data.ts";
import { type Html, html, name, sentence } from "../html.ts";
import { absence, type Column, note, type Section, table } from "../parts.ts";

export function choices({ choices: all }: ReportData): Section | undefined {
  if (all === undefined || all.length === 0) return undefined;
  const options = all.some(({ option }) => option !== undefined);
  const columns: Column[] = [
    { head: "What" },
    { head: "Chosen" },
    { head: "Why", wide: true },
    ...(options ? [{ head: "To choose otherwise" }] : []),
  ];
  const rows = all.map(({ name: what, value, reason, option }) => [
    name(what),
    html`<b>${name(value, 120)}</b>`,
    sentence(reason),
    ...(options ? [option === undefined ? "–" : html`<code>${name(option)}</code>`] : []),
  ]);
  return { id: "choices", title: "What was done, and why", body: table("Choices", columns, rows) };
}

export function candidates({ candidates: part }: ReportData): Section | undefined {
  if (part === undefined) return undefined;
  const found = present(part);
  const body = found === undefined ? absence((part as { absent: string }).absent) : tried(found);
  return { id: "candidates", title: "What was tried", body };
}

/** More are counted only. */
const MOST = 30;

function tried({ metric, settings, tried: all }: Candidates): Html {
  const epochs = all.some((one) => one.epochs !== undefined);
  const shown = all.filter((one, i) => i < MOST || one.chosen);
  const columns: Column[] = [
    { head: "Candidate" },
    ...settings.map((setting) => ({ head: name(setting) })),
    { head: metric, number: true },
    ...(epochs ? [{ head: "epochs", number: true }] : []),
  ];
  const rows = shown.map((one) => [
    html`${count(all.indexOf(one) + 1)}${one.chosen && html` <b class="badge">chosen</b>`}`,
    ...one.values.map((value) => (typeof value === "number" ? figure(value) : name(value))),
    one.score === null
      ? "did not end"
      : html`${figure(one.score)}${one.deviation !== undefined && ` ± ${figure(one.deviation, 2)}`}`,
    ...(epochs ? [one.epochs === undefined ? "–" : count(one.epochs)] : []),
  ]);
  return html`${table("Candidates", columns, rows)}${
    shown.length < all.length && note(`${count(all.length - shown.length)} more were tried.`)
  }`;
}
