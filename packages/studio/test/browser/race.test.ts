/** The race does its job, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { Race } from "../../src/engine/race/index.ts";
import { fromLink, scientific } from "../../src/state/index.ts";
import { beyond, shown, useSite } from "../support/site.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const told = (page: Page, name: string, text: string) =>
  page.waitForFunction(([key, value]) => document.querySelector(`[data-value="${key}"]`)?.textContent === value, [
    name,
    text,
  ] as const);
/** A quadratic in four weights, whose valley is narrow. */
const RAVINE =
  "#v=1&part=race&data=plane&noise=0&testShare=0&features=x,y,sinx&layers=&batch=500" +
  "&weights=AACAP6uqKj4AACBAAAAAAA&speed=step&plane=weights&planeWeights=0-2";

describe.skipIf(!requireChromium("the tests of the studio's race"))("the race", () => {
  const site = useSite();

  it("shows the numbers that the lanes have in Node", async () => {
    const link = "#v=1&part=race&data=moons&lanes=optimizer:sgd,rate:0.1;batch:30;optimizer:lbfgs&lossAxis=linear";
    const page = await site.open(link);
    await told(page, "A-step", "0");
    const start = await shown(page, "A-loss").textContent();
    expect(await shown(page, "C-loss").textContent()).toBe(start);
    await button(page, "One epoch").click();
    await told(page, "position", "14");
    await button(page, "One step").click();
    await told(page, "position", "15");

    const race = new Race(fromLink(link));
    await race.advance({ epochs: 1 });
    await race.advance({ steps: 1 });
    const { lanes } = race.snapshot({ surface: false });
    const losses = lanes.map(({ snapshot }) => snapshot?.training.loss ?? Number.NaN);
    for (const [i, loss] of losses.entries()) {
      expect(await shown(page, `${"ABC"[i]}-loss`).textContent()).toBe(scientific(loss, 3));
    }
    const least = losses.indexOf(Math.min(...losses));
    const ahead = `${"ABC"[least]}: ${scientific(losses[least] as number, 3)}`;
    expect(await shown(page, "ahead-training").textContent()).toBe(ahead);
    // The training of the playground is as it was.
    await page.getByRole("link", { name: "Playground" }).click();
    await told(page, "step", "0");
    await page.getByRole("link", { name: "Race" }).click();
    await told(page, "position", "15");
  });

  it("lets the other lanes go on where one blows up, has arrived or cannot start", async () => {
    const page = await site.open(`${RAVINE}&lanes=optimizer:sgd,rate:5;optimizer:newton;optimizer:sgd,rate:0.05`);
    await told(page, "A-step", "0");
    await button(page, "Play").click();
    await page.getByText("Blew up").waitFor();
    await page.getByText("Has arrived").waitFor();
    await beyond(page, "C-step", 50);
    await button(page, "Pause").click();
    expect(await shown(page, "A-loss").textContent()).toBe("∞");
    expect(await shown(page, "B-step").textContent()).toBe("1");
    await page.evaluate(() => {
      location.hash = "v=1&part=race&layers=8-8-8-8&lanes=optimizer:newton;optimizer:sgd";
    });
    await page.getByText("It cannot start: Newton’s method works out 249 × 249").waitFor();
    await told(page, "B-step", "0");
    // Nor does it matter what the shared settings alone would do.
    await page.evaluate(() => {
      location.hash = "v=1&part=race&layers=8-8-8-8&optimizer=newton";
    });
    await page.getByText("It cannot start").waitFor({ state: "detached" });
    await told(page, "A-step", "0");
    expect(await page.getByRole("alert").first().textContent()).toBe("");
    await button(page, "Play").click();
    await page.waitForFunction(() => Number(document.querySelector('[data-value="A-step"]')?.textContent) > 50);
  });

  it("changes lanes and their settings, undoes that, and is played by the keyboard", async () => {
    const page = await site.open("#v=1&part=race");
    await told(page, "A-step", "0");
    await button(page, "Add a lane").click();
    await page.waitForFunction(() => location.hash.endsWith("optimizer:adam;optimizer:adam"));
    await told(page, "D-step", "0");
    await button(page, "Remove lane A").click();
    const last = page.getByRole("region", { name: "Lane C" });
    await last.getByText("Settings of this lane").click();
    await last.getByLabel("Also differs in").selectOption("rate");
    await last.getByRole("textbox", { name: "Step size" }).fill("0.5");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() =>
      location.hash.endsWith("lanes=optimizer:momentum;optimizer:adam;optimizer:adam,rate:0.5"),
    );
    expect(await last.getByRole("heading").textContent()).toContain("C Adam · step size: 0.5");
    await last.getByRole("button", { name: "How it steps downhill as in all lanes" }).click();
    await page.waitForFunction(() => location.hash.endsWith(";rate:0.5"));
    await page.locator("main").focus();
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => location.hash.endsWith(";optimizer:adam,rate:0.5"));
    await page.keyboard.press("Space");
    await beyond(page, "position", 100);
    await page.keyboard.press("Space");
    await button(page, "Play").waitFor();
    await button(page, "Reset").click();
    await told(page, "position", "0");
    await page.getByLabel("Every lane gets").selectOption("time");
    await told(page, "position", "0 ms");
    await button(page, "One step").click();
    await told(page, "position", "2 ms");
    // A change of what all share begins all lanes anew.
    await page.getByRole("radio", { name: "XOR" }).check({ force: true });
    await told(page, "position", "0 ms");
  });

  it("draws the paths on the loss surface", async () => {
    const page = await site.open(`${RAVINE}&lanes=optimizer:sgd,rate:0.25;optimizer:momentum,rate:0.05,momentum:0.8`);
    await told(page, "A-step", "0");
    await page.getByText("→ x → output").waitFor();
    const picture = (at: number) =>
      page
        .getByTestId("landscape")
        .locator("canvas")
        .nth(at)
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const [cells, lines] = [await picture(0), await picture(1)];
    for (let step = 1; step <= 6; step++) {
      await button(page, "One step").click();
      await told(page, "position", String(step));
    }
    await page.waitForFunction(
      (before) =>
        document.querySelectorAll<HTMLCanvasElement>('[data-testid="landscape"] canvas')[1]?.toDataURL() !== before,
      lines,
    );
    expect(await picture(1)).not.toBe(lines);
    await page.getByLabel("The map shows").selectOption("path");
    await page.waitForFunction(
      (before) => document.querySelector<HTMLCanvasElement>('[data-testid="landscape"] canvas')?.toDataURL() !== before,
      cells,
    );
    await page.getByText("→ direction of most movement").waitFor();
  });

  it("has no map where a lesson hides it", async () => {
    const page = await site.open("#v=1&part=race&hide=landscape");
    await told(page, "A-step", "0");
    expect(await page.getByTestId("landscape").count()).toBe(0);
    await button(page, "One step").click();
    await told(page, "position", "1");
  });

  it("refuses hostile lanes with a reason", async () => {
    const page = await site.open("#v=1&part=race&lanes=optimizer:<img src=x>;rate:1");
    expect(await page.getByRole("alert").first().innerText()).toContain(
      "lanes: “<img src=x>” is none of sgd, momentum, nesterov",
    );
  });
});
