import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileOf, type Served, serve } from "../../server/serve.ts";

const folder = mkdtempSync(join(tmpdir(), "studio-"));
let site: Served;

beforeAll(async () => {
  mkdirSync(join(folder, "dist/assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(folder, "dist/.hidden"), "secret");
  writeFileSync(join(folder, "dist/index.html"), "<!doctype html>");
  writeFileSync(join(folder, "dist/assets/worker-a1.js"), "1");
  site = await serve(join(folder, "dist"));
});
afterAll(() => {
  site.server.close();
  rmSync(folder, { recursive: true });
});

/** The status line for a path that is sent as it is; browsers and fetch would tidy it. */
const statusOf = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(site.address).port), "127.0.0.1", () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });

describe("the server", () => {
  it("serves files with their types, isolated from other sites", async () => {
    const page = await fetch(site.address);
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "x-content-type-options": "nosniff",
      "cache-control": "no-cache",
      "content-security-policy": expect.stringContaining("script-src 'self' 'wasm-unsafe-eval';"),
    });
    const script = await fetch(`${site.address}assets/worker-a1.js?x=1`);
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(await script.text()).toBe("1");
    expect(await (await fetch(site.address, { method: "HEAD" })).text()).toBe("");
  });

  it("serves nothing else", async () => {
    expect((await fetch(`${site.address}missing.js`)).status).toBe(404);
    expect((await fetch(`${site.address}assets/`)).status).toBe(404);
    expect((await fetch(site.address, { method: "POST" })).status).toBe(405);
    const paths = [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/assets/../../secret.txt",
      "/..%2fsecret.txt",
      "/.hidden",
      "//etc/passwd",
      "/assets\\..\\index.html",
    ];
    for (const path of paths) {
      const answer = await statusOf(path);
      expect(answer, path).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer).not.toContain("secret");
    }
  });

  it("is on this machine only", () => {
    expect(site.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(site.server.address()).toMatchObject({ address: "127.0.0.1" });
  });
});

it("finds files below the path of a site", () => {
  expect(fileOf("/a/b/", "/a/b/")).toBe("index.html");
  expect(fileOf("/a/b/assets/x.js#y", "/a/b/")).toBe(join("assets", "x.js"));
  expect(fileOf("/a/", "/a/b/")).toBeUndefined();
});
