/**
 * What is published: the modules of src joined into a few files, since finding and reading a file takes longer than
 * compiling what is in it. Bundlers still leave out what a page does not use: see "Entry points" in ARCHITECTURE.md.
 * Declarations are written by TypeScript: tsconfig.build.json.
 */
import { defineConfig } from "vite";
import { onlyWhatRuns } from "./build/only-what-runs.ts";
import manifest from "./package.json" with { type: "json" };

/** The entry points that package.json exports, as `nn/index` → its source. */
const entry = Object.fromEntries(
  Object.values(manifest.exports)
    .filter((target) => typeof target === "object")
    .map((target) => target["@chainrule/source"])
    .map((source) => [source.replace("./src/", "").replace(".ts", ""), source]),
);

/** Errors find the user's line in a stack trace by the place of this file: see `userLineIn`. */
const errors = { name: "graph/errors", test: /\/src\/graph\/errors\.ts$/ };

export default defineConfig({
  plugins: [onlyWhatRuns],
  build: {
    lib: { entry, formats: ["es"], fileName: (_, name) => `${name}.js` },
    target: "es2023",
    minify: false,
    sourcemap: true,
    emptyOutDir: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // The sources are published too.
        sourcemapExcludeSources: true,
        codeSplitting: { groups: [errors] },
        chunkFileNames: ({ name }) => (name === errors.name ? "[name].js" : "shared/[name].js"),
      },
    },
  },
});
