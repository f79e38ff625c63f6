/** What the system says of files, in words. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { systemReason } from "../src/failure.ts";

const refusal = (path: string): Promise<unknown> => readFile(path).catch((error: unknown) => error);

test("reasons of the file system have neither codes nor calls", async () => {
  expect(systemReason(await refusal("/nowhere/at/all"))).toBe("there is no such file or folder");
  expect(systemReason(await refusal("/"))).toBe("it is a folder");
  const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/no'"), { code: "EACCES" });
  expect(systemReason(denied)).toBe("permission denied");
  expect(systemReason(new Error("something else"))).toBe("something else");
});
