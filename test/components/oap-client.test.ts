import { minutesSince } from "../../components/query/clock";
import { OapConnection } from "../../components/query/connection";
import { OapClient } from "../../components/query/oap-client";
import { RecordedOap, type RecordedOapOptions } from "../../tools/recorded-oap/server";
import { recordedReleases, type RecordedRelease, type RecordedReleaseName } from "../../tools/recorded-oap/releases";

const releases = Object.keys(recordedReleases) as RecordedReleaseName[];
const open: RecordedOap[] = [];

async function oapAndClient(options: RecordedOapOptions): Promise<{ oap: RecordedOap; client: OapClient }> {
  const oap = await RecordedOap.start(options);
  open.push(oap);
  const { adminPort } = oap;
  const client = new OapClient(options.release, connectionTo(oap.url), {
    ...(adminPort === undefined ? {} : { admin: connectionTo(`http://127.0.0.1:${String(adminPort)}`) }),
  });
  return { oap, client };
}

const connectionTo = (url: string): OapConnection => new OapConnection("v9", { url, byHand: "`curl it`" });

afterEach(async () => {
  await Promise.all(open.splice(0).map((oap) => oap.stop()));
});

describe.each(releases)("OAP %s", (release) => {
  test("names the services that are alive, by instances that reported within the window", async () => {
    const { oap, client } = await oapAndClient({ release });
    oap.reports("cart", "cart-1");
    oap.reports("cart", "cart-2", 3);
    oap.reports("cart", "cart-of-yesterday", 1440);
    oap.reports("payment|v9|", "payment-1", 4);
    oap.reports("gone", "gone-1", 30);
    oap.knowsPeer("mysql:3306");
    expect(await client.liveServices(5)).toEqual([
      { id: "cart", name: "cart", instances: ["cart-1", "cart-2"] },
      { id: "payment|v9|", name: "payment|v9|", instances: ["payment-1"] },
    ]);
  });

  test.each([
    ["in Kolkata", 330],
    ["in Honolulu", -600],
  ])("is asked in its own time zone: %s", async (_, offset) => {
    // 6.4 has no way to tell its time zone.
    const { oap, client } = await oapAndClient({ release, offset: release === "6.4.0" ? 0 : offset });
    oap.reports("cart", "cart-1");
    oap.reports("gone", "gone-1", 7);
    expect(await client.liveServices(5)).toEqual([{ id: "cart", name: "cart", instances: ["cart-1"] }]);
  });

  test.each([10, -10])("is asked by its own clock, which is off by %s minutes", async (skew) => {
    const { oap, client } = await oapAndClient({ release, skew: release === "6.4.0" ? 0 : skew });
    oap.reports("cart", "cart-1");
    oap.reports("gone", "gone-1", 7);
    expect(await client.liveServices(5)).toEqual([{ id: "cart", name: "cart", instances: ["cart-1"] }]);
  });

  test.each([0, 10])(
    "leaves out what was reported before an instant, also with a clock %s minutes off",
    async (skew) => {
      const { oap, client } = await oapAndClient({ release, skew: release === "6.4.0" ? 0 : skew });
      oap.reports("cart", "cart-1");
      oap.reports("cart", "cart-2", 3);
      oap.reports("payment", "payment-1", 4);
      oap.reports("web", "web-1", 4);
      const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
      const only = new Map([
        ["cart", ago(2)],
        ["payment", ago(2)],
        ["web", undefined],
      ]);
      expect(await client.liveServices(5, only)).toEqual([
        { id: "cart", name: "cart", instances: ["cart-1"] },
        { id: "web", name: "web", instances: ["web-1"] },
      ]);
      // A window that is shorter stays so, and of the minute of the instant itself nothing counts.
      expect(await client.liveServices(2, new Map([["payment", ago(60)]]))).toEqual([]);
      expect(await client.liveServices(5, new Map([["cart", ago(-1)]]))).toEqual([]);
    },
  );

  test("says its version, and its health and cluster where it can", async () => {
    const { client } = await oapAndClient({ release });
    const { version, clusterNodes }: RecordedRelease = recordedReleases[release];
    const hasHealth = !["6.4.0", "6.6.0", "7.0.0", "8.0.0"].includes(release);
    expect(await client.version()).toBe(version);
    expect(await client.health()).toEqual(hasHealth ? { score: 0, details: "" } : undefined);
    expect(await client.clusterNodes()).toEqual(
      clusterNodes === undefined ? undefined : [{ host: "10.0.0.1", port: 11800, isSelf: true }],
    );
  });
});

test.each(["6.4.0", "6.6.0"] as const)("OAP %s reports itself, and is left out", async (release) => {
  const { oap, client } = await oapAndClient({ release });
  oap.reports("cart", "cart-1");
  const cart = { id: "cart", name: "cart", instances: ["cart-1"] };
  const itself = { id: "SkyWalking", name: "SkyWalking", instances: ["standalone"] };
  expect(await client.liveServices(5)).toEqual([cart]);
  // To a client of a release that does not report itself, it is a service like any other.
  expect(await new OapClient("6.2.0", client.connection).liveServices(5)).toEqual([itself, cart]);
});

test.each([
  ["in the minute of the instant, nothing can be told apart yet", "12:03:05", "12:03:59", 0, undefined],
  ["in the next one, that is all", "12:03:59", "12:04:00", 0, 0],
  ["later, all whole minutes since", "12:03:05", "12:06:30", 0, 2],
  ["minutes are those of the OAP's clock", "12:03:05", "12:03:50", 20_000, 0],
])("minutes since an instant: %s", (_, instant, now, skew, minutes) => {
  const at = (time: string): number => Date.parse(`2026-01-01T${time}Z`);
  expect(minutesSince(at(instant), { offset: 330, skew }, at(now))).toBe(minutes);
});

test.each<[string, RecordedReleaseName, Readonly<Record<string, string>>]>([
  ["the module of 10.4 is off", "10.4.0", { SW_STATUS_QUERY: "" }],
  ["the module of 11.0 is off", "11.0.0", { SW_STATUS: "" }],
  ["the whole administration is off", "11.0.0", { SW_ADMIN_SERVER: "-" }],
])("the nodes of its cluster cannot be asked where %s, and nothing tries to", async (_, release, env) => {
  const oap = await RecordedOap.start({ release });
  open.push(oap);
  const client = new OapClient(release, connectionTo(oap.url), { admin: connectionTo("http://127.0.0.1:1"), env });
  expect(await client.clusterNodes()).toBeUndefined();
  expect(oap.requests).toBe(0);
});

test("of an OAP 11 of which only GraphQL can be reached, the nodes of its cluster cannot be asked", async () => {
  const oap = await RecordedOap.start({ release: "11.0.0" });
  open.push(oap);
  expect(await new OapClient("11.0.0", connectionTo(oap.url), {}).clusterNodes()).toBeUndefined();
  const nodes = `${oap.url}/status/cluster/nodes`;
  expect((await fetch(nodes)).status).toBe(404);
});

test("a health checker that is switched off is no health, not an error", async () => {
  const { client } = await oapAndClient({ release: "9.7.0", healthChecker: false });
  expect(await client.health()).toBeUndefined();
});

test("modules that are not healthy are named", async () => {
  const { oap, client } = await oapAndClient({ release: "9.7.0" });
  oap.score = 2;
  expect(await client.health()).toEqual({ score: 2, details: "storage_elasticsearch" });
});

describe("an OAP that cannot be asked is an error that says why, and how to try by hand", () => {
  test.each([
    ["answers 500", "fails", "it answered 500"],
    ["answers 403", "forbids", "it answered 403"],
    ["cuts the connection", "cuts", "other side closed"],
  ] as const)("%s", async (_, misbehaviour, reason) => {
    const { oap, client } = await oapAndClient({ release: "9.7.0" });
    oap.misbehaviour = misbehaviour;
    await expect(client.services(5)).rejects.toThrow(
      `Cannot ask the OAP of v9 for its clock: ${reason} -> try by hand: \`curl it\``,
    );
  });

  test("never answers", async () => {
    const { oap, client } = await oapAndClient({ release: "9.7.0" });
    oap.misbehaviour = "stalls";
    // In place of the ten seconds.
    const soon = AbortSignal.timeout(1_000);
    const timeout = jest.spyOn(AbortSignal, "timeout").mockReturnValueOnce(soon);
    await expect(client.version()).rejects.toThrow("no answer in 10 s -> try by hand");
    expect(timeout.mock.calls).toEqual([[10_000]]);
    timeout.mockRestore();
    expect(oap.requests).toBe(1);
  });

  test("is not there", async () => {
    const { oap, client } = await oapAndClient({ release: "9.7.0" });
    await oap.stop();
    await expect(client.version()).rejects.toThrow(
      /^Cannot ask the OAP of v9 for its version: connect ECONNREFUSED .* -> try by hand/,
    );
  });

  test("has a release that does not know the question", async () => {
    const { oap } = await oapAndClient({ release: "6.4.0" });
    const client = new OapClient("9.7.0", new OapConnection("v9", { url: oap.url, byHand: "`curl it`" }));
    await expect(client.services(5)).rejects.toThrow(
      'it answered with an error: Cannot query field "getTimeInfo" on type "Query".',
    );
  });
});

test("what passes is asked again", async () => {
  const { oap, client } = await oapAndClient({ release: "9.7.0" });
  oap.misbehaviour = "cuts";
  const answer = client.version();
  setTimeout(() => {
    oap.misbehaviour = undefined;
  }, 300);
  expect(await answer).toBe("9.7.0-0000000");
});

test("1,000 services are asked one by one, some at a time", async () => {
  const { oap, client } = await oapAndClient({ release: "9.7.0" });
  for (let index = 0; index < 1000; index += 1) oap.reports(`service-${String(index)}`, "instance");
  expect(await client.liveServices(5)).toHaveLength(1000);
  expect(oap.requests).toBe(1002);
}, 60_000);
