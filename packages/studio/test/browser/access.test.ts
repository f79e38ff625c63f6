/** The page for everybody: without a mouse, without seeing it, and on a phone. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { IDEA } from "../../src/ideas/content/index.ts";
import { settingsOf } from "../../src/ideas/idea.ts";
import { change, type IdeaName, INITIAL, toLink } from "../../src/state/index.ts";
import { beyond, ready, shown, useSite } from "../support/site.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LARGE =
  "#v=1&data=spirals&classes=5&layers=8-8-8-8-8-8&features=x,y,xx,yy,xy,sinx,siny&own=1,1,0&showTest=yes&landscape=open";

const TABLE = `#v=1&data=table&features=x,y,c1&table=long+name+of+a+column,1,2,3,4;b,2,1,4,3;c,1,4,2,3;${"verylongname".repeat(5)},one,${"longclassname".repeat(4)};0101`;

/** A step of an idea, set up. */
const ideaLink = (idea: IdeaName, step: number): string =>
  `#${toLink(change(INITIAL, { ...settingsOf(IDEA[idea].steps[step - 1]?.show ?? {}), part: "ideas", idea, ideaStep: step }))}`;

/** What axe finds, and the widths from a phone's upward that a page does not fit into. */
async function complaintsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  for (const width of [390, 800, 1280, 1920]) {
    await page.setViewportSize({ width, height: 844 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (beyond > 0) found.push(`${beyond} pixels more than ${width}`);
  }
  return found;
}

describe.skipIf(!requireChromium("the tests of the studio's accessibility"))("the page", () => {
  const site = useSite();

  it.each([
    ["light", ["#v=9", "#v=1&data=ripple&landscape=open&plane=weights", "#v=1&part=space&stage=4", TABLE]],
    ["dark", [LARGE, `${LARGE}&part=space&stage=7`]],
  ] as const)("has nothing to complain of, %s", async (colorScheme, links) => {
    for (const link of links) {
      const page = await site.open(link, { colorScheme });
      await ready(page);
      if (!link.includes("part=")) await page.getByText("Your own points").click();
      await page
        .getByRole("button", { name: /^Output/ })
        .first()
        .click();
      if (link === TABLE) await page.getByText("Take another table").click();
      await page.getByText("Share", { exact: true }).click();
      expect(await complaintsOf(page), link).toEqual([]);
    }
  });

  it.each(["light", "dark"] as const)(
    "has nothing to complain of where gradients are checked, %s",
    async (colorScheme) => {
      const page = await site.open("#v=1&part=flow&activation=sigmoid&initializer=zeros", { colorScheme });
      await ready(page);
      await page.getByText("symmetric units").first().waitFor();
      await page.getByRole("combobox", { name: "Unit whose weight" }).selectOption("Output for class 1");
      await page.getByText("The numbers of the curve").click();
      await page.getByRole("button", { name: "Check all weights" }).click();
      await page.getByText("All 37 derivatives").waitFor();
      expect(await complaintsOf(page)).toEqual([]);
    },
  );

  it.each([
    ["light", "#v=1&part=flow&layers=3&regularizer=l2"],
    ["dark", `${LARGE}&part=flow&example=batch`],
  ] as const)("has nothing to complain of in the gradient flow, %s", async (colorScheme, link) => {
    const page = await site.open(link, { colorScheme });
    await page.locator(".step-card math").first().waitFor();
    // At the end all is there: values, gradients and new values.
    await page.getByRole("slider", { name: "Step" }).press("End");
    await page.getByText(/^new W/).waitFor();
    expect(await complaintsOf(page), link).toEqual([]);
  });

  it.each([
    ["light", "#v=1&part=model&model=iris"],
    ["dark", "#v=1&part=model"],
  ] as const)("has nothing to complain of in a model, %s", async (colorScheme, link) => {
    const page = await site.open(link, { colorScheme });
    await page.locator(".weights-panel dl").waitFor();
    await page.getByText("Layer 1 dense, relu").click();
    if (colorScheme === "dark") await page.getByRole("checkbox", { name: /Which pixels speak/ }).check();
    else await page.getByText("Paste a row").click();
    expect(await complaintsOf(page), link).toEqual([]);
  });

  it.each([
    ["light", "#v=1&part=race&data=ripple&plane=weights"],
    ["dark", "#v=1&part=race&lanes=optimizer:newton;optimizer:sgd,rate:10;rate:1;batch:1&layers=8-8-8-8&plane=random"],
  ] as const)("has nothing to complain of in a race, %s", async (colorScheme, link) => {
    const page = await site.open(link, { colorScheme });
    await shown(page, "B-step").filter({ hasText: "0" }).waitFor();
    await page.getByText("Settings of this lane").first().click();
    await page.getByRole("button", { name: "One epoch" }).click();
    await page.locator(".map .scales").waitFor();
    expect(await complaintsOf(page), link).toEqual([]);
  });

  it("shows a program that axe does not complain of", async () => {
    const page = await site.open("", { viewport: { width: 390, height: 844 } });
    await ready(page);
    await page.getByText("Export", { exact: true }).click();
    await page.getByRole("button", { name: /^This run as a program/ }).click();
    await page.getByRole("dialog").waitFor();
    expect(await complaintsOf(page)).toEqual([]);
  });

  it.each([
    ["light", ["#v=1&part=ideas", ideaLink("boolean", 3), ideaLink("newton", 1)]],
    ["dark", [ideaLink("towers", 1), ideaLink("saturation", 3), ideaLink("lasso", 3), ideaLink("overfitting", 4)]],
  ] as const)("has nothing to complain of in ideas, %s", async (colorScheme, links) => {
    for (const link of links) {
      const page = await site.open(link, { colorScheme });
      await page.locator(".cards, .idea-panels canvas, .idea-panels svg, .idea-panels .chart").first().waitFor();
      expect(await complaintsOf(page), link).toEqual([]);
    }
  });

  it("is trained by keyboard alone", async () => {
    const page = await site.open();
    await ready(page);
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        return element.getAttribute("aria-label") ?? element.closest("label")?.textContent ?? element.innerText;
      });
    const until = async (name: string): Promise<void> => {
      for (let i = 0; i < 60 && !(await focused()).includes(name); i++) await page.keyboard.press("Tab");
      expect(await focused()).toContain(name);
    };
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("To the content");
    await until("One step");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector('[data-value="step"]')?.textContent === "1");
    await until("Circles");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => location.hash.includes("data=xor"));
    await until("sin x");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => location.hash.includes("features=x,y,sinx"));
    await until("Add a unit to hidden layer 1");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("layers=5-4"));
    await page.locator("main").focus();
    await page.keyboard.press("Space");
    await beyond(page, "epoch", 3);
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    const right = await shown(page, "accuracy").textContent();
    // What is told aloud follows within seconds.
    await page.waitForFunction(
      (accuracy) =>
        [...document.querySelectorAll("[aria-live]")].some(({ textContent }) =>
          new RegExp(`^Epoch \\d+: loss 0\\.\\d+, ${accuracy} right\\.$`).test(textContent ?? ""),
        ),
      right,
    );
  });
});
