/** Where the built site is. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The folder of the built site. In a clone of the repository it is built anew, as its sources may have changed.
 *
 * @param building is called before it is built
 * @returns undefined if the package has no site
 */
export async function findSite(building: () => void = () => {}): Promise<string | undefined> {
  const packageFile = import.meta.resolve("@chainrule/studio/package.json");
  const [site, configFile] = ["./dist/site/", "./vite.config.ts"].map((path) =>
    fileURLToPath(new URL(path, packageFile)),
  ) as [string, string];
  // It is not part of what is published.
  if (existsSync(configFile)) {
    building();
    const { build } = await import("vite");
    await build({ configFile, mode: "production", logLevel: "error" });
  }
  return existsSync(`${site}index.html`) ? site : undefined;
}
