/** The layers' distributions and the gradient check, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import type { WeightCheck } from "../../src/engine/index.ts";
import { checks } from "../../src/engine/services/checks.ts";
import { Session } from "../../src/engine/session.ts";
import { change, INITIAL, scientific, toLink } from "../../src/state/index.ts";
import { ready, shown, useSite } from "../support/site.ts";

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const row = (page: Page, name: string) => page.getByRole("article", { name, exact: true });

/** Clicks the line of a weight, as "layer from unit". */
const clickLine = (page: Page, weight: string) =>
  page
    .locator(`[data-weight="${weight}"]`)
    .evaluate((line) => line.dispatchEvent(new MouseEvent("click", { bubbles: true })));

describe.skipIf(!requireChromium("the tests of the studio's checks"))("the gradient flow", () => {
  const site = useSite();

  it("says that gradients vanish through sigmoids, and why", async () => {
    const page = await site.open("#v=1&part=flow&layers=8-8-8-8-8-8&activation=sigmoid&initializer=normal");
    await ready(page);
    await row(page, "Hidden layer 1").getByText("vanishing gradient").waitFor();
    expect(await row(page, "Hidden layer 6").getByText("vanishing gradient").count()).toBe(0);
    await page.getByText("The slope of the sigmoid is ¼ at most.").waitFor();
    expect(await row(page, "Output").getByRole("img").count()).toBe(3);
    expect(await row(page, "Hidden layer 1").getByRole("img").nth(1).getAttribute("aria-label")).toMatch(
      /^Blame δ: root mean square 4\.5·10⁻⁷, largest /,
    );
  });

  it("marks units: copies where all weights are zero, and dead ones as training goes on", async () => {
    const zeros = await site.open("#v=1&part=flow&initializer=zeros");
    await ready(zeros);
    await button(zeros, "Unit 4 of hidden layer 2, a copy of the others in its layer").waitFor();
    await row(zeros, "Hidden layer 1").getByText("symmetric units").waitFor();

    const relu = await site.open("#v=1&part=flow&activation=relu&layers=8-8&rate=3");
    await ready(relu);
    // At the start, one of them is dead by bad luck, which is no verdict on its layer.
    await button(relu, "Unit 2 of hidden layer 2, dead: it answers 0 to every point").waitFor();
    expect(await row(relu, "Hidden layer 2").getByText("Dead: unit 2").isVisible()).toBe(true);
    expect(await button(relu, /dead/).count()).toBe(1);
    await button(relu, "Play").click();
    await button(relu, "Unit 8 of hidden layer 2, dead: it answers 0 to every point").waitFor();
    await row(relu, "Hidden layer 2").getByText("8 of 8 ReLU units are 0 for every example.").waitFor();
    expect(await row(relu, "Hidden layer 2").getByText("Dead: all units").isVisible()).toBe(true);
  });

  it("checks the weight of a line that is clicked, and of one that is chosen, with the numbers of the library", async () => {
    const state = change(INITIAL, { part: "flow", data: "moons" });
    const page = await site.open(`#${toLink(state)}`);
    await ready(page);
    await clickLine(page, "1 2 0");
    const session = new Session();
    session.load(state);
    const numberOf = (place: { layer: number; from: number; to: number }): string =>
      scientific((checks(session).check(place) as WeightCheck).analytic, 9);
    await shown(page, "verdict").getByText("They agree.").waitFor();
    expect(await shown(page, "analytic").textContent()).toBe(numberOf({ layer: 1, from: 2, to: 0 }));
    const weight = page.getByRole("combobox", { name: "Weight of which input" });
    expect(await weight.inputValue()).toBe("from 2");
    await weight.selectOption("bias");
    const bias = numberOf({ layer: 1, from: -1, to: 0 });
    await shown(page, "analytic").getByText(bias).waitFor();
    // The ε-curve, as numbers too.
    await page.getByText("The numbers of the curve").click();
    expect(await page.locator(".numbers tbody tr").count()).toBe(12);
    expect(await page.locator(".gradient-check canvas").count()).toBe(1);
    // Other weights, other derivatives.
    await button(page, "One step").click();
    await page.waitForFunction((old) => document.querySelector('[data-value="analytic"]')?.textContent !== old, bias);
    await page.getByText(/after 1 step\./).waitFor();
    // Nor do other points at the same weights have the same.
    await button(page, "Reset").click();
    await shown(page, "analytic").getByText(bias).waitFor();
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      toLink(change(state, { data: "circles" })),
    );
    await page.waitForFunction((old) => document.querySelector('[data-value="analytic"]')?.textContent !== old, bias);
  });

  it("checks all weights while the training goes on", async () => {
    const page = await site.open("#v=1&part=flow&data=spirals&layers=8-8-8&speed=step");
    await ready(page);
    await button(page, "Play").click();
    await button(page, "Check all weights").click();
    await shown(page, "whole-check").waitFor();
    expect(await shown(page, "whole-check").textContent()).toMatch(
      /^All 177 derivatives after \d+ steps? stand the check\. The largest relative error, beyond what moving a weight can tell, is [\d.]+·10⁻[⁰¹²³⁴-⁹]+\.$/,
    );
    const checkedAt = Number((await shown(page, "whole-check").textContent())?.match(/after (\d+)/)?.[1]);
    expect(Number(await shown(page, "step").textContent())).toBeGreaterThan(checkedAt);
    // The worst of them are there to be looked at.
    await page.locator(".whole-check li button").first().click();
    await shown(page, "verdict").waitFor();
    // What was found of one network says nothing of another.
    await button(page, "Pause").click();
    await page.getByRole("button", { name: "Add a hidden layer" }).click();
    await shown(page, "whole-check").waitFor({ state: "detached" });
  });
});
