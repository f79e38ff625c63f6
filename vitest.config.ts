import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

/** Tests import the packages by name and get their TypeScript sources; see "exports" in packages/chainrule/package.json. */
const conditions = ["@chainrule/source", ...defaultServerConditions];

const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

const options = {
  environment: "node" as const,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // What a test starts or imports by Node itself resolves in the same way.
  execArgv: ["--conditions=@chainrule/source"],
};

export default defineConfig({
  test: {
    // One for each core; the usual is one less, which on a machine of two cores leaves one idle.
    maxWorkers: "100%",
    projects: [
      {
        ...shared,
        test: {
          ...options,
          name: "chainrule",
          include: ["packages/chainrule/test/**/*.test.ts"],
          exclude: ["packages/chainrule/test/package/**"],
        },
      },
      {
        // The library as published: built, packed and installed once for all files of this project.
        test: {
          ...options,
          name: "package",
          include: ["packages/chainrule/test/package/**/*.test.ts"],
          globalSetup: ["packages/chainrule/test/package/install.ts"],
          execArgv: [],
        },
      },
      { ...shared, test: { ...options, name: "cli", include: ["packages/cli/test/**/*.test.ts"] } },
      {
        ...shared,
        test: {
          ...options,
          name: "studio",
          include: ["packages/studio/test/**/*.test.ts"],
          globalSetup: ["packages/studio/test/support/build.ts"],
        },
      },
      { ...shared, test: { ...options, name: "docs", include: ["test/**/*.test.ts"] } },
    ],
  },
});
