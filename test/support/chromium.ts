/** A real browser for tests. */
import { type Browser, chromium } from "playwright-core";
import { expect, it } from "vitest";
import { findBrowser } from "../../scripts/browser.mjs";

const executablePath = await findBrowser();

/** Whether there is one. If not, says what is skipped and how to get it, and in CI adds a test that fails. */
export function requireChromium(what: string): boolean {
  if (executablePath !== undefined) return true;
  const advice =
    `There is no Chromium${process.env.CHROMIUM ? ` at ${process.env.CHROMIUM}` : ""}. \`npm test\` fetches one; or install it ` +
    "(Debian: apt-get install chromium), or say where it is: CHROMIUM=/path/to/chromium npm test";
  process.stderr.write(`\nSKIPPED: ${what}. ${advice}\n\n`);
  if (process.env.CI) it("finds a browser", () => expect.fail(advice));
  return false;
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
