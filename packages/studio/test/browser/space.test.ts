/** The space through the layers, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { ready, useSite } from "../support/site.ts";

const picture = (page: Page): Promise<string> =>
  page.locator(".plane canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

/** Waits until the picture is another one. */
const changes = (page: Page, before: string) =>
  page.waitForFunction(
    (old) => document.querySelector<HTMLCanvasElement>(".plane canvas")?.toDataURL() !== old,
    before,
  );
const stage = (page: Page, name: string) => page.getByRole("button", { name, exact: false, pressed: true });

describe.skipIf(!requireChromium("the tests of the space"))("the space", () => {
  const site = useSite();

  it("goes through the layers, and trains on the way", async () => {
    const page = await site.open("#v=1&part=space&data=xor&layers=5&seed=3", { reducedMotion: "reduce" });
    await ready(page);
    const input = await picture(page);
    await page.getByRole("button", { name: "Layer 1: sums" }).click();
    await changes(page, input);
    expect(await page.getByText("Straight lines stay straight").isVisible()).toBe(true);
    const sums = await picture(page);
    await page.getByRole("slider", { name: "Between the stages" }).fill("1.5");
    await changes(page, sums);
    await page.getByRole("button", { name: "Layer 1: bent" }).click();
    await page.getByText("From here a straight cut must do.").waitFor();
    expect(await page.getByText("This is one view of 5 dimensions").isVisible()).toBe(true);
    const bent = await picture(page);
    await page.getByLabel("Up vertical axis").selectOption("unit 3");
    await changes(page, bent);
    await page.waitForFunction(() => location.hash.includes("axes=0-1,0-2,0-0") && location.hash.includes("stage=2"));
    const axes = await picture(page);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await changes(page, axes);
    await page.waitForFunction(() => document.querySelector('[data-value="separated"]')?.textContent === "100 %");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("button", { name: "Output" }).first().click();
    await page.getByText("There is only one unit here").waitFor();
  });

  it("walks to the output by itself, from a link's stage", async () => {
    const page = await site.open("#v=1&part=space&layers=2&stage=2&axes=0-1,1-0");
    await ready(page);
    await stage(page, "Layer 1: bent").waitFor();
    expect(await page.getByLabel("Across horizontal axis").inputValue()).toBe("1");
    await page.getByRole("button", { name: "Go through the layers" }).click();
    await stage(page, "Output").waitFor();
    await page.getByRole("button", { name: "Go through the layers" }).waitFor();
    // Fewer layers end earlier.
    await page.getByRole("button", { name: "Remove the last hidden layer" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".stages button").length === 2);
    await stage(page, "Output").waitFor();
  });
});
