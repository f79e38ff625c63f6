/** `chainrule studio` as a process of its own. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { folderOf } from "../support/catalogue.ts";
import { chainrule, type Finished, finished, startChainrule } from "../support/command.ts";

const running: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Starts it, and waits until it says where it is. */
async function start(port: string) {
  const child = startChainrule(["studio", "--port", port]);
  running.push(child);
  const end = finished(child);
  const address = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part: Buffer) => {
      text += part;
      const found = /^The studio is at (http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(text);
      if (found !== null) resolve(found[1] as string);
    });
    void end.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { child, end, address };
}

test("serves the studio until Ctrl-C, on another port where one is taken", async () => {
  const one = await start("0");
  const page = await fetch(one.address);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  const text = await page.text();
  expect(text).toContain("<title>Chainrule Studio</title>");
  const script = /src="\.\/(assets\/index-[\w-]+\.js)"/.exec(text)?.[1] ?? "";
  expect((await fetch(one.address + script)).status).toBe(200);

  const taken = new URL(one.address).port;
  const other = await start(taken);
  expect(new URL(other.address).port).not.toBe(taken);
  expect((await fetch(other.address)).status).toBe(200);
  other.child.kill("SIGINT");
  const { status, stdout, stderr } = await other.end;
  expect([status, stdout]).toEqual([0, `The studio is at ${other.address}\nStop it with Ctrl-C.\n`]);
  expect(stderr).toBe(`Building the studio ...\nPort ${taken} is taken; another one is used.\n`);

  one.child.kill("SIGINT");
  expect((await one.end).status).toBe(0);
  await expect(fetch(one.address)).rejects.toThrow();
});

/** Runs the command where a name leads elsewhere. @param resolve the body of a function of a name, which gives a result or nothing */
const elsewhere = (resolve: string): Promise<Finished> => {
  const hooks = `import { registerHooks } from "node:module";
    const other = (name) => { ${resolve} };
    registerHooks({ resolve: (name, context, next) => other(name) ?? next(name, context) });`;
  return chainrule(["studio"], { node: ["--import", `data:text/javascript,${encodeURIComponent(hooks)}`] });
};

test("says what is missing of an installation", async () => {
  const again = "Install it again: npm install @chainrule/studio\n";
  expect(
    await elsewhere(`if (name === "@chainrule/studio/server")
      throw Object.assign(new Error("no such package"), { code: "ERR_MODULE_NOT_FOUND" });`),
  ).toEqual({ status: 2, stdout: "", stderr: `error: the package @chainrule/studio is not there. ${again}` });
  using folder = folderOf({ "package.json": "{}" });
  const empty = pathToFileURL(join(folder.path, "package.json")).href;
  expect(
    await elsewhere(`if (name === "@chainrule/studio/package.json") return { url: "${empty}", shortCircuit: true };`),
  ).toEqual({ status: 2, stdout: "", stderr: `error: the studio's pages are not there. ${again}` });
});

test.each(["80a", "-1", "65536", "1.5", ""])("refuses the port %j", async (port) => {
  const { status, stdout, stderr } = await chainrule(["studio", "--port", port]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    `error: option '--port <n>' argument '${port}' is invalid. It must be an integer from 0 to 65535.\n`,
  );
});
