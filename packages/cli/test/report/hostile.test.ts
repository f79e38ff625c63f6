/** What comes from the user's file is text, whatever it holds; and the page fetches and runs nothing, in a real browser too. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseHTML } from "linkedom";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium, requireChromium } from "../../../../test/support/chromium.ts";
import { type ReportData, renderReport } from "../../src/report/index.ts";
import { classification, predictions, regression } from "./samples.ts";

const NAMES = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(2)>',
  'it\'s `code` & <b>"bold"</b> &lt;i&gt;',
  "\u202egnorw eht yaw dnuor\u2067",
  "עִבְרִית ‏ العربية",
  "x".repeat(10_000),
  "words ".repeat(2000),
  "</style></title></textarea>-->]]>",
  "nul\u0000 bell\u0007 \ud800 lone",
  "",
  "👩‍👩‍👧‍👦 é ﷽",
];

/** Everything a user can name, named so. */
function hostile(): ReportData {
  const data = classification();
  const name = (i: number): string => NAMES[i % NAMES.length] as string;
  const assessment = predictions(NAMES, 300);
  return {
    ...data,
    target: name(0),
    source: name(1),
    unit: name(2),
    cautions: NAMES,
    assessment,
    choices: NAMES.map((value) => ({ name: value, value, reason: value, option: value })),
    data: {
      rows: 300,
      split: { training: 200, validation: 50, test: 50 },
      columns: NAMES.map((value) => ({
        name: value,
        use: "feature",
        kind: "category",
        reason: value,
        missing: 1,
        distinct: 2,
        examples: NAMES,
      })),
      findings: NAMES.map((message) => ({ severity: "error", message, advice: message })),
    },
    training: {
      history: [1, 2, 3].map((epoch) => ({ epoch, loss: 1 / epoch, validationScore: epoch })),
      loss: name(0),
      score: name(1),
      ended: name(1),
    },
    mistakes: { columns: NAMES, rows: assessment.mistakes.map(() => ({ place: name(0), cells: NAMES })) },
    importance: {
      metric: name(0),
      rows: name(1),
      repeats: 5,
      columns: NAMES.map((value, i) => ({ column: value, mean: i / 10, deviation: 0.1 })),
    },
    candidates: { metric: name(0), settings: NAMES, tried: [{ values: NAMES, score: 1, chosen: true }] },
    model: {
      file: name(5),
      parameters: 1,
      layers: NAMES.map((value) => ({ name: value, kind: value, output: value, parameters: 1 })),
    },
    reproduction: { command: NAMES.join(" "), seed: 0, versions: { [name(0)]: name(1) }, fingerprint: name(1) },
  };
}

const numeric = (): ReportData => ({ ...regression(), target: NAMES[0] as string, unit: NAMES[1] as string });

const PAGES: Readonly<Record<string, () => ReportData>> = { classification, regression, hostile, numeric };

describe.each(Object.entries(PAGES))("%s", (_, data) => {
  const page = renderReport(data());
  const { document } = parseHTML(page);

  test("has no script, no handler, and no address of anything else", () => {
    expect(document.querySelectorAll("script, iframe, object, embed, form, img, base").length).toBe(0);
    expect([...document.querySelectorAll("link")].map((link) => link.getAttribute("href"))).toEqual(["data:,"]);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        expect(name.toLowerCase()).not.toMatch(/^on/);
        if (name === "href" && element.tagName === "A") expect(value).toMatch(/^#[a-z-]+$/);
        if (name === "style") expect(value).toMatch(/^(flex-grow:\d+|--share:[\d.]+)$/);
      }
    }
    // Not even a style fetches: no url(), no import.
    expect(document.querySelector("style")?.textContent).not.toMatch(/url\(|@import|expression/);
    expect(document.querySelector("meta[http-equiv]")?.getAttribute("content")).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'; img-src data:/,
    );
  });

  test("has ids once, headings in order, and a head for each section", () => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const link of document.querySelectorAll("nav a")) expect(ids).toContain(link.getAttribute("href")?.slice(1));
    for (const labelled of document.querySelectorAll("[aria-labelledby]")) {
      for (const id of (labelled.getAttribute("aria-labelledby") as string).split(" ")) expect(ids).toContain(id);
    }
    const levels = [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName[1]));
    expect(levels[0]).toBe(1);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });
});

test("names are shown as they are, long ones cut, control characters as pictures", () => {
  const { document } = parseHTML(renderReport(hostile()));
  const shown = [...document.querySelectorAll("#data tbody th bdi")].map((cell) => cell.textContent);
  expect(shown.slice(0, 5)).toEqual(NAMES.slice(0, 5));
  expect(shown[5]).toBe(`${"x".repeat(59)}… (10,000 characters)`);
  expect(shown[8]).toBe("nul␀ bell␇ \ufffd lone");
});

test("the page of a small table is small", () => {
  expect(renderReport(classification()).length).toBeLessThan(100_000);
  expect(renderReport(regression(100_000)).length).toBeLessThan(300_000);
});

describe.skipIf(!requireChromium("the report in a browser"))("in Chromium", () => {
  let browser: Browser;
  let server: Server;
  const asked: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    server = createServer((request, response) => {
      asked.push(request.url as string);
      const data = PAGES[(request.url as string).slice(1)];
      response.writeHead(data === undefined ? 404 : 200, { "Content-Type": "text/html; charset=utf-8" });
      response.end(data === undefined ? "" : renderReport(data()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens a page; gives what it complains of. */
  async function open(name: string, width: number, colorScheme: "light" | "dark"): Promise<[Page, string[]]> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const tab = await context.newPage();
    const complaints: string[] = [];
    tab.on("console", (message) => complaints.push(message.text()));
    tab.on("pageerror", (error) => complaints.push(String(error)));
    tab.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    tab.on("request", (request) => request.url().startsWith("data:") || asked.push(`requested ${request.url()}`));
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`);
    await tab.waitForLoadState("networkidle");
    return [tab, complaints];
  }

  test.each(
    Object.keys(PAGES).flatMap((name) => [
      [name, 390, "dark"],
      [name, 1280, "light"],
    ]) as [string, number, "light" | "dark"][],
  )(
    "%s at %i pixels, %s: nothing is fetched, nothing complains, nothing is wider than the page",
    async (name, width, theme) => {
      asked.length = 0;
      const [tab, complaints] = await open(name, width, theme);
      expect(complaints).toEqual([]);
      expect(asked.map((url) => url.split("/").at(-1))).toEqual([name, name]);
      expect(await tab.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(await tab.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
        theme === "dark" ? "rgb(20, 22, 25)" : "rgb(253, 252, 250)",
      );
      await tab.context().close();
    },
  );
});
