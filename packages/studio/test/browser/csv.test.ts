/** The visitor's own table, in a real browser. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { fromLink } from "../../src/state/index.ts";
import { IRIS } from "../support/iris.ts";
import { ready, shown, useSite } from "../support/site.ts";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const field = (page: Page) => page.getByRole("textbox", { name: "Table as text (CSV)" });
const choice = (page: Page, name: string) => page.getByRole("combobox", { name });

/** Opens a file as the visitor does by the button. */
const openFile = (page: Page, name: string, text: string) =>
  page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** Drops a file on the panel of the data: a text that is repeated. */
const dropFile = (page: Page, name: string, text: string, times = 1) =>
  page.locator("section.data").evaluate(
    (panel, [name, text, times]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(Array(times).fill(text), name));
      panel.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, text, times] as const,
  );

/** The text of a file that is saved by a button of the export. */
async function exported(page: Page, name: string | RegExp): Promise<string> {
  await page.getByText("Export", { exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).first().click()]);
  await page.getByText("Export", { exact: true }).click();
  return readFileSync(await file.path(), "utf8");
}

/** The hash of the address, once the page has written it. */
async function linkOf(page: Page, contains: string): Promise<string> {
  await page.waitForFunction((text) => location.hash.includes(text), contains);
  return new URL(page.url()).hash;
}

describe.skipIf(!requireChromium("the tests of the studio's own tables"))("a table of one's own", () => {
  const site = useSite();

  it("is pasted, its columns are chosen, and it is learned; its link restores it", async () => {
    const page = await site.open("#v=1&data=table", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByText("There is no table yet. Paste one, drop a file or open one under “Your own table”.").waitFor();
    await page.evaluate((text) => navigator.clipboard.writeText(text), IRIS);
    await field(page).focus();
    await page.keyboard.press("Control+v");
    await choice(page, "What to predict").waitFor();
    expect(await choice(page, "What to predict").locator("option:checked").textContent()).toBe("species");
    await choice(page, "Across").selectOption({ label: "petal_length" });
    await choice(page, "Upwards").selectOption({ label: "petal_width" });
    await page.getByRole("checkbox", { name: "sepal_width" }).check();
    const link = await linkOf(page, "features=x,y,c1");
    expect(link).toMatch(
      /table=petal_length,1\.4,.*;petal_width,0\.2,.*;sepal_width,3\.5,.*;species,setosa,versicolor,virginica;0{20}1{20}2{20}&/,
    );
    await ready(page);
    expect(await page.locator(".brush label").allTextContents()).toEqual(["● setosa", "■ versicolor", "▲ virginica"]);
    expect(await page.locator(".axis-units").innerText()).toMatch(/petal_length.*\n.*to .*, the mean ± \d\.\d σ/);
    await page.getByRole("button", { name: "sepal_width", pressed: true }).waitFor();

    for (let epoch = 1; epoch <= 2; epoch++) {
      await button(page, "One epoch").click();
      await page.waitForFunction(
        (n) => document.querySelector('[data-value="epoch"]')?.textContent === String(n),
        epoch,
      );
    }
    const trainer = new Trainer(fromLink(link));
    await trainer.advance({ epochs: 2 });
    expect(await shown(page, "training-loss").textContent()).toBe(trainer.snapshot().training.loss.toPrecision(3));
    await button(page, "Play").click();
    await page.waitForFunction(
      () => Number.parseFloat(document.querySelector('[data-value="accuracy"]')?.textContent ?? "") >= 95,
    );

    const restored = await site.open(link);
    await ready(restored);
    await restored.getByText("From the link").waitFor();
    expect(await choice(restored, "Upwards").locator("option:checked").textContent()).toBe("petal_width");
    await button(restored, "One epoch").click();
    await restored.waitForFunction(() => document.querySelector('[data-value="epoch"]')?.textContent === "1");
    await button(restored, "One epoch").click();
    await restored.waitForFunction(() => document.querySelector('[data-value="epoch"]')?.textContent === "2");
    expect(await shown(restored, "training-loss").textContent()).toBe(trainer.snapshot().training.loss.toPrecision(3));
  });

  it("is dropped or opened, taken back, and added to", async () => {
    const page = await site.open("#v=1&data=xor");
    await ready(page);
    const prices = `size,age,price\n${Array.from({ length: 40 }, (_, i) => `${i + 0.5},${i % 9},${100 * i + 100}`).join("\n")}\n50,,100`;
    await dropFile(page, "prices.csv", prices);
    await page.getByText("prices.csv", { exact: true }).waitFor();
    expect(await page.getByText("41 rows, 3 columns.").isVisible()).toBe(true);
    await page
      .getByText("One row is left out, with no usable value in a chosen column; the first is line 42, “age”.")
      .waitFor();
    await linkOf(page, "data=table&table=size,0.5,");
    expect(await page.locator(".scale").innerText()).toMatch(/\b100\s+4000/);
    await page.getByText("Your own points: 0").click();
    await page.getByRole("spinbutton", { name: "size" }).fill("20");
    await page.getByRole("spinbutton", { name: "age" }).fill("4");
    await button(page, "Add").click();
    await page.getByText("(20, 4): 4000").waitFor();
    const saved = await exported(page, /^Data/);
    // 40 rows, of which 30 % are for the test, and the one that was added.
    expect(saved.trim().split("\n")).toHaveLength(1 + 40 + 1);
    expect(saved).toMatch(/^size,age,price,split\n/);
    expect(saved).toContain("\n12.5,3,1300,");
    expect(saved.match(/,test$/gm)).toHaveLength(12);
    expect(saved).toMatch(/\n20,3\.9999\d*,4000,training\n/);
    await button(page, "Undo").click();
    await button(page, "Undo").click();
    await page.getByRole("radio", { name: "XOR", checked: true }).waitFor({ state: "attached" });
    expect(await linkOf(page, "data=xor")).toBe("#v=1&data=xor");
    await button(page, "Redo").click();
    await page.getByText("prices.csv", { exact: true }).waitFor();
    await page.getByText("Take another table").click();
    await field(page).fill(IRIS);
    await button(page, "Use this text").click();
    await page.getByText("the pasted text", { exact: true }).waitFor();
    await linkOf(page, "species,setosa");
    const picture = await exported(page, "SVG");
    expect(picture).toContain(">setosa</text>");
    expect(picture).toContain(">sepal_length</text>");
    expect(await exported(page, /^Data/)).toContain("\n5.1,3.5,setosa,");
  });

  it("stays in the page if it is too large for a link", async () => {
    const page = await site.open("#v=1&data=table");
    await openFile(
      page,
      "large.csv",
      `a,b,c\n${Array.from({ length: 6000 }, (_, i) => `${i},${(i * i) % 101},${i % 2}`).join("\n")}`,
    );
    await page.getByText("5,000 of the rows are used, at even distances.").waitFor();
    await ready(page);
    await page.getByText("Share", { exact: true }).click();
    expect(await page.locator(".sheet", { hasText: "The address" }).innerText()).toContain(
      "your table is too large for it",
    );
    expect(await button(page, "Copy it with the present weights").count()).toBe(0);
    await button(page, "One epoch").click();
    await page.waitForFunction(() => document.querySelector('[data-value="epoch"]')?.textContent === "1");
    expect(await linkOf(page, "data=table")).toBe("#v=1&data=table");
    await page.getByText("Too large for a link").waitFor();
  });

  it("is refused with a reason where it is hostile or broken, and the page goes on", async () => {
    const page = await site.open();
    await ready(page);
    const problem = page.locator("section.data [role=alert]");
    const refused = async (reason: string): Promise<void> => {
      await problem.getByText(reason).waitFor();
    };
    await dropFile(page, "<img src=x onerror=alert(1)>.csv", 'a,b,c\n1,2,"3\n');
    await refused("“<img src=x onerror=alert(1)>.csv” cannot be read: the quote that opens on line 2 is never closed.");
    await dropFile(page, "large.csv", "1,2,3\n".repeat(1000), 8400);
    await refused("“large.csv” cannot be read: it has 50.4 MB, and at most 2 MB are read.");
    await dropFile(page, "wide.csv", ",".repeat(1_000_000));
    await refused("it has 1,000,001 columns, and at most 100 are read.");
    await dropFile(page, "picture.png", "\x89PNG\r\n\0\0\0");
    await refused("it is no text: line 2 has the control character 0.");
    await page.getByRole("radio", { name: "Circles", checked: true }).waitFor({ state: "attached" });
    await dropFile(
      page,
      "script.csv",
      '<script>alert(1)</script>,=1+1,"<img src=x onerror=alert(1)>"\n1,2,a\n2,5,b\n3,1,a\n',
    );
    await page.locator(".axis-units").getByText("<script>alert(1)</script>").waitFor();
    expect(await problem.textContent()).toBe("");
    expect(await page.locator("main img, main script").count()).toBe(0);
    await ready(page);
    await button(page, "One step").click();
    await page.waitForFunction(() => document.querySelector('[data-value="step"]')?.textContent === "1");
  });
});
