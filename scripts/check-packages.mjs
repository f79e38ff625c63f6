// Packs every public package as `npm publish` would and lets publint and are-the-types-wrong inspect the archive.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run, say } from "./setup.mjs";

const target = mkdtempSync(join(tmpdir(), "chainrule-pack-"));
let failed = 0;
try {
  for (const name of readdirSync(join(root, "packages"))) {
    const folder = join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (manifest.private || failed) continue;
    // The build step has just run; --ignore-scripts keeps `prepack` from building again.
    const args = ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", target];
    const [packed] = Object.values(JSON.parse(execFileSync("npm", args, { cwd: folder, encoding: "utf8" })));
    const tarball = join(target, packed.filename);
    say(`  ${manifest.name}: ${packed.entryCount} files, ${Math.round(packed.size / 1024)} kB packed`);
    failed ||= await run("publint", ["--strict", tarball]);
    // A package without types to offer, such as a command, has nothing for the second.
    if (failed || !manifest.exports["."]) continue;
    const attw = ["--profile", "esm-only", "--format", "ascii", tarball];
    failed = await run("attw", ["--quiet", ...attw]);
    if (failed) await run("attw", attw);
    else say("  its declarations resolve (are-the-types-wrong)");
  }
} finally {
  rmSync(target, { recursive: true, force: true });
}
process.exitCode = failed;
