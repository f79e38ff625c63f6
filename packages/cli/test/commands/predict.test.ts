/** `chainrule predict` on real files: what it writes, to the last character. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadTableModel } from "chainrule/io";
import { type Row, Table, type TableModel } from "chainrule/table";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../src/commands/predict/run.ts";
import { formatRow } from "../../src/files/index.ts";
import { chainrule, startChainrule } from "../support/command.ts";
import { PRICE, SOLD, shop, shopFor, writeModel } from "../support/shop.ts";
import { contentOf, fixture, temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const inside = (name: string): string => join(folder, name);
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(inside(name), content);
  return name;
};
/** As other programs read CSV: nothing is trimmed, nothing converted. */
const cellsOf = (csv: string, delimiter = ","): string[][] => parse(csv, { delimiter });

const csvOf = (rows: readonly Row[], delimiter = ","): string => {
  const { names } = Table.fromRows(rows);
  const lines = rows.map((row) => names.map((name) => row[name] ?? null));
  return [names, ...lines].map((cells) => formatRow(cells, delimiter)).join("");
};

async function predict(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await chainrule(["predict", ...args], { cwd: folder });
  expect([status, stderr]).toEqual([0, expect.not.stringContaining("error")]);
  return stdout;
}

async function fails(args: readonly string[], input?: string | Uint8Array): Promise<string> {
  const before = readdirSync(folder);
  const finished = await chainrule(["predict", ...args], { cwd: folder, ...(input === undefined ? {} : { input }) });
  expect(finished.status).toBe(2);
  expect(finished.stderr).not.toContain("    at ");
  expect(readdirSync(folder)).toEqual(before);
  return finished.stderr;
}

let sold: TableModel;

beforeAll(async () => {
  await writeModel(inside("sold.safetensors"), shopFor(SOLD, 120), SOLD);
  await writeModel(inside("price.safetensors"), shopFor(PRICE, 120), PRICE);
  sold = await loadTableModel(inside("sold.safetensors"));
});

describe("predictions", () => {
  test("are the bits of the library, however the rows are cut into batches, and read back as the same numbers", async () => {
    const rows = shopFor(SOLD, 2345);
    write("many.csv", csvOf(rows));
    const [head, ...lines] = cellsOf(await predict("sold.safetensors", "many.csv"));
    expect(head).toEqual([
      ...["size", "color", "day", SOLD, `${SOLD}_predicted`],
      ...[`${SOLD}_probability_no, "thanks"`, `${SOLD}_probability_yes\nplease`],
    ]);
    const { classes, probabilities } = await sold.predict(rows);
    expect(lines.map((cells) => cells[4])).toEqual(classes);
    expect(new Set(classes).size).toBe(2);
    lines.forEach((cells, i) => {
      expect([Number(cells[5]), Number(cells[6])]).toEqual(Array.from(probabilities?.[i] as Float64Array));
    });
    for (const i of [0, 255, 256, 999, 1000, 2344]) {
      const alone = await sold.predict([rows[i] as Row]);
      expect((lines[i] as string[]).slice(5).map(Number)).toEqual(Array.from(alone.probabilities?.[0] as Float64Array));
    }
  });

  test("of a regression are values on the target's scale, without probabilities", async () => {
    const rows = shopFor(PRICE, 40);
    write("prices.csv", csvOf(rows));
    const [head, ...lines] = cellsOf(await predict("price.safetensors", "prices.csv"));
    expect(head?.slice(3)).toEqual([PRICE, `${PRICE}_predicted`]);
    const { values } = await (await loadTableModel(inside("price.safetensors"))).predict(rows);
    expect(lines.map((cells) => Number(cells[4]))).toEqual(Array.from(values as Float64Array));
  });

  test("the target need not be there; a threshold moves what is predicted, and is told", async () => {
    const rows = shop(50).map(({ size, color, day }) => ({ size, color, day }) as Row);
    write("new.csv", csvOf(rows));
    const args = ["sold.safetensors", "new.csv", "--only-predictions"];
    const { stdout, stderr } = await chainrule(["predict", ...args, "--threshold", "0.4"], { cwd: folder });
    const { classes, probabilities } = await sold.predict(rows, { threshold: 0.4 });
    const [head, ...lines] = cellsOf(stdout);
    expect(head).toHaveLength(3);
    expect(lines.map(([name]) => name)).toEqual(classes);
    expect(classes).toEqual(probabilities?.map((p) => ((p[1] as number) > 0.4 ? "yes\nplease" : 'no, "thanks"')));
    expect(classes).not.toEqual((await sold.predict(rows)).classes);
    expect(stderr).toBe(
      '"yes\\nplease" is predicted where its probability is above 0.4.\n' +
        '"size": 3 values missing, the first in line 5; they count as 12, the median of the training rows.\n50 rows written.\n',
    );
  });

  test("--only-predictions and --no-probabilities leave one column", async () => {
    const text = await predict("price.safetensors", write("p.csv", csvOf(shopFor(PRICE, 3))), "--only-predictions");
    expect(text).toMatch(/^price \(CHF\)_predicted\n[\d.]+\n[\d.]+\n[\d.]+\n$/);
    const two = await predict("sold.safetensors", "many.csv", "--only-predictions", "--no-probabilities", "--quiet");
    expect(cellsOf(two).every((cells) => cells.length === 1)).toBe(true);
  });
});

describe("the rows", () => {
  const options = ["--no-probabilities", "--quiet"];
  const name = '"sold, ""really""_predicted"';

  test("stay as they were written: quotes, line breaks, spaces in quotation marks, numbers, blank cells", async () => {
    const text =
      'size,color,day,"a ""note"", long"\n' +
      '1.50,red,2024-01-02,"two\r\nlines"\n' +
      'NA,"gr""een",02024,"  spaces  "\n' +
      '1e3,,2024-01-03,"a,b"\n' +
      "+7, blue ,2024-01-03,=1+1\n";
    write("hostile.csv", text);
    const { classes } = await sold.predict([
      { size: "1.50", color: "red", day: "2024-01-02" },
      { size: "NA", color: 'gr"een', day: "02024" },
      { size: "1e3", color: null, day: "2024-01-03" },
      { size: "+7", color: "blue", day: "2024-01-03" },
    ]);
    const said = (classes as string[]).map((c) => formatRow([c]).trimEnd());
    expect(await predict("sold.safetensors", "hostile.csv", ...options)).toBe(
      `size,color,day,"a ""note"", long",${name}\n` +
        `1.50,red,2024-01-02,"two\r\nlines",${said[0]}\n` +
        `NA,"gr""een",02024,"  spaces  ",${said[1]}\n` +
        `1e3,,2024-01-03,"a,b",${said[2]}\n` +
        `+7,blue,2024-01-03,=1+1,${said[3]}\n`,
    );
  });

  test("keep the delimiter of the file and the decimal comma, with which they are read", async () => {
    write("comma.csv", "size;color;day\n1,50;red;2024-01-02\n1.234,5;blue;2024-01-02\n");
    const { values } = await (await loadTableModel(inside("price.safetensors"))).predict([
      { size: 1.5, color: "red", day: "2024-01-02" },
      { size: 1234.5, color: "blue", day: "2024-01-02" },
    ]);
    expect(await predict("price.safetensors", "comma.csv", "--decimal-comma")).toBe(
      `size;color;day;price (CHF)_predicted\n1,50;red;2024-01-02;${values?.[0]}\n1.234,5;blue;2024-01-02;${values?.[1]}\n`,
    );
  });

  test("are read from UTF-8 with a mark, UTF-16, gzip and standard input, all to the same", async () => {
    const text = csvOf(shopFor(SOLD, 30).map((row) => ({ ...row, ört: "Zürich 漢字 🌲" })));
    const expected = await predict("sold.safetensors", write("plain.csv", text), "--quiet");
    expect(expected).toContain("Zürich 漢字 🌲");
    write("mark.csv", `\ufeff${text}`);
    write("wide.csv", Buffer.from(`\ufeff${text}`, "utf16le"));
    write("packed.csv.gz", gzipSync(text));
    for (const file of ["mark.csv", "wide.csv", "packed.csv.gz"])
      expect(await predict("sold.safetensors", file, "--quiet")).toBe(expected);
    const piped = await chainrule(["predict", "sold.safetensors", "-"], { cwd: folder, input: text });
    expect([piped.status, piped.stdout]).toEqual([0, expected]);
  });

  test("of a Parquet file are written as CSV, its integers with all digits", async () => {
    const { columns, rows } = await contentOf(fixture("plants-snappy.parquet"));
    const table = new Table(
      columns,
      columns.map((_, j) => rows.map((row) => row[j] ?? null)),
    );
    const labelled = table.select(["length", "ripe", "picked", "half", "kind"]).take([0, 1, 2, 0, 1, 2]);
    const kinds = { length: "number", picked: "date", half: "number", ripe: "boolean" } as const;
    const model = await writeModel(inside("plants.safetensors"), labelled, "kind", { kinds });
    const lines = cellsOf(await predict("plants.safetensors", fixture("plants-snappy.parquet"), "--no-probabilities"));
    expect(lines[0]).toEqual([...columns, "kind_predicted"]);
    const { classes } = await model.predict(table);
    rows.forEach((row, i) => {
      expect(lines[i + 1]).toEqual([...row.map((cell) => (cell === null ? "" : String(cell))), classes?.[i]]);
    });
    expect(lines[4]?.[2]).toBe("1152921504606846977");
  });

  test("whatever they hold, another program reads them as they were", async () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "ü", ",", ";", '"', "'", "\n", "\r", "\t", " ", "=", "\ufeff", "🌲"),
    });
    const names = fc.uniqueArray(
      text.filter((t) => t.trim() !== ""),
      { minLength: 1, maxLength: 3, selector: (t) => t.trim() },
    );
    const tables = names.chain((columns) =>
      fc.tuple(
        fc.constant(columns.map((column) => column.trim())),
        fc.array(fc.array(text, { minLength: columns.length, maxLength: columns.length }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(",", ";", "\t", "::", "|-"),
      ),
    );
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(tables, async ([columns, rows, delimiter]) => {
        const all = [
          ["size", "color", "day", ...columns.map((column) => `x${column}`)],
          ...rows.map((row) => ["1", "red", "2024-01-01", ...row]),
        ];
        writeFileSync(inside("any.csv"), all.map((row) => row.map(quoted).join(delimiter)).join("\n"));
        const to = inside("any-out.csv");
        const flags = { out: to, force: true, probabilities: false, quiet: true, delimiter } as const;
        await run(inside("sold.safetensors"), inside("any.csv"), { ...flags, threads: 1, wideSimd: false });
        const [head, ...written] = cellsOf(readFileSync(to, "utf8"), delimiter);
        expect(head?.slice(0, -1)).toEqual((all[0] as string[]).map((cell) => cell.trim()));
        expect(written.map((row) => row.slice(0, -1))).toEqual(all.slice(1));
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is written", () => {
  test("TSV and JSON Lines, by the name of the file or by --to; numbers in JSON keep their digits", async () => {
    write("two.csv", 'size,color,day,1,__proto__\n1.50,red,2024-01-02,007,"a\tb"\nNA,blue,2024-01-02,,x\n');
    const { values } = await (await loadTableModel(inside("price.safetensors"))).predict([
      { size: "1.50", color: "red", day: "2024-01-02" },
      { size: "NA", color: "blue", day: "2024-01-02" },
    ]);
    const lines =
      `{"size":1.50,"color":"red","day":"2024-01-02","1":"007","__proto__":"a\\tb","price (CHF)_predicted":${values?.[0]}}\n` +
      `{"size":"NA","color":"blue","day":"2024-01-02","1":null,"__proto__":"x","price (CHF)_predicted":${values?.[1]}}\n`;
    expect(await predict("price.safetensors", "two.csv", "--to", "jsonl")).toBe(lines);
    expect(await predict("price.safetensors", "two.csv", "--out", "two.jsonl")).toBe("");
    expect(readFileSync(inside("two.jsonl"), "utf8")).toBe(lines);
    await predict("price.safetensors", "two.csv", "--out", "two.tsv");
    expect(readFileSync(inside("two.tsv"), "utf8")).toBe(
      `size\tcolor\tday\t1\t__proto__\tprice (CHF)_predicted\n1.50\tred\t2024-01-02\t007\t"a\tb"\t${values?.[0]}\n` +
        `NA\tblue\t2024-01-02\t\tx\t${values?.[1]}\n`,
    );
    // JSON Lines in, CSV out; an object has keys such as 1 first. And TSV stays TSV.
    const [head, row] = cellsOf(await predict("price.safetensors", "two.jsonl"));
    expect(head?.slice(0, 4)).toEqual(["1", "size", "color", "day"]);
    expect(row?.slice(0, 4)).toEqual(["007", "1.5", "red", "2024-01-02"]);
    expect((await predict("price.safetensors", "two.tsv")).split("\n")[2]?.split("\t").slice(0, 2)).toEqual([
      "NA",
      "blue",
    ]);
  });

  test("a name that is taken gets a number, which is told", async () => {
    write("taken.csv", `size,color,day,price (CHF)_predicted,price (CHF)_predicted_2\n1,red,2024-01-02,a,b\n`);
    const { stdout, stderr } = await chainrule(["predict", "price.safetensors", "taken.csv"], { cwd: folder });
    expect(cellsOf(stdout)[0]?.slice(3)).toEqual([
      ...["price (CHF)_predicted", "price (CHF)_predicted_2", "price (CHF)_predicted_3"],
    ]);
    expect(stderr).toBe(
      'There is a column "price (CHF)_predicted" already; the new one is called "price (CHF)_predicted_3".\n1 row written.\n',
    );
    // Where the columns of the file are not written, nothing is taken.
    const alone = await predict("price.safetensors", "taken.csv", "--only-predictions");
    expect(alone.split("\n")[0]).toBe("price (CHF)_predicted");
  });

  test("strange cells of all batches are counted and told with the first line", async () => {
    const rows = shopFor(SOLD, 1500).map((row, i) => ({
      ...row,
      size: i === 700 ? "long" : i === 1400 ? null : "3.5",
      color: i % 500 === 499 ? "mauve" : row.color,
      day: i === 1200 ? "soon" : row.day,
    })) as Row[];
    write("strange.csv", csvOf(rows));
    const { stdout, stderr } = await chainrule(["predict", "sold.safetensors", "strange.csv"], { cwd: folder });
    expect(cellsOf(stdout)).toHaveLength(1501);
    // shop() has line breaks in one class, so lines are counted as an editor does.
    const line = (row: number): number =>
      row + 2 + rows.slice(0, row).filter((r) => String(r[SOLD]).includes("\n")).length;
    expect(stderr.split("\n")).toEqual([
      `strange.csv has a column "sold, \\"really\\"" already, which the model does not look at; chainrule eval says how well it is met.`,
      expect.stringMatching(
        new RegExp(
          `^"size": 1 value that is no number, "long" in line ${line(700)}; it counts as [\\d.]+, the median of the training rows\\.$`,
        ),
      ),
      expect.stringMatching(
        new RegExp(
          `^"size": 1 value missing, in line ${line(1400)}; it counts as [\\d.]+, the median of the training rows\\.$`,
        ),
      ),
      `"color": 3 values that the training rows did not have, the first "mauve" in line ${line(499)}; they count as none of the known ones.`,
      expect.stringMatching(
        new RegExp(
          `^"day": 1 value that is no date as in training, "soon" in line ${line(1200)}; it counts as 20\\d\\d-\\d\\d-\\d\\d, the median of`,
        ),
      ),
      "1,500 rows written.",
      "",
    ]);
  });

  test("a file is not replaced without --force, and may be the one that is read with it", async () => {
    write("same.csv", csvOf(shopFor(PRICE, 5)));
    expect(await fails(["price.safetensors", "same.csv", "--out", "same.csv"])).toBe(
      "error: same.csv exists already. Name another file, or replace it by --force.\n",
    );
    await predict("price.safetensors", "same.csv", "--out", "same.csv", "--force");
    expect(cellsOf(readFileSync(inside("same.csv"), "utf8"))).toHaveLength(6);
  });
});

describe("mistakes", () => {
  test("an infinite value is told with its line, and no file is left", async () => {
    const rows = shop(1300).map(({ size, color, day }, i) => ({ size: i === 1111 ? "-inf" : size, color, day }) as Row);
    write("infinite.csv", csvOf(rows));
    expect(await fails(["price.safetensors", "infinite.csv", "--out", "never.csv"])).toBe(
      'error: infinite.csv, line 1113: column "size" has -Infinity. Correct it, drop the row, or leave the cell empty.\n',
    );
  });

  test("nothing is written of a file without rows, or with nothing in it", async () => {
    for (const out of [[], ["--out", "none.csv"]]) {
      const { status, stdout, stderr } = await chainrule(["predict", "price.safetensors", "-", ...out], {
        cwd: folder,
        input: "size,color,day\n",
      });
      expect([status, stdout, stderr]).toEqual([
        2,
        "",
        expect.stringContaining("error: standard input has names of columns and no rows."),
      ]);
    }
    expect(await fails(["price.safetensors", "-"], "")).toContain("error: standard input");
    expect(readdirSync(folder)).not.toContain("none.csv");
  });

  test("an extension that says no format, and a ragged row", async () => {
    expect(await fails(["price.safetensors", "p.csv", "--out", "p.xlsx"])).toBe(
      "error: --out: a file is written as csv, tsv, jsonl, and p.xlsx ends in .xlsx. Say which one by --to, or name it otherwise.\n",
    );
    expect(
      await fails(["price.safetensors", "-", "--out", "p2.csv"], "size,color,day\n1,red,2024-01-01\n1,red\n"),
    ).toContain("standard input, line 3");
  });
});

describe("the process", () => {
  const big = (rows: number): string => {
    const lines = Array.from(
      { length: rows },
      (_, i) => `${(i % 400) / 16},${["red", "green", "blue"][i % 3]},2024-01-0${1 + (i % 9)},row ${i}`,
    );
    return `size,color,day,id\n${lines.join("\n")}\n`;
  };

  test("takes some rows at a time: hundreds of thousands go through a pipe with a heap that could not hold them", async () => {
    // As a table they take some 50 MB.
    const { status, stdout, stderr } = await chainrule(["predict", "price.safetensors", "-", "--only-predictions"], {
      cwd: folder,
      input: big(200_000),
      node: ["--max-old-space-size=24"],
    });
    expect([status, stderr]).toEqual([0, expect.stringContaining("200,000 rows written.\n")]);
    const lines = stdout.split("\n");
    expect(lines).toHaveLength(200_002);
    // Every 3600 rows the same come again.
    expect(lines[1 + 3600]).toBe(lines[1]);
    expect(lines[1 + 3600 * 50]).toBe(lines[1]);
  });

  test("ends quietly when nobody reads on", async () => {
    write("long.csv", big(100_000));
    const child = startChainrule(["predict", "price.safetensors", "long.csv"], { cwd: folder });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect([status, stderr]).toEqual([0, ""]);
  });

  test.runIf(existsSync("/dev/full"))("says when there is no space left for what it writes", async () => {
    const { status, stderr } = await chainrule(["predict", "price.safetensors", "long.csv"], {
      cwd: folder,
      within: ["sh", "-c", 'exec "$@" > /dev/full', "sh"],
    });
    expect([status, stderr]).toEqual([2, "error: cannot write standard output: no space left on device.\n"]);
    expect(await fails(["price.safetensors", "long.csv", "--out", "/dev/full"])).toBe(
      "error: cannot write /dev/full: there is no space left on the disk. Nothing was changed; make room, or name a file on " +
        "another disk.\n",
    );
  });

  test.each(["SIGINT", "SIGTERM"] as const)("interrupted by %s it leaves no file", async (signal) => {
    const before = readdirSync(folder);
    const child = startChainrule(["predict", "price.safetensors", "-", "--out", "half.csv"], {
      cwd: folder,
      input: null,
    });
    child.stdin.on("error", () => {});
    const ended = new Promise((resolve) => child.on("close", (_status, by) => resolve(by)));
    // Standard input stays open, so that it waits for more rows.
    child.stdin.write(big(5000));
    while (!readdirSync(folder).some((name) => name.endsWith(".tmp"))) await new Promise((go) => setTimeout(go, 20));
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(readdirSync(folder)).toEqual(before);
  });
});
