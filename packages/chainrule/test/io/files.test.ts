import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBytes, writeBytes } from "../../src/io/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-io-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SOURCE = fileURLToPath(new URL("../../src/io/files.ts", import.meta.url));

describe("writeBytes", () => {
  it("writes and replaces a file, by path or by URL, and leaves nothing beside it", async () => {
    const path = join(folder, "a file.bin");
    await writeBytes(path, Uint8Array.of(1, 2));
    await writeBytes(pathToFileURL(path), Uint8Array.of(3));
    expect([...readFileSync(path)]).toEqual([3]);
    expect(readdirSync(folder)).toEqual(["a file.bin"]);
  });

  it("leaves everything as it was when the target cannot be replaced", async () => {
    const path = join(folder, "taken");
    mkdirSync(path);
    writeFileSync(join(path, "inside"), "old");
    await expect(writeBytes(path, Uint8Array.of(1))).rejects.toThrow(`${path} cannot be written: `);
    expect(readdirSync(folder)).toEqual(["taken"]);
    expect(readFileSync(join(path, "inside"), "utf8")).toBe("old");
    await expect(writeBytes(join(folder, "no", "such"), Uint8Array.of(1))).rejects.toThrow("cannot be written: ENOENT");
  });

  it.skipIf(process.platform === "win32")("leaves the old file when the new one does not fit on the disk", () => {
    const path = join(folder, "model.bin");
    writeFileSync(path, "old");
    // A limit of 8 blocks on the size of files is met in the middle of writing 1 MB.
    const script = `import { writeBytes } from ${JSON.stringify(pathToFileURL(SOURCE).href)};
      await writeBytes(${JSON.stringify(path)}, new Uint8Array(1e6)).catch((error) => console.log(error.message));`;
    const run = spawnSync(
      "sh",
      ["-c", 'ulimit -f 8; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: "utf8" },
    );
    expect(run.stdout).toContain(`${path} cannot be written: EFBIG`);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["model.bin"]);
  });

  it("says that a browser has no files", () => {
    // Node without its own name is what a browser looks like.
    const script = `import { writeBytes } from ${JSON.stringify(pathToFileURL(SOURCE).href)};
      delete globalThis.process;
      await writeBytes("model.bin", new Uint8Array(1)).catch((error) => console.log(error.message));`;
    expect(
      execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", cwd: folder }),
    ).toContain("model.bin cannot be written: there are no files in a browser. Keep the bytes in another way.");
  });
});

describe("readBytes", () => {
  it("reads a path, a file URL, a web address, and takes bytes as they are", async () => {
    const path = join(folder, "x.bin");
    writeFileSync(path, Uint8Array.of(5, 6));
    const server = createServer((request, response) => {
      if (request.url !== "/x.bin") response.writeHead(404);
      response.end(Uint8Array.of(5, 6));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const source of [path, pathToFileURL(path), new URL(`${web}/x.bin`), Uint8Array.of(5, 6)]) {
        expect([...(await readBytes(source))]).toEqual([5, 6]);
      }
      await expect(readBytes(new URL(`${web}/y.bin`))).rejects.toThrow(
        `${web}/y.bin cannot be read: the server answered 404 Not Found`,
      );
    } finally {
      server.close();
    }
  });

  it("says what cannot be read", async () => {
    await expect(readBytes(join(folder, "missing"))).rejects.toThrow(
      `${join(folder, "missing")} cannot be read: ENOENT`,
    );
    await expect(readBytes(3 as never)).rejects.toThrow("A path, a URL or bytes are needed to read from, not 3.");
  });
});
