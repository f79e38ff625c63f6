/** The gradient flow shows back-propagation, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { flowOf } from "../../src/engine/services/flow.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { fromLink, toLink } from "../../src/state/index.ts";
import { MAZUR, mazur } from "../support/mazur.ts";
import { beyond, ready, useSite } from "../support/site.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const place = (page: Page) => page.locator(".step-place").textContent();

/** The numbers of a table, as they are read. */
const table = async (page: Page, name: string): Promise<number[]> => {
  const cells = await page.getByRole("table", { name, exact: true }).locator("td").allTextContents();
  return cells.map((text) => Number(text.replace("−", "-")));
};

/** Four digits, as the page shows them. */
const rounded = (numbers: readonly number[]): number[] => numbers.map((value) => Number(value.toPrecision(4)));

describe.skipIf(!requireChromium("the tests of the gradient flow"))("the gradient flow", () => {
  const site = useSite();
  /** Opens a link, and waits until the graph is there. */
  const open = async (link: string): Promise<Page> => {
    const page = await site.open(link);
    await ready(page);
    await page.locator(".flow-node").first().waitFor();
    return page;
  };

  it("shows the δ of a worked example as calculated by hand", async () => {
    // The hand calculation is in ../support/mazur.ts: δ² = 2·(ŷ − y)·ŷ·(1 − ŷ), δ¹ = δ²·w·a·(1 − a).
    const page = await open(`#${toLink(mazur({ part: "flow", cursor: 17 }))}`);
    await button(page, "z⁽²⁾ = ŷ: What the output layer adds up").click();
    expect(await table(page, "Value of z⁽²⁾ = ŷ")).toEqual(rounded(MAZUR.z2));
    expect(await table(page, "Gradient of z⁽²⁾ = ŷ")).toEqual(rounded(MAZUR.delta2));
    await button(page, "z⁽¹⁾: What hidden layer 1 adds up").click();
    expect(await table(page, "Value of z⁽¹⁾")).toEqual(rounded(MAZUR.z1));
    expect(await table(page, "Gradient of z⁽¹⁾")).toEqual(rounded(MAZUR.delta1));
    await button(page, "W⁽²⁾: Weights of the output layer").click();
    expect(await table(page, "Gradient of W⁽²⁾")).toEqual(rounded(MAZUR.gradW2));
    expect(await table(page, "New value of W⁽²⁾")).toEqual(rounded(MAZUR.newW2));
  });

  it("goes step by step, forwards and back, by buttons, keys and a slider, and the link keeps the place", async () => {
    const page = await open("#v=1&part=flow&layers=2&cursor=3");
    await page.locator("math").first().waitFor();
    expect(await place(page)).toBe("Forward Step 4 of 18");
    // Not computed yet: the loss, and all gradients.
    const loss = button(page, "L: What the mistake costs");
    expect(await loss.locator(".heat-cells").count()).toBe(0);
    await button(page, "Step on").click();
    expect(await place(page)).toBe("Loss Step 5 of 18");
    expect(await loss.locator(".heat-cells").count()).toBe(1);
    expect(await page.locator(".flow-slot.back .heat-cells").count()).toBe(0);
    await page.keyboard.press("ArrowRight");
    expect(await place(page)).toBe("Backward Step 6 of 18");
    expect(await page.locator(".flow-slot.back .heat-cells").count()).toBe(1);
    await button(page, "Backward").press("ArrowLeft");
    expect(await place(page)).toBe("Loss Step 5 of 18");
    await page.getByRole("slider", { name: "Step" }).press("End");
    expect(await place(page)).toBe("Update Step 18 of 18");
    // x, two layers with z, a, W and b, and L have their gradients; the edges their local derivatives.
    expect(await page.locator(".flow-slot.back .heat-cells").count()).toBe(9);
    const labels = await page.locator(".flow-edges text").allTextContents();
    expect(labels.sort()).toEqual(["1", "1", "W⁽¹⁾ᵀ", "W⁽²⁾ᵀ", "a⁽¹⁾ᵀ", "tanh′", "xᵀ", "∂L/∂ŷ"].sort());
    await button(page, "Backward").click();
    await page.waitForFunction(() => location.hash.includes("cursor=5"));
    const restored = await open(new URL(page.url()).hash);
    await restored.getByText("The way back begins at the loss").waitFor();
  });

  it("takes the step that it shows", async () => {
    const link = "#v=1&part=flow&layers=2&example=batch&optimizer=adam&regularizer=l2&cursor=999";
    const page = await open(link);
    const trainer = new Trainer(fromLink(link));
    for (let step = 1; step <= 2; step++) {
      const next = flowOf(trainer, "batch").nodes.find(({ label }) => label === "W⁽²⁾")?.updated?.values ?? [];
      await trainer.advance({ steps: 1 });
      const name = "W⁽²⁾: Weights of the output layer";
      await page.getByRole("slider", { name: "Step" }).press("End");
      await button(page, name).click();
      const promised = await table(page, "New value of W⁽²⁾");
      expect(promised).toEqual(rounded([...next]));
      await button(page, "Take this step").click();
      await page.waitForFunction((n) => document.querySelector('[data-value="step"]')?.textContent === String(n), step);
      await page.getByText(`of step ${step + 1}`).waitFor();
      await button(page, name).click();
      expect(await table(page, "Value of W⁽²⁾")).toEqual(promised);
    }
  });

  it("goes through the point that is clicked, and says that there is none", async () => {
    const page = await open("#v=1&part=flow&data=own&own=-2,1,0;2,-1,1;0.5,0.5,1&testShare=0&example=3");
    expect(await table(page, "Value of x")).toEqual([0.5, 0.5]);
    const picture = page.locator(".example .picture");
    const { width = 0, height = 0 } = (await picture.boundingBox()) ?? {};
    // x = 2 and y = −1 of −3 … 3.
    await picture.click({ position: { x: (5 / 6) * width, y: (4 / 6) * height } });
    await page.waitForFunction(() => location.hash.includes("example=2"));
    await page.waitForFunction(() => document.querySelector(".node-card td")?.textContent === "2");
    expect(await table(page, "Value of x")).toEqual([2, -1]);
    await page.getByRole("textbox", { name: "Point 1 to 3" }).fill("9");
    await page.getByRole("textbox", { name: "Point 1 to 3" }).press("Enter");
    await page.getByText("There is no training point 9; there are 3.").waitFor();
    await page.getByRole("radio", { name: /^The points of the next step/ }).check();
    await page.getByText("The 3 points of step 1").waitFor();
    expect(await table(page, "Value of x")).toHaveLength(6);
    // A network that cannot be trained has no trace, and that of another one does not stay.
    await page.evaluate(() => {
      location.hash = "v=1&part=flow&data=own";
    });
    await page.getByText("There are no points to learn from yet.").waitFor();
    await page.locator(".flow-node").first().waitFor({ state: "detached" });
  });

  it("follows the training, also of the largest network", async () => {
    const page = await open(
      "#v=1&part=flow&data=spirals&classes=5&points=500&batch=500&layers=8-8-8-8-8-8&example=batch&speed=step",
    );
    await button(page, "Play").click();
    await beyond(page, "step", 5);
    await button(page, "Pause").click();
    // The answer to a step that was on its way may still come.
    await page.waitForFunction(() => {
      const step = Number(document.querySelector('[data-value="step"]')?.textContent);
      return document.body.innerText.includes(`The 350 points of step ${step + 1}`);
    });
    expect(await page.locator(".flow-node").count()).toBe(1 + 2 * 7 + 13 + 2);
  });
});
