/** The guided pages do their job, in a real browser. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { fromLink, IDEAS } from "../../src/state/index.ts";
import { useSite } from "../support/site.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const verdict = (page: Page, state: "met" | "before" | "open" | "waiting") => page.locator(`[data-check="${state}"]`);

describe.skipIf(!requireChromium("the tests of the studio's ideas"))("the ideas", () => {
  const site = useSite();

  it("all open, with every step, and go on from one to the next", async () => {
    const page = await site.open("#v=1&part=ideas");
    // Each entry is one stop of the Tab key: nothing in it scrolls, which would be another.
    const wide = page.locator(".entry .formula");
    expect(
      await wide.evaluateAll((all) => all.filter((each) => getComputedStyle(each).overflowX !== "visible")),
    ).toEqual([]);
    await page.getByRole("link", { name: "Why XOR needs a hidden layer" }).click();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await page.waitForFunction(() => document.activeElement?.id === "step-title");
    expect(await focused()).toBe("One unit draws one line");
    for (const [i, idea] of IDEAS.entries()) {
      await page.getByText(`Idea ${i + 1} of 10`).waitFor();
      for (;;) {
        await page.getByRole("heading", { level: 3 }).first().waitFor();
        if ((await button(page, "Next").count()) === 0) break;
        await button(page, "Next").click();
      }
      await page.waitForFunction((name) => location.hash.includes(`idea=${name}`), idea);
      await page.getByRole("heading", { name: "What this leaves out" }).waitFor();
      if (i < 9) await page.getByRole("button", { name: /^Next idea/ }).click();
    }
    await button(page, "All ideas").first().click();
    await page.getByText("Ten ideas, a few steps each").waitFor();
    expect(await focused()).toBe("Ten ideas, a few steps each");
    // The pages are entries of the browser's history.
    await page.goBack();
    await page.getByText("Idea 10 of 10").waitFor();
  });

  it("walks through XOR: what is shown, done and checked, and undone", async () => {
    const page = await site.open("#v=1&part=ideas&idea=xor&ideaStep=3&data=moons");
    await verdict(page, "waiting").waitFor();
    await button(page, "Show me").click();
    await verdict(page, "open").waitFor();
    await page.waitForFunction(() => location.hash.includes("data=own"));
    const { layers, own, ideaStep } = fromLink(new URL(page.url()).hash);
    expect([layers, own.length, ideaStep]).toEqual([[3], 4, 3]);
    // Without a test set there is no exam.
    await page.getByText("training accuracy").waitFor();
    expect(await page.getByText("In the exam").count()).toBe(0);
    await button(page, "Play").click();
    await verdict(page, "met").waitFor();
    await page.getByText("Now: 100 % right.").waitFor();
    await page.getByRole("status").getByText("The check is met.").waitFor();
    await button(page, "Remove the last hidden layer").click();
    await page.getByText("Done before. Now: there is no hidden layer now.").waitFor();
    await verdict(page, "before").waitFor();
    await button(page, "Step 3: Three units draw three lines (done)").waitFor();
    await button(page, "Undo").click();
    await button(page, "Undo").click();
    await page.waitForFunction(() => location.hash.includes("data=moons") && location.hash.includes("ideaStep=3"));
  });

  it("switches a truth table, and tells why one perceptron is not enough", async () => {
    const page = await site.open("#v=1&part=ideas&idea=boolean&ideaStep=2");
    await page
      .getByText("the rows (0, 1) and (1, 0) with 1 add up to (1, 1), and so do (0, 0) and (1, 1) with 0")
      .waitFor();
    for (const row of ["0, 0", "0, 1", "1, 0", "1, 1"])
      await page.getByRole("button", { name: new RegExp(`^Inputs ${row}:`) }).press("Enter");
    await verdict(page, "met").waitFor();
    expect(await page.getByText("Now: here one is not enough: 1001.").count()).toBe(1);
  });

  it("draws a function with the pointer and with handles, and towers follow", async () => {
    const page = await site.open("#v=1&part=ideas&idea=towers&ideaStep=2");
    const board = page.getByRole("img", { name: /^The drawn function and the sum of towers/ });
    const box = await board.boundingBox();
    if (box === null) throw new Error("There is nothing to draw on.");
    await page.mouse.move(box.x + 1, box.y + 0.5 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + 0.3 * box.height, { steps: 4 });
    await page.mouse.up();
    await verdict(page, "met").waitFor();
    await page.locator("summary", { hasText: "Handles" }).click();
    await page.getByRole("slider", { name: "Height at 1", exact: true }).press("Home");
    await page.waitForFunction(() => /drawn=[^&]*,0(&|$)/.test(location.hash));
    const { drawn } = fromLink(new URL(page.url()).hash);
    // Half of the height is 0.5; 0.3 from the top of a picture from −0.12 to 1.12 is 0.748.
    expect(drawn[0]).toBeCloseTo(0.5, 1);
    expect(drawn[24]).toBeCloseTo(0.5 + 0.75 * 0.248, 1);
    expect(drawn[32]).toBe(0);
  });

  it("races what a step compares, and finds the way back", async () => {
    const page = await site.open("#v=1&part=ideas&idea=momentum&ideaStep=5");
    await button(page, "Race them side by side").click();
    await page.getByRole("heading", { name: /^Who is ahead/ }).waitFor();
    expect(fromLink(new URL(page.url()).hash).lanes).toEqual([{ optimizer: "sgd" }, { optimizer: "momentum" }]);
    await page.goBack();
    await page.getByText("Idea 6 of 10").waitFor();
    // What was set stays: only the place is gone back to.
    await page.waitForFunction(() => location.hash.includes("lanes=optimizer:sgd;optimizer:momentum"));
    // On a phone, too, the name of the part that is open is in view.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    const name = page.locator("nav.parts [aria-current]");
    await page.waitForFunction(() => document.querySelector("nav.parts")?.scrollLeft !== 0);
    const box = await name.boundingBox();
    expect([box !== null && box.x >= 0, box !== null && box.x + box.width <= 390]).toEqual([true, true]);
  });

  it("walks down the ravine", async () => {
    const page = await site.open("#v=1&part=ideas&idea=newton&ideaStep=1&optimizer=sgd");
    // It counts once it was walked.
    await page.getByText("Now: walked 0 of 60 steps.").waitFor();
    // ½(4² + 25·1²) = 20.5, for both.
    await page.waitForFunction(() => document.body.textContent?.match(/loss 20\.5/g)?.length === 2);
    await button(page, "Walk").click();
    await page.getByRole("img", { name: /^Contours of the loss. After [1-9]\d* steps, Newton: at u = 0/ }).waitFor();
    await verdict(page, "open").waitFor();
    await page.getByRole("slider", { name: /^Up to step/ }).press("End");
    await verdict(page, "met").waitFor();
  });

  it("tells a walk of another step from that of this one", async () => {
    const page = await site.open("#v=1&part=ideas&idea=momentum");
    await button(page, "Show me").click();
    await page.getByText("Now: walked 0 of 60 steps.").waitFor();
    await button(page, "Next").click();
    await button(page, "Next").click();
    await page.getByText("What this step is about is not set up yet.").waitFor();
    await button(page, "Set it up").click();
    await page.getByText("without, same step size").waitFor();
  });
});
