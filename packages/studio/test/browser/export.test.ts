/** What is taken away, in a real browser. */
import { readFileSync } from "node:fs";
import { loadModel } from "chainrule/io";
import { params } from "chainrule/nn";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { requireChromium } from "../../../../test/support/chromium.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, fromLink, INITIAL, type OwnTable, type TableColumn, toLink } from "../../src/state/index.ts";
import { runPrograms } from "../support/programs.ts";
import { ready, useSite } from "../support/site.ts";

/** Saves by a button. */
async function save(page: Page, button: string | RegExp): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** How many of each element an SVG file has, and what its texts say, read by the browser. */
const readSVG = (page: Page, text: string) =>
  page.evaluate((source) => {
    const { documentElement: root } = new DOMParser().parseFromString(source, "image/svg+xml");
    const count = (selector: string): number => root.querySelectorAll(selector).length;
    return {
      root: root.tagName,
      points: count("svg > path[transform]"),
      cells: count("g[shape-rendering] path"),
      rings: count("circle"),
      active: count("script, foreignObject, image, [href]"),
      texts: [...root.querySelectorAll("text")].map(({ textContent }) => textContent),
      title: root.querySelector("title")?.textContent,
    };
  }, text);

/** The trainer at the state of the page. */
async function same(link: string): Promise<Trainer> {
  const trainer = new Trainer(fromLink(link));
  await trainer.advance({ epochs: 1 });
  await trainer.advance({ steps: 1 });
  return trainer;
}

async function train(page: Page, steps: number): Promise<void> {
  await ready(page);
  await page.getByRole("button", { name: "One epoch" }).click();
  await page.getByRole("button", { name: "One step" }).click();
  await page.waitForFunction(
    (count) => document.querySelector('[data-value="step"]')?.textContent === String(count),
    steps,
  );
  await page.getByText("Export", { exact: true }).click();
}

describe.skipIf(!requireChromium("the tests of the studio's exports"))("the export", () => {
  const site = useSite();

  it("gives pictures, data, weights and the program of the run", async () => {
    const link = "#v=1&data=gaussians&classes=3&layers=4-2&own=1,2,1&showTest=yes";
    const page = await site.open(link);
    await train(page, 16);
    const trainer = await same(link);

    const picture = await save(page, "SVG");
    expect(picture.name).toBe("gaussians.svg");
    const drawn = await readSVG(page, picture.bytes.toString());
    // 140 training points, one of the visitor's with a ring, 60 test points, and three in the legend.
    expect(drawn).toMatchObject({ root: "svg", points: 140 + 1 + 60 + 3, rings: 1, active: 0 });
    expect(drawn.texts).toEqual([..."−3,−2,−1,0,1,2,3,−3,−2,−1,0,1,2,3,x,y,class 0,class 1,class 2".split(",")]);
    const loss = trainer.snapshot().training.loss.toPrecision(3);
    expect(drawn.title).toBe(
      `The decisions of a network after 16 steps, with 141 training points; training loss ${loss}.`,
    );

    const { name, bytes } = await save(page, "PNG");
    expect(name).toBe("gaussians.png");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1360, 1400]);

    const network = await readSVG(page, (await save(page, /^Network/)).bytes.toString());
    expect(network).toMatchObject({ root: "svg", active: 0 });
    expect(network.texts).toEqual(["features", "x", "y", "layer 1", "layer 2", "output"]);

    const csv = (await save(page, /^Data/)).bytes.toString().split("\n");
    expect(csv).toHaveLength(1 + 141 + 60 + 1);
    expect(csv[0]).toBe("x,y,class,split");
    expect(csv[1]).toBe(`${trainer.examples.training?.points[0]?.join()},training`);
    expect(csv[141]).toBe("1,2,1,training");
    expect(csv.at(-2)).toBe(`${trainer.examples.test?.points.at(-1)?.join()},test`);

    const weights = await save(page, /^Weights/);
    expect(weights.name).toBe("gaussians.safetensors");
    const values = Object.values(params(await loadModel(new Uint8Array(weights.bytes)))).flatMap(({ value }) => [
      ...value.dataSync(),
    ]);
    expect(values).toEqual([...trainer.weights]);
    await page.getByText("Saved as gaussians.safetensors.").waitFor();
  });

  it("shows the run as a program that gives the same numbers", async () => {
    const link = "#v=1&data=xor&layers=3&features=x,y,sinx&optimizer=adam&regularizer=l2";
    const page = await site.open(link, { permissions: ["clipboard-read", "clipboard-write"] });
    await train(page, 15);
    await page.getByRole("button", { name: /^This run as a program/ }).click();
    const dialog = page.getByRole("dialog", { name: /^This run as a program/ });
    const text = (await dialog.locator("pre").textContent()) ?? "";
    const trainer = await same(link);
    const loss = trainer.snapshot().training.loss.toPrecision(3);
    const printed = `The training loss after 15 steps is ${loss}.`;
    expect(runPrograms([text])).toEqual([{ printed, weights: [...trainer.weights] }]);
    await dialog.getByRole("button", { name: "Copy" }).click();
    await dialog.getByText("Copied.").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    const saved = await save(page, "Save");
    expect([saved.name, saved.bytes.toString()]).toEqual(["xor.ts", text]);
    // The page behind the dialog neither plays nor undoes.
    await dialog.locator("pre").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    const button = page.locator(".transport .primary");
    expect([await button.innerText(), await page.locator('[data-value="step"]').textContent()]).toEqual(["Play", "15"]);
    // What can be scrolled keeps its space bar.
    await page.getByRole("region", { name: "Units and their connections" }).focus();
    await page.keyboard.press("Space");
    expect(await button.innerText()).toBe("Play");
    await page.locator("main").focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("gives a table in its own columns and units, whatever it says", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => [i / 4, 100 - i * i, i % 2 === 0 ? "<b>" : 'a, "b"']);
    const columns: TableColumn[] = [
      { name: "long, side", values: Float64Array.from(rows, ([x]) => x as number) },
      { name: "<script>", values: Float64Array.from(rows, ([, y]) => y as number) },
      { name: "kind", values: Float64Array.from(rows, (_, i) => i % 2), words: ["<b>", 'a, "b"'] },
    ];
    const table: OwnTable = { columns, x: 0, y: 1, target: 2, task: "classes", more: [] };
    const link = toLink(change(INITIAL, { data: "table", table, testShare: 0.25, layers: [2], own: [[0, 0, 1]] }));
    const page = await site.open(`#${link}`);
    await train(page, 2);
    const drawn = await readSVG(page, (await save(page, "SVG")).bytes.toString());
    expect(drawn).toMatchObject({ root: "svg", points: 9 + 1 + 2, active: 0 });
    expect(drawn.texts).toEqual(expect.arrayContaining(["long, side", "<script>", "<b>", 'a, "b"', "100"]));
    const network = await readSVG(page, (await save(page, /^Network/)).bytes.toString());
    expect(network.active).toBe(0);
    const [header, ...lines] = (await save(page, /^Data/)).bytes.toString().trimEnd().split("\n");
    expect(header).toBe('"long, side",<script>,kind,split');
    const wanted = rows.map(([x, y, kind]) => `${x},${y},${kind === "<b>" ? kind : '"a, ""b"""'}`);
    // The point in the middle of the picture is at the means.
    const middle = lines.filter((line) => line.startsWith("1.375,"));
    expect(middle).toHaveLength(1);
    const told = lines.filter((line) => line !== middle[0]).map((line) => line.replace(/,(training|test)$/, ""));
    expect(told.sort()).toEqual(wanted.sort());
    expect(lines.filter((line) => line.endsWith(",test"))).toHaveLength(3);
  });

  it("takes all of a picture from one network, where another is chosen in the same moment", async () => {
    const page = await site.open("#v=1&data=circles");
    await ready(page);
    await page.getByText("Export", { exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.evaluate(() => {
        for (const choice of document.querySelectorAll("label"))
          if (choice.textContent?.includes("XOR")) choice.click();
        for (const button of document.querySelectorAll("button")) if (button.textContent === "SVG") button.click();
      }),
    ]);
    expect(file.suggestedFilename()).toBe("xor.svg");
    const again = await save(page, "SVG");
    expect(readFileSync(await file.path()).equals(again.bytes)).toBe(true);
  });

  it("gives values of a regression, and says where there is nothing", async () => {
    const page = await site.open("#v=1&data=ripple&points=20");
    await train(page, 3);
    const drawn = await readSVG(page, (await save(page, "SVG")).bytes.toString());
    expect(drawn).toMatchObject({ points: 14 + 3, active: 0 });
    expect(drawn.texts.slice(-3)).toEqual(["−1", "0", "1"]);
    expect((await save(page, /^Data/)).bytes.toString()).toMatch(/^x,y,value,split\n/);
    // As a browser without memory for it answers.
    await page.evaluate(() => {
      HTMLCanvasElement.prototype.toBlob = (answer) => answer(null);
    });
    await page.getByRole("button", { name: "PNG" }).click();
    await page.getByText("The picture is too large.").waitFor();
    const none = await site.open("#v=1&data=own");
    await none.getByText("There are no points to learn from yet.").waitFor();
    await none.getByText("Export", { exact: true }).click();
    await none.getByRole("button", { name: /^Weights/ }).click();
    await none.getByText("There is nothing to take away yet.").waitFor();
  });
});
