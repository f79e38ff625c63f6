// The Chromium of the tests that need a real browser: that of the machine or, where there is none, one that Playwright fetches.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodePath, root, run, say } from "./setup.mjs";

/** Where systems and people put Chromium and Chrome. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/snap/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Its program file: what CHROMIUM says and nothing else, or the first that is there. @returns {Promise<string | undefined>} */
export async function findBrowser() {
  const told = process.env.CHROMIUM;
  if (told) return existsSync(told) ? told : undefined;
  const { chromium } = await import("playwright-core");
  return [...USUAL_PLACES, chromium.executablePath()].find((path) => existsSync(path));
}

/** Fetches one where none is. Without it the tests say what they skip, and fail in CI. */
export async function installBrowser() {
  if (process.env.CHROMIUM || (await findBrowser()) !== undefined) return;
  say("Fetching Chromium for the tests in a browser (about 180 MB, once) ...");
  const cli = join(root, "node_modules/playwright-core/cli.js");
  const status = await run(nodePath(), [cli, "install", "--no-shell", "chromium"], { stdio: ["ignore", 2, 2] });
  if (status !== 0) say("Chromium could not be fetched; the lines above say why. The tests that need it are left out.");
}
