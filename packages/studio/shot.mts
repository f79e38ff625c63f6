import { mkdirSync } from "node:fs";
import { build } from "vite";
import { launchChromium } from "../../test/support/chromium.ts";
import { serve } from "./server/serve.ts";

const out = "/tmp/shots-flow";
mkdirSync(out, { recursive: true });
const links = JSON.parse(process.argv[2]!) as [string, string, number, string][];
if (process.argv[3] !== "nobuild")
  await build({
    configFile: "vite.config.ts",
    mode: "production",
    logLevel: "error",
    build: { outDir: "/tmp/shots-flow/dist", emptyOutDir: true },
  });
const served = await serve("/tmp/shots-flow/dist", 0, "/");
const browser = await launchChromium();
for (const [name, link, width, colorScheme] of links) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: colorScheme as "light" });
  const page = await context.newPage();
  page.on("console", (m) => console.log(name, m.type(), m.text()));
  page.on("pageerror", (m) => console.log(name, m.message));
  await page.goto(served.address + link);
  await page.waitForSelector(".flow-node");
  await page.waitForTimeout(900);
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: true });
  await context.close();
}
await browser.close();
served.server.closeAllConnections();
served.server.close();
