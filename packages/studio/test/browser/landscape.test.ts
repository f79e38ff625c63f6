/** Newton's method and the loss surface, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { ready, shown, useSite } from "../support/site.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const map = (page: Page): Promise<string> =>
  page
    .getByTestId("landscape")
    .locator("canvas")
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

describe.skipIf(!requireChromium("the tests of the studio's loss surface"))("the loss surface", () => {
  const site = useSite();

  it("is drawn in the plane that is chosen, with the way that the training has come", async () => {
    const page = await site.open("#v=1&data=moons");
    await ready(page);
    expect(await page.getByTestId("landscape").count()).toBe(0);
    await page.getByText("The hills it walks down").click();
    await page.locator(".map .scales").waitFor();
    // There is no way yet.
    expect(await shown(page, "share").count()).toBe(0);
    const atFirst = await map(page);
    await button(page, "One epoch").click();
    await button(page, "One epoch").click();
    const changed = (before: string) =>
      page.waitForFunction(
        (old) => document.querySelector<HTMLCanvasElement>('[data-testid="landscape"] canvas')?.toDataURL() !== old,
        before,
      );
    await changed(atFirst);
    // Three places are always in one plane.
    await shown(page, "share").filter({ hasText: "100 %" }).waitFor();
    const along = await map(page);
    await page.getByRole("combobox", { name: "The map shows" }).selectOption("weights");
    await changed(along);
    await page.getByRole("combobox", { name: "Upwards" }).selectOption("bias → output for class 1");
    await page.waitForFunction(() => location.hash.includes("landscape=open&plane=weights&planeWeights=0-36"));
    // Choosing what the other axis has makes them change places.
    await page.getByRole("combobox", { name: "To the right" }).selectOption("bias → output for class 1");
    await page.waitForFunction(() => location.hash.includes("planeWeights=36-0"));
    expect(await page.getByText("→ bias → output for class 1").count()).toBe(1);
    expect(await shown(page, "step").textContent()).toBe("28");
  });

  it("goes with Newton's method, which has arrived after a few steps and needs no settings", async () => {
    const page = await site.open("#v=1&data=plane&layers=&optimizer=newton&landscape=open");
    await ready(page);
    expect(await page.getByRole("textbox", { name: "Step size" }).count()).toBe(0);
    expect(await page.getByRole("textbox", { name: "Points per step" }).count()).toBe(0);
    await page.getByText("Each step looks at all points and finds its own length").waitFor();
    await button(page, "Play").click();
    await page.getByText("It has arrived converged: the gradient is 0 to within the tolerance.").waitFor();
    await button(page, "Play").waitFor();
    expect(await shown(page, "step").textContent()).toBe("1");
    await page.getByLabel("How it steps downhill").selectOption("momentum");
    await page.getByRole("textbox", { name: "Points per step" }).waitFor();
  });

  it("is refused where the network is too large for Newton's method", async () => {
    const page = await site.open("#v=1&layers=8-8-8-8&optimizer=newton");
    await page.getByText("it is for at most 200 weights. Choose L-BFGS, or a smaller network.").waitFor();
    await page.getByLabel("How it steps downhill").selectOption("lbfgs");
    await ready(page);
    expect(await page.getByRole("alert").first().textContent()).toBe("");
  });
});
