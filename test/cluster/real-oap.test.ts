import { setTimeout as sleep } from "node:timers/promises";

import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { buildClientSchema, buildSchema, getIntrospectionQuery, isObjectType, type IntrospectionQuery } from "graphql";

import { OapConnection } from "../../components/query/connection";
import { OapClient } from "../../components/query/oap-client";
import { startElasticsearch, type RunningElasticsearch } from "../../tools/elasticsearch/elasticsearch";
import { RealAgents } from "../../tools/real-oap/agents";
import { startOap, whyNoOap, type RunningOap } from "../../tools/real-oap/oap";
import { recordedReleases, type RecordedReleaseName } from "../../tools/recorded-oap/releases";
import { RecordedOap } from "../../tools/recorded-oap/server";
import type { Status } from "../../commands/status/status";
import { describeUnless } from "../describe-unless";
import { eventually } from "../eventually";
import { Scene } from "./scene";

jest.setTimeout(600_000);

const oldAddress = "oap-v9.skywalking-v9.svc:11800";
const services = ["cart", "catalog", "frontend"];
const anyString: unknown = expect.any(String);

const ask = async (oap: RunningOap, query: string): Promise<unknown> => {
  const answer = await fetch(`http://127.0.0.1:${String(oap.restPort)}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return ((await answer.json()) as { data: unknown }).data;
};

/** What the recorded OAP of a release knows must be what the real one knows, with the same types. */
async function expectSameTypes(oap: RunningOap, release: RecordedReleaseName): Promise<void> {
  const introspection = (await ask(oap, getIntrospectionQuery())) as IntrospectionQuery;
  const real = buildClientSchema(introspection);
  const recorded = Object.values(buildSchema(recordedReleases[release].schema).getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__"));
  expect(recorded.map(({ name }) => name)).toContain("Query");
  for (const type of recorded) {
    const there = real.getType(type.name);
    for (const field of Object.values(type.getFields())) {
      const same = isObjectType(there) ? there.getFields()[field.name] : undefined;
      const text = (of: typeof field | undefined): string =>
        of === undefined
          ? ""
          : `${String(of.type)} ${of.args.map((arg) => `${arg.name}: ${String(arg.type)}`).join(", ")}`;
      expect(`${type.name}.${field.name}: ${text(same)}`).toBe(`${type.name}.${field.name}: ${text(field)}`);
    }
  }
}

describeUnless(whyNoOap(), "a real OAP 6.5.0", () => {
  let oap: RunningOap;
  let agents: RealAgents;

  beforeAll(async () => {
    oap = await startOap({ release: "6.5.0" });
    agents = await RealAgents.start({
      addresses: { [oldAddress]: `127.0.0.1:${String(oap.grpcPort)}` },
      pods: () => Promise.resolve([]),
    });
    await agents.stray("catalog", oldAddress, "6.6.0");
    await agents.stray("frontend", oldAddress, "7.0.0");
  });

  afterAll(async () => {
    await agents.stop();
    await oap.stop();
  });

  test("knows what the recorded one of 6.6.0 knows, with the same types", async () => {
    await expectSameTypes(oap, "6.6.0");
  });

  test("lists agents 6.6.0 and 7.0.0 and itself, and the program the agents, as with the recorded one", async () => {
    const client = clientOf(`http://127.0.0.1:${String(oap.restPort)}`);
    const live = await eventually("both agents are listed", 120, async () => {
      const found = await client.liveServices(3);
      return found.length === 2 ? found : false;
    });
    const recorded = await RecordedOap.start({ release: "6.6.0" });
    for (const { name, instances } of live) for (const instance of instances) recorded.reports(name, instance);
    const known = clientOf(recorded.url);
    const withoutIds = (services: typeof live) => services.map(({ name, instances }) => ({ name, instances }));
    expect(withoutIds(live)).toEqual(withoutIds(await known.liveServices(3)));
    expect(live.map(({ name }) => name)).toEqual(["catalog", "frontend"]);
    const ever = '{ start: "2020-01-01 0000", end: "2100-01-01 0000", step: MINUTE }';
    const everyone = `{ getAllServices(duration: ${ever}) { name } }`;
    expect(JSON.stringify(await ask(oap, everyone))).toContain('"SkyWalking"');
    expect([await client.version(), await client.health()]).toEqual([await known.version(), await known.health()]);
    await recorded.stop();
  });

  test.each(["catalog", "frontend"])("the agent of %s traces once it is registered", async (service) => {
    await eventually(`${service} traces`, 120, async () =>
      /"segment":"\d+\.\d+\.\d+"/.test(await agents.request(service)),
    );
  });
});

const clientOf = (url: string): OapClient => new OapClient("6.5.0", new OapConnection("v6", { url, byHand: "" }));

describeUnless(whyNoOap(), "real OAPs 9.6.0 and 10.1.0 with real agents", () => {
  let elasticsearch: RunningElasticsearch;
  let v9: RunningOap;
  let v10: RunningOap;
  let scene: Scene;
  let agents: RealAgents;
  const traffic = new AbortController();
  let requests: Promise<void>;

  beforeAll(async () => {
    elasticsearch = await startElasticsearch({ release: "7.10.2" });
    const address = `127.0.0.1:${String(elasticsearch.port)}`;
    [v9, v10] = await Promise.all([
      startOap({ release: "9.6.0", elasticsearch: { address, indexPrefix: "v9" } }),
      startOap({ release: "10.1.0", elasticsearch: { address, indexPrefix: "v10" } }),
    ]);
    scene = await Scene.open({
      stack: "real-oap",
      behindPods: [
        { namespace: "skywalking-v9", port: v9.restPort },
        { namespace: "skywalking-v10", port: v10.restPort },
      ],
    });
    agents = await RealAgents.start({
      addresses: {
        [oldAddress]: `127.0.0.1:${String(v9.grpcPort)}`,
        "oap-v10.skywalking-v10.svc:11800": `127.0.0.1:${String(v10.grpcPort)}`,
      },
      pods: () => scene.list<V1Pod>(["pods"], "shop"),
    });
    // An OAP lists a service that has no traffic a minute or two after its agent's first heartbeat.
    await agents.stray("legacy-batch", oldAddress, "8.6.0");
    requests = (async () => {
      while (!traffic.signal.aborted) {
        // What a process that restarts does not answer is no matter here.
        await agents.request("frontend").catch(() => undefined);
        await sleep(1_000, undefined, { signal: traffic.signal }).catch(() => undefined);
      }
    })();
  });

  afterAll(async () => {
    traffic.abort();
    await requests;
    await agents.stop();
    await scene.close();
    await Promise.all([v9.stop(), v10.stop()]);
    await elasticsearch.stop();
  });

  async function status(): Promise<Status> {
    const { stdout, output } = await scene.command("status", "--json", "--window", "1");
    if (stdout === "") throw new Error(output);
    return JSON.parse(stdout) as Status;
  }

  /**
   * Where each service reports, when that is the generation alone: once the others' last heartbeat is a
   * minute or two old.
   */
  const reports = (generation: string): Promise<Record<string, readonly string[]>> =>
    eventually(`every service reports to ${generation} alone`, 180, async () => {
      const read = await status();
      const found = Object.fromEntries(
        read.services.map(({ key, reports: all }) => [key, all.flatMap(({ generation: name = "?" }) => [name])]),
      );
      const done = Object.values(found).every((names) => names.join() === generation);
      if (!done) throw new Error(JSON.stringify(found));
      return found;
    });

  const everyoneOn = (generation: string) => Object.fromEntries(services.map((name) => [name, [generation]]));

  test("the recorded OAP of 10.1.0 knows what the real one knows, with the same types", async () => {
    await expectSameTypes(v10, "10.1.0");
  });

  test("at baseline all three report to 9.6.0, by their own names", async () => {
    await scene.enter("baseline");
    expect(await reports("v9")).toEqual(everyoneOn("v9"));
    await scene.enter("provision");
  });

  test("the waves that are proposed follow the calls that the agents have traced", async () => {
    // Calls are aggregated, and written some time after they were traced.
    const said = await eventually("calls are known", 180, async () => {
      const { code, output } = await scene.command("waves", "--waves", "1");
      expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
      return output.includes(" 0 calls") ? false : output;
    });
    expect(said).toContain("v9, the last 24 hours: 3 services, 2 calls between them");
    expect(said).toContain("frontend -> catalog");
    expect(said).toContain("frontend -> cart");
  });

  test("a wave arrives: the agent says its namespace in the service's name", async () => {
    await scene.enter("canary-1");
    expect(await scene.gates()).toMatchObject({
      "v10-healthy": {
        held: true,
        at: anyString,
        said: expect.stringMatching(/^the OAP of v10 answers as 10\.1\.0-[0-9a-f]{7}$/) as unknown,
        health: "healthy",
      },
      "v10-arrived": { held: true, said: "1 of 1 services alive on v10", instances: { catalog: 1 } },
    });
    expect(JSON.stringify(await ask(v10, '{ listServices(layer: "GENERAL") { name } }'))).toContain("catalog|v10|");
  });

  test("a service whose process is gone fails the stage, by name", async () => {
    await agents.silence("cart");
    scene.configure({ "gates.arrived.timeout": "20s" });
    expect(await scene.refused("shift")).toContain("waiting for cart (as cart|v10|, 0 of 1)");
    agents.restore("cart");
    scene.configure({ "gates.arrived.timeout": "3m" });
    await scene.enter("shift");
    expect((await scene.gates())["v10-arrived"]).toMatchObject({
      said: "3 of 3 services alive on v10",
      instances: { cart: 1, catalog: 1, frontend: 1 },
    });
    expect(await reports("v10")).toEqual(everyoneOn("v10"));
  });

  test("an agent that nobody listed keeps no wave from moving, and blocks drain, by name, until it is gone", async () => {
    expect(JSON.stringify(await ask(v9, '{ listServices(layer: "GENERAL") { name } }'))).toContain("legacy-batch");
    scene.configure({ stage: "drain" });
    let blocked: Promise<void> | undefined;
    const { code, output } = await scene.stack.pulumi(["up", "--yes", "--skip-preview"], (line) => {
      if (!/still reports? to v9: "legacy-batch", which no config lists/.test(line)) return;
      blocked ??= agents.silence("legacy-batch");
    });
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    expect(blocked).toBeDefined();
    await blocked;
    expect((await scene.gates())["v9-departed"]).toMatchObject({ held: true, said: "no live instance is left on v9" });
  });

  test("back at baseline everything reports to 9.6.0 again", async () => {
    await scene.enter("shift");
    await scene.enter("baseline");
    expect(await reports("v9")).toEqual(everyoneOn("v9"));
  });
});
