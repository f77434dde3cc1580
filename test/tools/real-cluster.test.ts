import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { kubeletConfig, nodeFiles } from "../../tools/real-cluster/node";
import { missingRequirements } from "../../tools/real-cluster/requirements";
import { configVariable, releaseConfigs } from "../../tools/real-oap/config";

let folder: string;
const before = process.env[configVariable];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skywalking-canary-config-"));
  process.env[configVariable] = folder;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  if (before === undefined) Reflect.deleteProperty(process.env, configVariable);
  else process.env[configVariable] = before;
});

const aboutConfig = (): string[] => missingRequirements().filter((problem) => problem.includes(folder));

// Elsewhere there is one requirement, Linux, and nothing else is looked at.
const testOnLinux = process.platform === "linux" ? test : test.skip;

testOnLinux("configuration files that are missing are named, with where they come from", () => {
  const [first, ...others] = releaseConfigs;
  mkdirSync(join(folder, String(first)));
  expect(aboutConfig()).toEqual([
    expect.stringMatching(
      new RegExp(`^no ${others.join(", ")} in .* -> copy /skywalking/config of the image .* or set SKYWALKING_CONFIG`),
    ),
  ]);
});

testOnLinux("a folder with all of them is no problem", () => {
  for (const release of releaseConfigs) mkdirSync(join(folder, release));
  expect(aboutConfig()).toEqual([]);
});

test("the kubelet keeps its pods below a cgroup of the cluster's own, and images for ever", () => {
  expect(parse(nodeFiles()[kubeletConfig()] ?? "")).toMatchObject({
    cgroupRoot: "/skywalking-canary",
    imageGCHighThresholdPercent: 100,
  });
});
