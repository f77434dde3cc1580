import { availableParallelism } from "node:os";

/** Fast transform; types are checked by `npm run types`, once, not in every test file. */
const transform = {
  "^.+\\.ts$|/node_modules/get-port/": [
    "@swc/jest",
    { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
  ],
};

const project = (displayName) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  testEnvironment: "<rootDir>/test/times/environment.ts",
  // Looked up in the sandbox of a test file they are slow, and schemas look them up all the time. No `Set`: asn1js has its own.
  sandboxInjectedGlobals: ["Array", "Error", "JSON", "Map", "Math", "Number", "Object", "Promise", "String", "Symbol"],
  transform,
  // What is an ES module only, and is imported by what tests run in their own process.
  transformIgnorePatterns: ["/node_modules/(?!get-port/)"],
});

/** @type {import("jest").Config} */
export default {
  // A guard against what never ends; tests that wait for a cluster set their own.
  testTimeout: 60_000,
  // Jest leaves one processor to the user, which is half of a machine with two. One worker more than there are
  // processors: some files mostly wait for an OAP that does not answer.
  maxWorkers: availableParallelism() + 1,
  testSequencer: "<rootDir>/test/times/longest-first.mjs",
  collectCoverageFrom: ["components/**/*.ts", "skywalking/**/*.ts", "upgrade/**/*.ts"],
  coverageThreshold: {
    // What decides and what is known has no untried branch.
    "./skywalking/": { branches: 100 },
    "./upgrade/": { branches: 100 },
  },
  projects: [
    ...["unit", "components", "commands", "tools"].map(project),
    {
      ...project("cluster"),
      globalSetup: "<rootDir>/test/cluster/program.ts",
      globalTeardown: "<rootDir>/test/cluster/no-program.ts",
    },
    project("real-cluster"),
    // Its tests share a cluster.
    {
      ...project("real"),
      globalSetup: "<rootDir>/test/real/start-cluster.ts",
      globalTeardown: "<rootDir>/test/real/stop-cluster.ts",
    },
  ],
};
