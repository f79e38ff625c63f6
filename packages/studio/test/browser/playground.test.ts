/** The playground does its job, in a real browser. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { fromLink } from "../../src/state/index.ts";
import { ready, shown, useSite } from "../support/site.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** The picture of the surface. */
const surface = (page: Page): Promise<string> =>
  page.locator(".picture .cells").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

/** Plays until a share of the training points is right. */
async function learn(page: Page, share: number): Promise<void> {
  await button(page, "Play").click();
  await page.waitForFunction(
    (wanted) => Number.parseFloat(document.querySelector('[data-value="accuracy"]')?.textContent ?? "") >= wanted,
    100 * share,
  );
  await button(page, "Pause").click();
}

/** The hash of the address, once the page has written it. */
async function linkOf(page: Page, contains: string): Promise<string> {
  await page.waitForFunction((text) => location.hash.includes(text), contains);
  return new URL(page.url()).hash;
}

describe.skipIf(!requireChromium("the tests of the studio"))("the playground", () => {
  const site = useSite();

  it("learns XOR to 100 %, and spirals", async () => {
    const xor = await site.open("#v=1&data=xor");
    await learn(xor, 1);
    expect(await shown(xor, "accuracy").textContent()).toBe("100 %");
    const spirals = await site.open("#v=1&data=spirals&noise=0.02&layers=8-8&optimizer=adam&rate=0.02&speed=full");
    await learn(spirals, 0.98);
  });

  it("shows the numbers that the library has in Node, and links restore them", async () => {
    const link = "#v=1&data=gaussians&classes=3&layers=5-3&features=x,y,sinx&regularizer=l2&schedule=cosine&batch=9";
    const page = await site.open(link, { permissions: ["clipboard-read", "clipboard-write"] });
    await ready(page);
    for (let epoch = 1; epoch <= 3; epoch++) {
      await button(page, "One epoch").click();
      await page.waitForFunction(
        (n) => document.querySelector('[data-value="epoch"]')?.textContent === String(n),
        epoch,
      );
    }
    await button(page, "One step").click();
    await page.waitForFunction(() => document.querySelector('[data-value="step"]')?.textContent === "49");
    await page.getByText("Share", { exact: true }).click();
    await button(page, "Copy it with the present weights").click();
    await page.getByText("Copied.").waitFor();
    const copied = new URL(await page.evaluate(() => navigator.clipboard.readText()));

    const trainer = new Trainer(fromLink(link));
    await trainer.advance({ epochs: 3 });
    await trainer.advance({ steps: 1 });
    const { training, test } = trainer.snapshot();
    expect(fromLink(copied.hash)).toEqual({ ...fromLink(link), weights: [...trainer.weights] });
    expect(await shown(page, "training-loss").textContent()).toBe(training.loss.toPrecision(3));
    expect(await shown(page, "test-loss").textContent()).toBe(test?.loss.toPrecision(3));

    const restored = await site.open(copied.hash);
    await ready(restored);
    expect(await shown(restored, "training-loss").textContent()).toBe(training.loss.toPrecision(3));
    expect(await shown(restored, "step").textContent()).toBe("0");
    expect(await surface(restored)).toBe(await surface(page));
    expect(await restored.getByLabel("How a unit answers").inputValue()).toBe("tanh");
    expect(await restored.getByLabel("Step size over time").inputValue()).toBe("cosine");
    expect(await restored.getByRole("button", { name: "sin x" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("keeps settings and training where the visitor goes back to the first page", async () => {
    const page = await site.open("#v=1&layers=3");
    await ready(page);
    await page.getByRole("link", { name: "Gradient flow" }).click();
    await page.getByRole("button", { name: "Add a hidden layer" }).click();
    const layers = /layers=\d+-\d+/.exec(await linkOf(page, "layers=3-"))?.[0] as string;
    await button(page, "One step").click();
    await page.waitForFunction(() => document.querySelector('[data-value="step"]')?.textContent === "1");
    await page.goBack();
    await page.locator("main.playground").waitFor();
    expect(await linkOf(page, layers)).not.toContain("part=");
    expect(await shown(page, "step").textContent()).toBe("1");
  });

  it("says when a part cannot be fetched", async () => {
    const page = await site.open();
    await ready(page);
    // What is fetched from now on is none of the studio's code.
    await page.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "throw 0;" }));
    await page.getByRole("link", { name: "Race" }).click();
    await page.getByText("This part could not be fetched. Load the page again.").waitFor();
    await page.getByRole("link", { name: "Playground" }).click();
    await button(page, "Play").waitFor();
    expect(await page.getByRole("alert").first().textContent()).toBe("");
  });

  it("changes the surface when a weight is changed, by its line or by keyboard", async () => {
    const page = await site.open("#v=1&layers=2");
    await ready(page);
    const before = await surface(page);
    // The line itself, where no other crosses it: near its end.
    await page.locator('[data-weight="1 1 0"]').dispatchEvent("click");
    const field = page.getByRole("spinbutton", { name: "unit 2" });
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await field.fill("5");
    await field.press("Enter");
    await page.waitForFunction(
      (old) => document.querySelector<HTMLCanvasElement>(".picture .cells")?.toDataURL() !== old,
      before,
    );
    await page.getByRole("button", { name: "Unit 1 of hidden layer 1" }).press("Enter");
    await page.locator("math", { hasText: "tanh" }).waitFor();
    const bias = page.getByRole("spinbutton", { name: "bias" });
    const second = await surface(page);
    expect(await bias.inputValue()).toBe("0");
    await bias.press("ArrowUp");
    await page.waitForFunction(
      (old) => document.querySelector<HTMLCanvasElement>(".picture .cells")?.toDataURL() !== old,
      second,
    );
    expect(await bias.inputValue()).toBe("0.1");
  });

  it("undoes a weight that was changed before the first step, and holds it in the link", async () => {
    const page = await site.open("#v=1&layers=2");
    await ready(page);
    const loss = await shown(page, "training-loss").textContent();
    await page.getByRole("button", { name: "Output for class 1" }).click();
    const weight = page.getByRole("spinbutton", { name: "unit 1" });
    await weight.fill("9");
    await weight.press("Tab");
    const link = await linkOf(page, "weights=");
    const changed = new Trainer(fromLink("v=1&layers=2"));
    changed.setWeight(1, 0, 0, 9);
    const wanted = changed.snapshot().training.loss.toPrecision(3);
    await shown(page, "training-loss").getByText(wanted).waitFor();
    const again = await site.open(link);
    await ready(again);
    expect(await shown(again, "training-loss").textContent()).toBe(wanted);
    await button(page, "Undo").click();
    await shown(page, "training-loss")
      .getByText(loss as string)
      .waitFor();
    // What is chosen already is nothing to undo.
    await page.getByLabel("How a unit answers").selectOption("tanh");
    await button(page, "Undo").and(page.locator(":disabled")).waitFor();
  });

  it("says why a weight is not taken, and puts it back", async () => {
    const page = await site.open("#v=1&layers=2");
    await ready(page);
    await page.getByRole("button", { name: "Unit 1 of hidden layer 1" }).click();
    const bias = page.getByRole("spinbutton", { name: "bias" });
    for (const text of ["1e30", ""]) {
      await bias.fill(text);
      await bias.press("Tab");
      await page.getByText("A weight is a number from −1,000,000 to 1,000,000. It stays 0.").waitFor();
      expect([await bias.inputValue(), await bias.getAttribute("aria-invalid")]).toEqual(["0", "true"]);
    }
    await bias.fill("0.0004");
    await bias.press("Tab");
    await page.getByText("A weight is a number").waitFor({ state: "detached" });
    expect(await bias.inputValue()).toBe("0.0004");
  });

  it("closes sheets by Escape and by a click elsewhere", async () => {
    const page = await site.open();
    await ready(page);
    const sheet = page.getByText("Copy the link", { exact: true });
    await page.getByText("Share", { exact: true }).click();
    await sheet.waitFor();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Share");
    await page.keyboard.press("Enter");
    await sheet.waitFor();
    await page.getByRole("heading", { name: "Network", exact: true }).click();
    await sheet.waitFor({ state: "hidden" });
  });

  it("refuses hostile and broken links with a reason, as text", async () => {
    const page = await site.open("#v=1&data=<img src=x onerror=alert(1)>");
    await ready(page);
    const alert = page.getByRole("alert").first();
    expect(await alert.innerText()).toContain("data: “<img src=x onerror=alert(1)>” is none of circles");
    for (const [link, reason] of [
      ["v=1&rate=1e999", "rate: “1e999” is not between 0.000001 and 10"],
      ["v=1&__proto__=1", "there is no setting “__proto__”"],
      [`v=1&own=${"0,0,0;".repeat(100_000)}`, "it has 600008 characters"],
      ["javascript:alert(1)", "“javascript:alert(1)” is not name=value"],
    ] as const) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, link);
      await page.getByText(reason).waitFor();
    }
    expect(await page.locator("img").count()).toBe(0);
    // The page goes on, and so do links that are right.
    await button(page, "One step").click();
    await page.waitForFunction(() => document.querySelector('[data-value="step"]')?.textContent === "1");
    await page.evaluate(() => {
      location.hash = "v=1&data=moons";
    });
    await page.getByRole("radio", { name: "Moons", checked: true }).waitFor({ state: "attached" });
    expect(await alert.textContent()).toBe("");
  });

  it("adds and removes points, layers and units, and undoes", async () => {
    const page = await site.open();
    await ready(page);
    const picture = page.getByTestId("surface");
    const box = await picture.boundingBox();
    const corner = { x: (box?.width ?? 0) * 0.95, y: (box?.height ?? 0) * 0.1 };
    await picture.click({ position: corner });
    expect(await linkOf(page, "own=")).toMatch(/own=2\.\d+,2\.\d+,1/);
    await picture.click({ position: corner });
    await page.getByText("Your own points: 0").waitFor();
    await button(page, "Add a hidden layer").click();
    await button(page, "Add a unit to hidden layer 3").click();
    await button(page, "Remove a unit from hidden layer 1").click();
    expect(await linkOf(page, "layers=3-4-4")).not.toContain("own=");
    // The focus is on the button that was pressed last.
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    expect(await linkOf(page, "layers=4-4-3")).not.toContain("own=");
    await button(page, "Redo").click();
    expect(await linkOf(page, "layers=4-4-4")).toContain("v=1");
    await page.getByLabel("How a unit answers").selectOption("relu");
    await linkOf(page, "activation=relu");
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => !location.hash.includes("activation"));
    await page.keyboard.press("Control+y");
    await linkOf(page, "activation=relu");
  });

  it("says what is wrong with a number, and that a training diverged", async () => {
    const page = await site.open("#v=1&data=plane&optimizer=sgd&activation=linear&valueLoss=squaredError&speed=full");
    await ready(page);
    const rate = page.getByRole("textbox", { name: "Step size" });
    await rate.fill("fast");
    await rate.press("Enter");
    expect(await page.getByText("“fast” is not a number such as 0.1").isVisible()).toBe(true);
    await rate.fill("10");
    await rate.press("Enter");
    await linkOf(page, "rate=10");
    await button(page, "Play").click();
    await page.getByText("The training blew up").waitFor();
    await button(page, "Play").waitFor();
    expect(await shown(page, "training-loss").textContent()).toBe("∞");
  });

  it("asks for points where there are none", async () => {
    const page = await site.open("#v=1&data=own");
    await page.getByText("There are no points to learn from yet. Add some in the picture.").waitFor();
    await page.getByText("Your own points: 0").click();
    await page.getByRole("spinbutton", { name: "x" }).fill("-1.5");
    await button(page, "Add").click();
    await ready(page);
    expect(await linkOf(page, "own=")).toContain("own=-1.5,0,1");
  });

  it("hides parts for a lesson", async () => {
    const page = await site.open("#v=1&hide=data,settings,network,features,landscape");
    await ready(page);
    expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "Network",
      "What the network says decision surface",
      "How it learns learning curves",
    ]);
    expect(await button(page, "Add a hidden layer").count()).toBe(0);
    expect(await page.getByText("sin x").count()).toBe(0);
  });

  it("has a policy that allows WebAssembly and no code made from text", async () => {
    const page = await site.open();
    const meta = page.locator('meta[http-equiv="Content-Security-Policy"]');
    const policy = await meta.getAttribute("content");
    expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/'unsafe-(eval|inline)'|\*|https?:/);
    expect(await meta.evaluate((element) => document.head.firstElementChild === element)).toBe(true);
  });

  it("loads the library in the worker only", () => {
    const [main] = globSync(join(site.folder, "assets/index-*.js"));
    expect(readFileSync(main as string, "utf8")).not.toContain("trainSteps");
    const [worker] = globSync(join(site.folder, "assets/worker-*.js"));
    expect(readFileSync(worker as string, "utf8")).toContain("trainSteps");
  });
});
