import { chromium } from "playwright-core";
import { serve } from "./server/serve.ts";

const { server, address } = await serve("/tmp/site/");
const b = await chromium.launch({ executablePath: "/usr/bin/chromium" });
const jobs = JSON.parse(process.argv[2]);
for (const [name, link, w, scheme, play] of jobs) {
  const p = await b.newPage({ viewport: { width: w, height: w < 500 ? 844 : 800 }, colorScheme: scheme });
  p.on("console", (m) => {
    if (m.type() !== "log") console.log(name, m.type(), m.text());
  });
  p.on("pageerror", (e) => console.log(name, "pageerror", e.message));
  await p.goto(address + link);
  await p.waitForTimeout(2500);
  if (play) {
    await p.getByRole("button", { name: "Play", exact: true }).first().click();
    await p.waitForTimeout(2500);
    await p.getByRole("button", { name: "Pause", exact: true }).first().click();
    await p.waitForTimeout(400);
  }
  await p.screenshot({ path: `/tmp/shots/${name}.png`, fullPage: true });
  await p.close();
}
await b.close();
server.close();
server.closeAllConnections();
