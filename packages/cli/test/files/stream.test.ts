import { expect, test } from "vitest";
import { ended, startScript } from "../support/script.ts";

/** 20 MB of CSV, made while it is read: rows of 80 bytes. */
const ROWS = 250_000;

function* csv(): Generator<string> {
  yield "a,b,c,d,e,f,g,h,kind\n";
  for (let i = 0; i < ROWS; i += 1000) {
    let text = "";
    for (let j = i; j < i + 1000; j++) text += `${j},${"0.1234567,".repeat(7)}${j % 3 ? "yes" : "no"}\n`;
    yield text;
  }
}

test("a table from standard input that is larger than memory", async () => {
  const body = `
    const file = await files.openTable("-");
    let [rows, sum, last] = [0, 0, ""];
    for await (const batch of file.batches()) {
      for (const row of batch.rows) sum += Number(row[0]);
      rows += batch.rows.length;
      last = batch.place(batch.rows.length - 1);
    }
    await file.close();
    console.log(JSON.stringify([file.name, file.format, rows, sum, last]));`;
  // A heap of 24 MB: the rows, as texts in arrays, would take four times as much.
  const child = startScript(body, { node: ["--max-old-space-size=24"] });
  const { Readable } = await import("node:stream");
  Readable.from(csv()).pipe(child.stdin);
  const { status, stdout, stderr } = await ended(child);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual(["standard input", "csv", ROWS, (ROWS * (ROWS - 1)) / 2, `line ${ROWS + 1}`]);
});

test("nothing on standard input", async () => {
  const child = startScript(`await files.openTable("-").catch((error) => console.log(error.message));`);
  child.stdin.end();
  expect((await ended(child)).stdout).toBe("standard input is empty.\n");
});
