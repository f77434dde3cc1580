import type { OapRelease } from "../../../skywalking/oap";
import { instancesNeeded, judgeArrived, type ExpectedService } from "../../../upgrade/gates/arrived";
import { judgeDeparted, type LeftService } from "../../../upgrade/gates/departed";
import { because, deafPods, type LivePod } from "../../../upgrade/gates/pods";
import { judgeHealthy, type HealthyReading } from "../../../upgrade/gates/healthy";
import { afterLook, describeFailure } from "../../../upgrade/gates/verdict";

const pod = (name: string, address: string | undefined, created = 0, ready = 60): LivePod => ({
  name,
  address,
  created: new Date(created * 1000),
  readySince: address === undefined ? undefined : new Date(ready * 1000),
});

describe("healthy", () => {
  const well: HealthyReading = {
    release: "10.4.0",
    behavesLike: "10.4.0",
    version: "10.4.0-1a2b3c4",
    health: { score: 0, details: "" },
    nodes: ["10.0.0.1", "10.0.0.2"],
    ownPods: [pod("b", "10.0.0.2"), pod("a", "10.0.0.1")],
  };

  test.each<[string, Partial<HealthyReading>, boolean, string]>([
    ["the release, well, alone", {}, true, "the OAP of v9 answers as 10.4.0-1a2b3c4"],
    ["a release without a commit", { version: "10.4.0" }, true, "the OAP of v9 answers as 10.4.0"],
    [
      "another release",
      { version: "10.4.1-1a2b3c4" },
      false,
      "the OAP of v9: it reports version 10.4.1-1a2b3c4, but release 10.4.0 reports 10.4.0",
    ],
    [
      "a release that is not known",
      { release: "11.9.0", version: "11.9.0-1a2b3c4" },
      true,
      "the OAP of v9 answers as 11.9.0-1a2b3c4",
    ],
    [
      "what it is treated as, in its place",
      { release: "11.9.0" },
      false,
      "the OAP of v9: it reports version 10.4.0-1a2b3c4, but release 11.9.0 reports 11.9.0",
    ],
    [
      "8.x tells the line",
      { release: "8.4.0", behavesLike: "8.4.0", version: "8.0" },
      true,
      "the OAP of v9 answers as 8.0",
    ],
    [
      "6.x and 7.0 tell theirs",
      { release: "7.0.0", behavesLike: "7.0.0", version: "6.0" },
      true,
      "the OAP of v9 answers as 6.0",
    ],
    [
      "8.x where 6.x was declared",
      { release: "6.6.0", behavesLike: "6.6.0", version: "8.0" },
      false,
      "the OAP of v9: it reports version 8.0, but release 6.6.0 reports 6.0",
    ],
    ["not started", { health: { score: -1, details: "" } }, false, "the OAP of v9: it has not started yet"],
    [
      "a module that is not well",
      { health: { score: 1, details: "storage_elasticsearch" } },
      false,
      "the OAP of v9: it is not healthy: storage_elasticsearch",
    ],
    ["health cannot be asked", { health: undefined }, true, "the OAP of v9 answers as 10.4.0-1a2b3c4"],
    ["nodes cannot be asked", { nodes: undefined }, true, "the OAP of v9 answers as 10.4.0-1a2b3c4"],
    ["pods that are not ours", { ownPods: undefined }, true, "the OAP of v9 answers as 10.4.0-1a2b3c4"],
    [
      "a stranger in the cluster",
      { nodes: ["10.0.0.1", "10.0.0.2", "10.9.9.9"] },
      false,
      "the OAP of v9: its cluster has nodes that are not its own pods: 10.9.9.9",
    ],
    [
      "a node that has not joined",
      { nodes: ["10.0.0.1"] },
      false,
      "the OAP of v9: its cluster has 1 of its 2 pods; missing: 10.0.0.2",
    ],
    [
      "a pod without an address, which is no node",
      { ownPods: [pod("b", "10.0.0.2"), pod("a", "10.0.0.1"), pod("c", undefined)] },
      true,
      "the OAP of v9 answers as 10.4.0-1a2b3c4",
    ],
    [
      "ready beside a pod without an address, in a release that needs it",
      {
        release: "6.6.0",
        behavesLike: "6.6.0",
        version: "6.0",
        nodes: undefined,
        ownPods: [pod("a", "10.0.0.1"), pod("b", undefined)],
      },
      false,
      "the OAP of v9: what agents report to a is lost, because b had no address when a started -> make room for b, or lower generations.v9.oap.replicas",
    ],
  ])("%s", (_, change, passes, said) => {
    const { passes: passed, evidence } = judgeHealthy("v9", { ...well, ...change });
    expect({ passes: passed, said: evidence.said }).toEqual({ passes, said });
  });

  test.each([
    [well.health, "healthy"],
    [undefined, "cannot be asked"],
    [{ score: 1, details: "cluster" }, "cluster"],
  ])("the evidence has version, health and nodes: %j", (health, shown) => {
    expect(judgeHealthy("v9", { ...well, health }).evidence).toMatchObject({
      version: "10.4.0-1a2b3c4",
      health: shown,
      nodes: 2,
    });
  });
});

describe("pods that take no data", () => {
  test.each<[string, OapRelease, LivePod[] | undefined, string | undefined]>([
    ["pods that are not ours", "6.6.0", undefined, undefined],
    ["all have addresses", "6.6.0", [pod("a", "10.0.0.1"), pod("b", "10.0.0.2")], undefined],
    ["none is ready", "6.6.0", [pod("a", undefined), pod("b", undefined)], undefined],
    [
      "it was ready before the other one was made",
      "6.6.0",
      [pod("a", "10.0.0.1", 0, 60), pod("b", undefined, 61)],
      undefined,
    ],
    [
      "the last release that needs every address",
      "8.0.1",
      [pod("a", "10.0.0.1"), pod("b", undefined)],
      "what agents report to a is lost",
    ],
    ["the first that does not", "8.1.0", [pod("a", "10.0.0.1"), pod("b", undefined)], undefined],
    [
      "several",
      "7.0.0",
      [pod("a", "10.0.0.1"), pod("b", undefined), pod("c", undefined), pod("d", "10.0.0.4")],
      "what agents report to a, d is lost, because b, c had no address when a, d started",
    ],
  ])("%s", (_, release, pods, expected) => {
    const found = deafPods("v6", release, pods);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(expected);
  });

  const waiting = { passes: false, evidence: { said: "0 of 1 services alive", instances: {} } };

  test.each([
    ["what is missing gets the reason", waiting, "x", "0 of 1 services alive; x"],
    ["there is none", waiting, undefined, "0 of 1 services alive"],
    ["nothing is missing", { ...waiting, passes: true }, "x", "0 of 1 services alive"],
  ])("%s", (_, verdict, reason, said) => {
    expect(because(verdict, reason)).toEqual({ ...verdict, evidence: { ...verdict.evidence, said } });
  });
});

describe("arrived", () => {
  const service = (
    name: string,
    readyPods: number,
    reportedAs = `${name}|v9|`,
    desiredPods = readyPods,
  ): ExpectedService => ({
    service: name,
    reportedAs,
    readyPods,
    desiredPods,
    bringsIds: false,
  });
  const whole = { share: 100, minimum: 1 };

  test.each([
    ["all ready pods", { desiredPods: 3, readyPods: 3 }, whole, 3],
    ["a share of them, rounded up", { desiredPods: 5, readyPods: 5 }, { share: 50, minimum: 1 }, 3],
    ["the minimum, when no pod is ready", { desiredPods: 3, readyPods: 0 }, whole, 1],
    ["a higher minimum", { desiredPods: 3, readyPods: 1 }, { share: 100, minimum: 2 }, 2],
    ["none, when it is switched off", { desiredPods: 0, readyPods: 0 }, whole, 0],
  ])("instances needed: %s", (_, pods, threshold, needed) => {
    expect(instancesNeeded(pods, threshold)).toBe(needed);
  });

  test.each<[string, ExpectedService[], [string, number][], boolean, string]>([
    ["nobody is expected", [], [], true, "0 of 0 services alive on v9"],
    ["all are there", [service("cart", 2)], [["cart|v9|", 2]], true, "1 of 1 services alive on v9"],
    [
      "more instances than pods: those of the last rollout linger",
      [service("cart", 2)],
      [["cart|v9|", 5]],
      true,
      "1 of 1 services alive on v9",
    ],
    [
      "some are missing",
      [service("cart", 2), service("payment", 1), service("web", 1, "web")],
      [
        ["payment|v9|", 1],
        ["cart|v9|", 1],
      ],
      false,
      "1 of 3 services alive on v9, waiting for cart (as cart|v9|, 1 of 2), web (0 of 1)",
    ],
    [
      "the name without its namespace is another service",
      [service("cart", 1)],
      [["cart", 1]],
      false,
      "0 of 1 services alive on v9, waiting for cart (as cart|v9|, 0 of 1)",
    ],
    [
      "two workloads report as one service",
      [service("blue", 2, "cart"), service("green", 1, "cart")],
      [["cart", 2]],
      false,
      "0 of 2 services alive on v9, waiting for blue (as cart, 2 of 3), green (as cart, 2 of 3)",
    ],
  ])("%s", (_, expected, live, passes, said) => {
    const { passes: passed, evidence } = judgeArrived("v9", expected, new Map(live), whole);
    expect({ passes: passed, said: evidence.said }).toEqual({ passes, said });
  });

  test("agents that may have the id of another have a cure, which names those that are waited for", () => {
    const expected = ["web", "api", "jobs"].map((name) => ({ ...service(name, 1, name), bringsIds: name !== "jobs" }));
    const fixOf = (...live: string[]) =>
      judgeArrived("v9", expected, new Map(live.map((name) => [name, 1])), whole).evidence.fix;
    expect(fixOf("web")).toBe("restart the pods of api, whose agents may have ids that v9 knows as those of others");
    expect(fixOf("web", "api")).toBeUndefined();
    expect(fixOf("web", "api", "jobs")).toBeUndefined();
  });

  test("of 1,000 services the first that are missing are named", () => {
    const expected = Array.from({ length: 1000 }, (_, index) => service(`s${String(index)}`, 1, `s${String(index)}`));
    const { passes, evidence } = judgeArrived("v9", expected, new Map(), whole);
    expect(passes).toBe(false);
    expect(evidence.said).toMatch(/^0 of 1000 services alive on v9, waiting for s0 \(0 of 1\), .* and 992 more$/);
  });

  test("the evidence counts the instances by service", () => {
    const { evidence } = judgeArrived("v9", [service("cart", 1), service("web", 1)], new Map([["cart|v9|", 4]]), whole);
    expect(evidence.instances).toEqual({ cart: 4, web: 0 });
  });
});

describe("departed", () => {
  const left = (name: string, lastHeartbeat: number, ...instances: string[]): LeftService => ({
    name,
    instances,
    lastHeartbeat,
  });
  const known = new Map([["cart", ["cart"]]]);

  test.each<[string, LeftService[], string[], boolean, string]>([
    ["nobody is left", [], [], true, "no live instance is left on v6"],
    [
      "one whom nobody listed",
      [left("batch", 1, "batch-1")],
      [],
      false,
      '1 service still reports to v6: "batch", which no config lists: batch-1, last heartbeat within the last minute',
    ],
    [
      "one of the config, and one whom nobody listed, who comes first",
      [left("cart", 4, "cart-1"), left("batch", 2, "a", "b", "c", "d", "e")],
      [],
      false,
      '2 services still report to v6: "batch", which no config lists: a, b, c and 2 more, last heartbeat 2 minutes ago, "cart" (services.cart): cart-1, last heartbeat 4 minutes ago',
    ],
    ["one that may go dark", [left("batch", 1, "batch-1")], ["batch"], true, "no live instance is left on v6"],
  ])("%s", (_, services, ignored, passes, said) => {
    const { passes: passed, evidence } = judgeDeparted("v6", services, known, ignored);
    expect({ passes: passed, said: evidence.said }).toEqual({ passes, said });
  });

  test("the evidence names them", () => {
    const services = [left("cart", 1, "a"), left("batch", 1, "b"), left("old", 1, "c")];
    expect(judgeDeparted("v6", services, known, ["old"]).evidence).toMatchObject({
      unlisted: ["batch"],
      listed: ["cart"],
      ignored: ["old"],
    });
  });
});

describe("what follows from one look", () => {
  const times = { soak: 10, deadline: 100 };

  test.each([
    ["does not pass", false, undefined, 50, { kind: "look again", patience: { passingSince: undefined } }],
    ["begins to pass", true, undefined, 50, { kind: "look again", patience: { passingSince: 50 } }],
    ["passes, not for long enough", true, 50, 59, { kind: "look again", patience: { passingSince: 50 } }],
    ["has passed for long enough", true, 50, 60, { kind: "passed" }],
    ["has stopped passing", false, 50, 59, { kind: "look again", patience: { passingSince: undefined } }],
    ["does not pass, and its time is up", false, undefined, 100, { kind: "failed" }],
    [
      "passes when its time is up, and may finish",
      true,
      95,
      101,
      { kind: "look again", patience: { passingSince: 95 } },
    ],
  ])("%s", (_, passes, passingSince, now, decision) => {
    expect(afterLook(passes, { passingSince }, { ...times, now })).toEqual(decision);
  });

  test("without a soak, passing once is enough", () => {
    expect(afterLook(true, { passingSince: undefined }, { soak: 0, deadline: 100, now: 1 })).toEqual({
      kind: "passed",
    });
  });
});

describe("a gate that did not pass", () => {
  const said = "0 of 1 services alive on v9";
  const fix = "restart the pods of web";

  test.each([
    [{ said }, false, "-> later steps were not run; fix the cause and run `pulumi up` again, or go back"],
    [
      { said, fix },
      false,
      "-> later steps were not run; restart the pods of web and run `pulumi up` again, or go back",
    ],
    [{ said }, true, ""],
    [{ said, fix }, true, "-> restart the pods of web"],
  ])("%j, the update goes on: %s", (evidence, goesOn, rest) => {
    const failure = describeFailure("v9-arrived", 75_000, evidence, goesOn);
    expect(failure).toBe(`v9-arrived did not pass within 75 s: 0 of 1 services alive on v9 ${rest}`.trim());
  });
});
