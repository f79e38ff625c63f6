/** The part for trained models, in a real browser. */
import { readFileSync } from "node:fs";
import { tensor } from "chainrule";
import { loadTableModel, saveModel } from "chainrule/io";
import { dense, sequential, sigmoid } from "chainrule/nn";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { shown, useSite } from "../support/site.ts";

/** Waits until the prediction reads so. */
const says = (page: Page, what: RegExp) => shown(page, "prediction").filter({ hasText: what }).waitFor();

/** Draws a line through places given as shares of the pad. */
async function draw(page: Page, places: readonly (readonly [number, number])[]): Promise<void> {
  const box = await page.getByTestId("pad").boundingBox();
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    (box?.x ?? 0) + x * (box?.width ?? 0),
    (box?.y ?? 0) + y * (box?.height ?? 0),
  ];
  await page.mouse.move(...at(places[0] ?? [0, 0]));
  await page.mouse.down();
  for (const place of places) await page.mouse.move(...at(place), { steps: 4 });
  await page.mouse.up();
}

const pixels = (page: Page): Promise<string> =>
  page.locator(".sees canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

describe.skipIf(!requireChromium("the tests of the studio's models"))("the model", () => {
  const site = useSite();

  it("classifies a digit while it is drawn, by mouse, by keyboard, or as somebody wrote it", async () => {
    const page = await site.open("#v=1&part=model");
    await says(page, /Draw something/);
    await draw(page, [
      [0.52, 0.15],
      [0.5, 0.85],
    ]);
    await says(page, /^1 /);
    expect(await page.locator(".share-bars .strong").textContent()).toMatch(/^1/);
    // It stays while one looks elsewhere.
    await page.getByRole("link", { name: "Race" }).click();
    await page.goBack();
    await says(page, /^1 /);
    await page.getByRole("button", { name: "Clear" }).click();
    await says(page, /Draw something/);
    // A seven: to the right, then down.
    await draw(page, [
      [0.25, 0.2],
      [0.72, 0.2],
      [0.45, 0.85],
    ]);
    await says(page, /^7 /);
    const plain = await pixels(page);
    await page.getByRole("checkbox", { name: /Which pixels speak/ }).check();
    await page.waitForFunction(
      (old) => document.querySelector<HTMLCanvasElement>(".sees canvas")?.toDataURL() !== old,
      plain,
    );

    const pad = page.getByTestId("pad");
    await pad.focus();
    await page.keyboard.press("Delete");
    await says(page, /Draw something/);
    await page.keyboard.press("Space");
    for (let i = 0; i < 14; i++) await page.keyboard.press("ArrowDown");
    await says(page, /^1 /);
    expect(await pad.getAttribute("aria-label")).toContain("The pen is down.");
    await page.keyboard.press("Space");

    for (const digit of ["0", "4"]) {
      await page.getByRole("button", { name: `Written ${digit}` }).click();
      await says(page, new RegExp(`^${digit} `));
    }
    expect(await page.locator(".tile").count()).toBe(48);
    await page.getByRole("combobox", { name: "Which parameter" }).selectOption("2.bias");
    await page.getByRole("img", { name: "The weights, 1 × 10, as colours." }).waitFor();
  });

  it("predicts a row as the library does, and says what speaks for it", async () => {
    const page = await site.open("#v=1&part=model&model=iris");
    const model = await loadTableModel(readFileSync(new URL("../../models/iris.safetensors", import.meta.url)));
    const expected = async (row: Record<string, string>): Promise<RegExp> => {
      const { classes, probabilities } = await model.predict([row]);
      const best = Math.max(...(probabilities?.[0] ?? []));
      return new RegExp(`^${classes?.[0]} ${(100 * best).toFixed(best > 0.9995 ? 0 : 1)} % sure`);
    };
    const row = { sepal_length: "5.8", sepal_width: "3", petal_length: "4.35", petal_width: "1.3" };
    await says(page, await expected(row));
    await page.getByRole("textbox", { name: "petal_width" }).fill("2.4");
    await page.getByRole("textbox", { name: "petal_length" }).fill("6");
    await says(page, await expected({ ...row, petal_width: "2.4", petal_length: "6" }));
    await page.getByRole("textbox", { name: "petal_width" }).fill("");
    await page.getByText("petal_width is missing").waitFor();
    await page.getByText("Paste a row of a CSV file").click();
    await page.getByRole("textbox", { name: "A row, as in a CSV file" }).fill("5.1,3.5,1.4,0.2,setosa");
    await says(page, /^setosa/);
    expect(await page.getByRole("textbox", { name: "petal_length" }).inputValue()).toBe("1.4");
    expect(await page.locator(".speaks li").count()).toBe(4);

    // The flow graph of this row: the error signal of the output is p − y.
    const { probabilities } = await model.predict([
      { sepal_length: "5.1", sepal_width: "3.5", petal_length: "1.4", petal_width: "0.2" },
    ]);
    const p = probabilities?.[0] ?? [];
    await page.getByRole("combobox", { name: "What would be right" }).selectOption("virginica");
    await shown(page, "loss")
      .filter({ hasText: String(-Math.log(p[2] ?? 0)).slice(0, 4) })
      .waitFor();
    await page.getByRole("button", { name: "Backward", exact: true }).click();
    await page.getByText("Layer 2 dense; 3 units").click();
    const virginica = page.getByRole("region", { name: "Layer 2" }).getByRole("row", { name: /^virginica/ });
    const delta = (await virginica.getByRole("cell").last().textContent())?.replace("−", "-");
    expect(Number(delta)).toBeCloseTo((p[2] ?? 0) - 1, 3);
    await page.getByRole("button", { name: "Handwritten digits" }).click();
    await says(page, /Draw something/);
    await page.waitForFunction(() => !location.hash.includes("model="));
  });

  it("opens a file, refuses what is none with the reason as text, and goes on", async () => {
    const page = await site.open("#v=1&part=model");
    await says(page, /Draw something/);
    const layer = dense(2, 1);
    layer.weight.value = tensor([[2], [-1]]);
    layer.bias!.value = tensor([0.5]);
    const bytes = await saveModel(sequential(layer, sigmoid), undefined, { record: { note: "<img src=x>" } });
    const open = (name: string, buffer: Uint8Array) =>
      page
        .getByLabel("Model file")
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) });
    await open("mine.safetensors", bytes);
    await page.getByText("mine.safetensors", { exact: true }).waitFor();
    expect(await page.getByText("<img src=x>").count()).toBe(1);
    await page.getByText("not in the link").waitFor();
    expect(new URL(page.url()).hash).not.toContain("mine");
    // σ(½) for zeros; σ(2 · 1 − 0 + ½) = 0.924 after that.
    await says(page, /^1 62\.2 % sure/);
    await page.getByRole("spinbutton", { name: "Input 1" }).fill("1");
    await says(page, /^1 92\.4 % sure/);

    await open("<b>cut</b>.safetensors", bytes.slice(0, -2));
    await page
      .getByRole("alert")
      .getByText("This file cannot be opened. The file is not a valid safetensors file: it is truncated")
      .waitFor();
    await page.getByRole("spinbutton", { name: "Input 1" }).fill("0");
    await says(page, /^1 62\.2 % sure/);

    const files = await page.evaluateHandle((text) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([text], "notes.txt"));
      return dropped;
    }, "no model");
    await page.dispatchEvent("main", "drop", { dataTransfer: files });
    await page.getByText("too few for the length of a header").or(page.getByText("of another kind")).waitFor();
    expect(await page.locator("main img, main b").count()).toBe(0);
    await page.getByRole("button", { name: "Iris flowers" }).click();
    await says(page, /^versicolor/);
    expect(await page.locator(".refused").textContent()).toBe("");
  });
});
