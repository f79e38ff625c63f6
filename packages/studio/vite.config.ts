/** The site: static files that work below any path and without a network. */
import { defaultClientConditions, defineConfig, type Plugin } from "vite";
import { onlyWhatRuns } from "../chainrule/build/only-what-runs.ts";
import { POLICY } from "./server/policy.ts";

const policy: Plugin = {
  name: "policy",
  // Vite's development server needs more than the built page.
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
};

/** Every browser that runs the studio reads WOFF2; KaTeX brings two older formats of each font too. */
const oneFontFormat: Plugin = {
  name: "one-font-format",
  enforce: "pre",
  transform: {
    filter: { id: /katex\.min\.css$/ },
    handler: (css) => css.replaceAll(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, ""),
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  // The library from its sources, so that it need not be built first.
  resolve: { conditions: ["@chainrule/source", ...defaultClientConditions] },
  plugins: [onlyWhatRuns, policy, oneFontFormat],
  worker: { format: "es", plugins: () => [onlyWhatRuns] },
  build: {
    target: "es2023",
    outDir: "dist/site",
    // The page loads its one file itself; the polyfill would fetch, which the page's policy forbids.
    modulePreload: false,
    reportCompressedSize: false,
    // On a slow machine every build would be told to be slow.
    rolldownOptions: { checks: { pluginTimings: false } },
    // Pictures within CSS as files: the policy allows data only for the icon.
    assetsInlineLimit: 0,
  },
});
