/** The site: static files that work below any path and without a network. */
import { defaultClientConditions, defineConfig } from "vite";
import { onlyWhatRuns } from "../chainrule/build/only-what-runs.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  // The library from its sources, so that it need not be built first.
  resolve: { conditions: ["@chainrule/source", ...defaultClientConditions] },
  plugins: [onlyWhatRuns],
  worker: { format: "es", plugins: () => [onlyWhatRuns] },
  build: {
    target: "es2023",
    // The page loads its one file itself; the polyfill would fetch, which the page's policy forbids.
    modulePreload: false,
    reportCompressedSize: false,
    // Pictures within CSS as files: the policy allows data only for the icon.
    assetsInlineLimit: 0,
  },
});
