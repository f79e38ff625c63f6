/** The built site in a real browser, and all that must not happen there. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { launchChromium } from "../../../../test/support/chromium.ts";
import { type Served, serve } from "../../server/serve.ts";

export interface Site {
  /** Where it was built. */
  readonly folder: string;
  /** Opens a page with a link. When the test ends, nothing may have gone wrong in it. */
  open(link?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** The site, served below a path. */
export function useSite(): Site {
  const folder = inject("site");
  let served: Served;
  let browser: Browser;
  let complaints: string[] = [];
  const pages: Page[] = [];

  beforeAll(async () => {
    served = await serve(folder, 0, "/some/where/");
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    served?.server.closeAllConnections();
    served?.server.close();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    const found = complaints;
    complaints = [];
    expect(found).toEqual([]);
  });

  return {
    folder,
    async open(link = "", options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      pages.push(page);
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(served.address) && !url.startsWith("data:")) complaints.push(`request: ${url}`);
      });
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) => {
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      await page.goto(`${served.address}${link}`);
      return page;
    },
  };
}

/** One of the numbers that the page tells. */
export const shown = (page: Page, name: string) => page.locator(`[data-value="${name}"]`);

/** Waits until the page has the numbers of a network. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[data-value="training-loss"]')?.textContent !== "–");
}

/** Waits until one of the numbers is larger than this; thousands are told as "1,014". */
export async function beyond(page: Page, name: string, least: number): Promise<void> {
  await page.waitForFunction(
    ([key, limit]) =>
      Number.parseFloat(document.querySelector(`[data-value="${key}"]`)?.textContent?.replaceAll(",", "") ?? "") >
      limit,
    [name, least] as const,
  );
}
