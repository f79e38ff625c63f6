import { launchChromium } from "../../test/support/chromium.ts";
import { serve } from "./server/serve.ts";

const { server, address } = await serve("/tmp/space-site");
const browser = await launchChromium();
const jobs = JSON.parse(process.argv[2] as string) as {
  link: string;
  name: string;
  width?: number;
  dark?: boolean;
  play?: number;
  full?: boolean;
  click?: string[];
}[];
for (const { link, name, width = 1280, dark, play, full, click } of jobs) {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  page.on("console", (m) => console.log(m.text()));
  page.on("pageerror", (e) => console.log(e.message));
  await page.goto(address + link);
  await page.waitForFunction(() => document.querySelector('[data-value="training-loss"]')?.textContent !== "–");
  if (play) {
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.waitForTimeout(play);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
  }
  for (const c of click ?? []) await page.getByText(c).first().click();
  await page.waitForTimeout(600);
  await page.screenshot({ path: `/tmp/shots-space/${name}.png`, fullPage: full ?? false });
  await context.close();
}
await browser.close();
server.closeAllConnections();
server.close();
