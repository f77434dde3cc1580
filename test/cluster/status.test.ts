import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { RecordedOap } from "../../tools/recorded-oap/server";
import { effectiveSettings } from "../../tools/stack/effective-settings";
import type { Status } from "../../commands/status/status";
import type { Workload } from "../../upgrade/workload/workload";
import { describeInChromium, startChromium } from "../browser";
import { containers, Scene, shopManifests } from "./scene";

jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), "skywalking-canary-status-"));
const everyone = ["cart", "catalog", "frontend", "gateway", "inventory", "payment"];

let scene: Scene;
let v6: RecordedOap;
let v9: RecordedOap;
/** Pods that have reported, by name, with the backend and the name of the service. */
const reported = new Map<string, { readonly oap: RecordedOap; readonly service: string }>();

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly labels: { readonly app: string };
  };
  readonly spec: Workload["podSpec"];
}

/**
 * Lets the agent of each pod report to where its settings say, as the test itself reads them; the pods that are gone,
 * or point elsewhere now, have last reported ten minutes ago.
 */
async function agentsReport(): Promise<void> {
  const pods = await scene.list<Pod>(["pods"], "shop");
  const now = new Map(
    pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata, spec }) => {
        const { app } = metadata.labels;
        const name = app === "edge-gateway" ? "gateway" : app;
        const { backendService } = effectiveSettings(spec, containers[app] ?? "");
        const moved = backendService?.includes("v9") === true;
        return [metadata.name, { oap: moved ? v9 : v6, service: moved ? `${name}|v9|` : name }] as const;
      }),
  );
  for (const [pod, { oap, service }] of reported) oap.reports(service, pod, 10);
  for (const [pod, { oap, service }] of now) oap.reports(service, pod);
  for (const [pod, report] of now) reported.set(pod, report);
}

async function status(...args: readonly string[]): Promise<{ readonly code: number; readonly status: Status }> {
  const { code, stdout, output } = await scene.command("status", "--json", ...args);
  if (stdout === "") throw new Error(output);
  return { code, status: JSON.parse(stdout) as Status };
}

/** Everything that disagrees. */
const said = ({ disagreements, generations, services }: Status): string[] => [
  ...disagreements,
  ...[...generations, ...services].flatMap((part) => part.disagreements),
];

beforeAll(async () => {
  v6 = await RecordedOap.start({ release: "6.6.0" });
  v9 = await RecordedOap.start({ release: "9.7.0" });
  scene = await Scene.open({
    behindPods: [
      { namespace: "skywalking-v6", port: v6.port },
      { namespace: "skywalking-v9", port: v9.port },
    ],
  });
  // What is looked at here is what a user sees, also where a gate would not go on.
  scene.configure({ gates: "off" });
});

afterAll(async () => {
  await scene.close();
  await v6.stop();
  await v9.stop();
  rmSync(folder, { recursive: true });
});

test("before the first update nothing agrees, and the exit code says so", async () => {
  const { code, status: read } = await status();
  expect(code).toBe(2);
  expect(read.stage).toEqual({ config: "baseline" });
  expect(read.disagreements).toEqual(["the stack has not been updated yet: `pulumi up` enters baseline"]);
});

const stages: readonly (readonly [stage: string, moved: readonly string[]])[] = [
  ["baseline", []],
  ["provision", []],
  ["canary-1", ["catalog"]],
  ["canary-2", ["cart", "catalog", "payment"]],
];
const after: typeof stages = [
  ["drain", everyone],
  ["retire", everyone],
];
const page = (stage: string): string => join(folder, `${stage}.html`);

async function expectAgreement(stage: string, moved: readonly string[]): Promise<void> {
  await scene.enter(stage);
  await agentsReport();
  const { code, status: read } = await status("--html", page(stage));
  expect(said(read)).toEqual([]);
  expect(code).toBe(0);
  const onV9 = (generations: readonly (string | undefined)[]): boolean => generations.every((name) => name === "v9");
  expect(
    read.services
      .filter(({ expected }) => expected === "v9")
      .map(({ key }) => key)
      .sort(),
  ).toEqual(moved);
  for (const { key, pods, reports } of read.services) {
    expect([key, onV9(pods.map(({ generation }) => generation))]).toEqual([key, moved.includes(key)]);
    expect([key, onV9(reports.map(({ generation }) => generation))]).toEqual([key, moved.includes(key)]);
    expect(reports).toHaveLength(1);
  }
}

test.each(stages)("at %s config, pods and backends agree", expectAgreement);

test("a moved service was written last by our patch, the others by their owner", async () => {
  const { status: read } = await status();
  const writers = Object.fromEntries(read.services.map(({ key, lastWriter }) => [key, lastWriter?.manager]));
  expect(writers).toMatchObject({ cart: "skywalking-canary", frontend: "kubectl-client-side-apply" });
});

test("instances that report to the backend of before are named, by the OAP's own word", async () => {
  v6.reports("cart", "cart-of-before");
  const { code, status: read } = await status();
  expect(code).toBe(2);
  expect(said(read)).toEqual(["1 instance of it reported to v6 in the last 5 min, but the config says v9"]);
  v6.reports("cart", "cart-of-before", 10);
});

test("a service that no config lists is named", async () => {
  v6.reports("mailer", "mailer-1");
  const { code, stdout } = await scene.command("status");
  expect(code).toBe(2);
  expect(stdout).toContain("mailer: reports to v6 (1 live), but no config lists it, so nothing moves it");
  v6.reports("mailer", "mailer-1", 10);
});

test("an OAP that does not answer is said, and is no agreement", async () => {
  v9.misbehaviour = "forbids";
  const { code, status: read } = await status();
  v9.misbehaviour = undefined;
  expect(code).toBe(2);
  expect(said(read)).toEqual([
    expect.stringMatching(/^Cannot ask the OAP of v9 for .*: it answered 403 -> try by hand/),
  ]);
});

test("a flag that was set and not applied is said", async () => {
  scene.configure({ stage: "canary-3" });
  const { code, stdout } = await scene.command("status");
  expect(code).toBe(2);
  expect(stdout).toContain("the config says stage canary-3, but the last update entered canary-2: `pulumi up`");
});

test("an owner's deploy that sets the old address back is named with its field manager", async () => {
  await expectAgreement("shift", everyone);
  await scene.kubectl(["apply", "-f", shopManifests]);
  await scene.kubectl(["-n", "shop", "rollout", "status", "deployment/frontend", "--timeout=60s"]);
  await agentsReport();
  const { code, status: read } = await status();
  expect(code).toBe(2);
  expect(said(read)).toEqual([
    expect.stringMatching(
      /^3 of 3 pods point to oap-v6\.skywalking-v6\.svc:11800 \(v6\), but the config says v9 \(last written by kubectl-client-side-apply at \S+: perhaps a deploy by the owner; `pulumi up` moves it again\)$/,
    ),
    "3 instances of it reported to v6 in the last 5 min, but the config says v9",
  ]);
  await expectAgreement("shift", everyone);
});

describe("waves from the calls that the old OAP has seen", () => {
  const stackFile = (): string => readFileSync(scene.stackFile, "utf8");

  test("are proposed beside an alphabetical order, with what no config lists", async () => {
    await scene.enter("provision");
    await agentsReport();
    v6.reports("mailer", "mailer-1");
    for (const [caller, callee] of [
      ["frontend", "cart"],
      ["frontend", "catalog"],
      ["cart", "payment"],
      ["catalog", "mysql:3306"],
      ["payment", "mailer"],
      ["gateway", "inventory"],
    ] as const) {
      v6.calls(caller, callee);
    }
    const before = stackFile();
    const { code, output, stdout } = await scene.command("waves", "--waves", "2");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain("v6, the last 24 hours: 6 services, 4 calls between them");
    expect(output).toMatch(/canary-1 +2 +0 +3 +gateway, inventory/);
    expect(output).toContain("  - mailer (calls or is called by payment)");
    expect(stdout).toContain("skywalking-canary:waves:\n    - [gateway, inventory]\n");
    expect(stackFile()).toBe(before);
    v6.reports("mailer", "mailer-1", 10);
  });

  test("are written into the stack file, and mean to the program what they say", async () => {
    const { code, output } = await scene.command("waves", "--waves", "2", "--apply");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(stackFile()).toContain("# Wave by wave; a service in no wave would move at `shift`.");
    const done = await scene.enter("canary-1");
    expect(done).not.toContain("segment is stored in the other backend");
    expect(await scene.moved()).toEqual(["edge-gateway", "inventory"]);
  });

  test("are not changed while some of them have moved", async () => {
    const before = stackFile();
    const { code, output } = await scene.command("waves", "--apply");
    expect(code).toBe(1);
    expect(output).toContain("The stack is at canary-1: other waves would move services back or forth");
    expect(stackFile()).toBe(before);
  });
});

test.each(after)("at %s config, pods and backends agree", expectAgreement);

describeInChromium("the page of each stage, in a real Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  test.each([...stages, ["shift", everyone] as const, ...after])("%s", async (stage, moved) => {
    const opened = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    await opened.goto(`file://${page(stage)}`);
    expect(await opened.getByRole("heading", { level: 1 }).textContent()).toBe(`staging: stage ${stage}`);
    expect((await opened.getByRole("status").textContent())?.trim()).toBe("✓ Config, pods and backends agree.");
    expect(await opened.locator("svg line.right:not(.broken)").count()).toBe(moved.length);
    expect((await opened.screenshot({ fullPage: true })).length).toBeGreaterThan(10_000);
    await opened.close();
  });
});
