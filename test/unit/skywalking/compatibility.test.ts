import fc from "fast-check";
import { agentLanguages, agentReleases, type AgentLanguage } from "../../../skywalking/agent";
import { compatibility, storageCompatible, type AgentVerdict } from "../../../skywalking/compatibility";
import { oapReleases, type OapRelease } from "../../../skywalking/oap";
import { isAtLeast } from "../../../skywalking/release";
import { storageProducts, type StorageProduct } from "../../../skywalking/storage";

function refusal(verdict: AgentVerdict): Exclude<AgentVerdict, { verdict: "ok" }> {
  if (verdict.verdict === "ok") throw new Error("it is accepted");
  return verdict;
}

describe("agents and OAPs", () => {
  test.each<[AgentLanguage, string, OapRelease]>([
    ["java", "6.0.0-GA", "6.0.0-GA"],
    ["java", "6.0.0-GA", "6.6.0"],
    ["java", "6.6.0", "6.0.0-GA"],
    ["java", "6.6.0", "7.0.0"],
    ["java", "7.0.0", "6.5.0"],
    ["java", "7.0.0", "7.0.0"],
    ["java", "8.0.0", "8.0.0"],
    ["java", "8.3.0", "8.0.1"],
    ["java", "8.0.0", "8.9.1"],
    ["java", "8.4.0", "8.4.0"],
    ["java", "8.16.0", "8.9.0"],
    ["java", "8.16.0", "9.4.0"],
    ["java", "8.0.0", "10.4.0"],
    ["java", "9.0.0", "9.5.0"],
    ["java", "9.7.0", "9.7.0"],
    ["java", "9.7.0", "10.4.0"],
    ["python", "0.6.0", "8.3.0"],
    ["python", "0.7.0", "8.4.0"],
    ["python", "1.2.0", "9.0.0"],
    ["nodejs", "0.3.0", "8.0.0"],
    ["nodejs", "0.9.0", "8.4.0"],
    ["go", "0.1.0", "9.5.0"],
    ["go", "0.6.0", "10.4.0"],
    ["php", "0.1.0", "8.4.0"],
    ["rust", "0.1.0", "8.4.0"],
    ["ruby", "0.1.0", "9.5.0"],
    ["ruby", "0.1.0", "10.4.0"],
  ])("the %s agent %s reports to OAP %s", (language, release, oap) => {
    expect(compatibility({ language, release }, oap)).toEqual({ verdict: "ok" });
  });

  test.each<[AgentLanguage, string, OapRelease, string, string]>([
    ["java", "8.0.0", "7.0.0", "an older agent is needed: agents from 8.0 on speak protocol v3", "6.0.0-GA - 7.0.0"],
    ["java", "9.7.0", "6.6.0", "an older agent is needed: agents from 8.0 on speak protocol v3", "6.0.0-GA - 7.0.0"],
    ["java", "7.0.0", "8.0.0", "a newer agent is needed: agents 6.x and 7.x speak protocol v2", "8.0.0 - 8.3.0"],
    ["java", "8.4.0", "8.3.0", "an older agent is needed: OAP 8.0 to 8.3 do not recognise", "8.0.0 - 8.3.0"],
    ["java", "9.0.0", "8.2.0", "an older agent is needed: OAP 8.0 to 8.3 do not recognise", "8.0.0 - 8.3.0"],
    ["java", "6.5.0", "8.9.1", "a newer agent is needed: agents 6.x and 7.x speak protocol v2", "8.0.0 - 8.16.0"],
    ["java", "9.0.0", "8.9.1", "an older agent is needed: Java agents 9.x need OAP 9.5", "8.0.0 - 8.16.0"],
    ["java", "9.0.0", "9.4.0", "an older agent is needed: Java agents 9.x need OAP 9.5", "8.0.0 - 8.16.0"],
    ["java", "6.6.0", "9.7.0", "a newer agent is needed: agents 6.x and 7.x speak protocol v2", "8.0.0 - 9.7.0"],
    ["java", "7.0.0", "10.4.0", "a newer agent is needed: agents 6.x and 7.x speak protocol v2", "8.0.0 - 9.7.0"],
    ["java", "8.8.1", "9.7.0", '"8.8.1" is not a release of the java agent', "8.0.0 - 9.7.0"],
    ["java", "latest", "9.7.0", '"latest" is not a release of the java agent', "8.0.0 - 9.7.0"],
    ["python", "0.7.0", "8.3.0", "an older agent is needed: OAP 8.0 to 8.3 do not recognise", "0.1.0 - 0.6.0"],
    ["nodejs", "0.4.0", "8.0.1", "an older agent is needed: the project's compatibility table", "0.1.0 - 0.3.0"],
  ])("the %s agent %s and OAP %s: %s; %s can", (language, release, oap, reason, releases) => {
    const verdict = refusal(compatibility({ language, release }, oap));
    expect(verdict).toMatchObject({ verdict: "needs agent upgrade", releases });
    expect(verdict.reason).toContain(reason);
    expect(verdict.source).toContain("apache/skywalking@");
  });

  test.each<[AgentLanguage, string, OapRelease, string]>([
    ["python", "0.6.0", "7.0.0", "only protocol v2"],
    ["nodejs", "0.1.0", "6.6.0", "only protocol v2"],
    ["go", "0.6.0", "7.0.0", "only protocol v2"],
    ["go", "0.1.0", "8.9.1", "the Go agent needs OAP 9.5"],
    ["go", "0.1.0", "9.4.0", "the Go agent needs OAP 9.5"],
    ["php", "0.1.0", "8.3.0", "the PHP agent needs OAP 8.4"],
    ["rust", "0.1.0", "8.3.0", "OAP 8.0 to 8.3 do not recognise"],
    ["ruby", "0.1.0", "9.4.0", "the Ruby agent needs OAP 9.5"],
    ["ruby", "no release", "9.4.0", '"no release" is not a release of the ruby agent'],
  ])("no %s agent, %s or another, reports to OAP %s: %s", (language, release, oap, reason) => {
    const verdict = refusal(compatibility({ language, release }, oap));
    expect(verdict.verdict).toBe("impossible");
    expect(verdict.reason).toContain(reason);
    expect(verdict.source).toContain("apache/skywalking");
  });

  test("there is an answer for everything, and never an exception", () => {
    const release = fc.oneof(
      fc.constantFrom(...agentLanguages).chain((language) => fc.constantFrom<string>(...agentReleases(language))),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...agentLanguages),
        release,
        fc.constantFrom(...oapReleases),
        (language, asked, oap) => {
          expect(["ok", "needs agent upgrade", "impossible"]).toContain(
            compatibility({ language, release: asked }, oap).verdict,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("`impossible` is said of a language only where none of its releases works, `needs agent upgrade` only where one does", () => {
    for (const language of agentLanguages) {
      for (const oap of oapReleases) {
        const verdicts = agentReleases(language).map((release) => compatibility({ language, release }, oap).verdict);
        expect(verdicts.includes("impossible")).toBe(!verdicts.includes("ok"));
        if (verdicts.includes("impossible")) expect(new Set(verdicts)).toEqual(new Set(["impossible"]));
      }
    }
  });

  test("an agent that a release of the OAP accepts is accepted by every later one of the same protocol", () => {
    // A Satellite passes on what it knows of, so later OAPs ask for later ones.
    for (const language of agentLanguages.filter((each) => each !== "satellite")) {
      for (const release of agentReleases(language)) {
        const verdicts = oapReleases.map((oap) => compatibility({ language, release }, oap).verdict === "ok");
        const first = verdicts.indexOf(true);
        const isV2 = verdicts[0] === true;
        expect(verdicts.slice(first)).toEqual(
          oapReleases.slice(first).map((oap) => !isV2 || oapReleases.indexOf(oap) <= oapReleases.indexOf("7.0.0")),
        );
      }
    }
  });
});

test("an agent that is not known is taken for the release that it behaves like", () => {
  const agent = { language: "java", release: "99.0.0" } as const;
  expect(compatibility({ ...agent, behavesLike: "9.7.0" }, "9.7.0")).toEqual({ verdict: "ok" });
  expect(refusal(compatibility({ ...agent, behavesLike: "7.0.0" }, "9.7.0")).reason).toContain(
    "a newer agent is needed",
  );
});

describe("an OAP on the storage of another one", () => {
  test.each<[OapRelease, OapRelease, StorageProduct]>([
    ["6.0.0-GA", "6.1.0", "elasticsearch"],
    ["6.3.0", "6.5.0", "elasticsearch"],
    ["6.3.0", "6.5.0", "mysql"],
    ["6.0.0-GA", "6.2.0", "mysql"],
    ["6.6.0", "7.0.0", "mysql"],
    ["8.0.0", "8.4.0", "elasticsearch"],
    ["8.5.0", "8.7.0", "elasticsearch"],
    ["8.8.0", "8.9.1", "elasticsearch"],
    ["9.5.0", "9.6.0", "elasticsearch"],
    ["9.5.0", "9.7.0", "mysql"],
    ["8.4.0", "8.7.0", "tidb"],
    ["10.0.0", "10.2.0", "elasticsearch"],
    ["10.3.0", "10.4.0", "opensearch"],
    ["10.0.0", "10.0.1", "banyandb"],
    ["9.1.0", "9.1.0", "banyandb"],
    ["10.4.0", "10.3.0", "elasticsearch"],
  ])("OAP %s -> %s goes on with %s", (from, to, kind) => {
    expect(storageCompatible(from, to, kind)).toEqual({ compatible: true });
  });

  test.each(["elasticsearch", "opensearch", "mysql", "postgresql"] as const)(
    "OAP 10.4 -> 11.0 goes on with %s, but finds older alarms by less",
    (kind) => {
      const verdict = storageCompatible("10.4.0", "11.0.0", kind);
      expect(verdict.compatible && verdict.caution).toContain("alarms from before are not found by entity");
    },
  );

  test("OAP 6.x -> 7.0 goes on with Elasticsearch, but shows no older hours and days", () => {
    const verdict = storageCompatible("6.6.0", "7.0.0", "elasticsearch");
    expect(verdict.compatible && verdict.caution).toContain("hour and day metrics");
  });

  test.each(["elasticsearch", "opensearch"] as const)(
    "OAP 9.6 -> 10.1 goes on with %s, but without changed dashboards and older percentiles",
    (kind) => {
      const verdict = storageCompatible("9.6.0", "10.1.0", kind);
      expect(verdict.compatible && verdict.caution).toMatch(/dashboards .* stay behind.*; percentiles from before/);
    },
  );

  test("OAP 6.5 -> 6.6 goes on with Elasticsearch, but needs every agent restarted", () => {
    const verdict = storageCompatible("6.5.0", "6.6.0", "elasticsearch");
    expect(verdict.compatible && verdict.caution).toContain("every agent must be restarted");
  });

  test("OAP 6.5 -> 7.0 has both cautions with Elasticsearch", () => {
    const verdict = storageCompatible("6.5.0", "7.0.0", "elasticsearch");
    expect(verdict.compatible && verdict.caution).toMatch(/every agent must be restarted.*; hour and day metrics/);
  });

  test.each<[OapRelease, OapRelease, StorageProduct, string]>([
    ["6.2.0", "6.3.0", "elasticsearch", "OAP 6.3.0 changed the stored data: all registers must have last_update_time"],
    ["6.2.0", "6.3.0", "mysql", "OAP 6.3.0 changed the stored data: all registers must have last_update_time"],
    ["6.2.0", "6.6.0", "mysql", "; so did 6.6.0"],
    ["6.5.0", "6.6.0", "mysql", "OAP 6.6.0 changed the stored data: the register of instances has new columns"],
    ["6.6.0", "6.5.0", "mysql", "OAP 6.6.0 changed the stored data"],
    ["6.1.0", "6.2.0", "elasticsearch", "OAP 6.2.0 changed the stored data: all existing indices must be deleted"],
    ["6.1.0", "7.0.0", "elasticsearch", "OAP 6.2.0 changed the stored data"],
    ["7.0.0", "8.0.0", "elasticsearch", "OAP 8.0.0 changed the stored data"],
    ["7.0.0", "8.0.0", "mysql", "OAP 8.0.0 changed the stored data"],
    ["8.3.0", "8.4.0", "mysql", "OAP 8.4.0 changed the stored data"],
    ["8.4.0", "8.5.0", "elasticsearch", "OAP 8.5.0 changed the stored data: indices and templates changed"],
    ["8.2.0", "8.6.0", "elasticsearch", "OAP 8.5.0 changed the stored data"],
    ["8.7.0", "8.8.0", "mysql", "OAP 8.8.0 changed the stored data"],
    ["8.9.1", "9.0.0", "elasticsearch", "OAP 9.0.0 changed the stored data: service_traffic and ui_template"],
    ["9.0.0", "9.1.0", "postgresql", "OAP 9.1.0 changed the stored data"],
    ["9.1.0", "9.2.0", "elasticsearch", "OAP 9.2.0 changed the stored data"],
    ["9.2.0", "9.3.0", "elasticsearch", "OAP 9.3.0 changed the stored data"],
    ["9.3.0", "9.4.0", "elasticsearch", "OAP 9.4.0 changed the stored data"],
    ["9.4.0", "9.5.0", "mysql", "OAP 9.5.0 changed the stored data"],
    ["9.7.0", "10.0.0", "elasticsearch", "OAP 10.0.0 changed the stored data: ui_template and ui_menu"],
    ["10.0.0", "9.7.0", "elasticsearch", "OAP 10.0.0 changed the stored data: ui_template and ui_menu"],
    ["9.7.0", "10.0.0", "mysql", "OAP 10.0.0 changed the stored data: labeled metrics"],
    ["10.2.0", "10.3.0", "elasticsearch", "OAP 10.3.0 changed the stored data: events moved"],
    ["10.3.0", "10.2.0", "elasticsearch", "OAP 10.3.0 changed the stored data: events moved"],
    ["9.6.0", "10.4.0", "elasticsearch", "OAP 10.3.0 changed the stored data"],
    ["9.6.0", "10.4.0", "mysql", "; so did 10.3.0"],
    ["10.1.0", "10.2.0", "banyandb", "no BanyanDB server is known to serve both OAP 10.1.0 (0.7.x) and 10.2.0 (0.8.x)"],
    ["10.4.0", "11.0.0", "banyandb", "serve both OAP 10.4.0 (0.10.x) and 11.0.0 (0.11.x)"],
    ["9.1.0", "9.2.0", "banyandb", "both OAP 9.1.0 (version not stated) and 9.2.0 (version not stated)"],
    ["9.6.0", "9.6.0", "h2", "H2 keeps its data in the OAP's own memory"],
    ["9.6.0", "9.7.0", "h2", "H2 keeps its data in the OAP's own memory"],
    ["10.1.0", "10.2.0", "h2", "OAP 10.2.0 has no h2 storage"],
    ["8.4.0", "8.5.0", "postgresql", "OAP 8.4.0 has no postgresql storage"],
    ["9.0.0", "9.1.0", "banyandb", "OAP 9.0.0 has no banyandb storage"],
  ])("OAP %s -> %s does not go on with %s: %s", (from, to, kind, reason) => {
    const verdict = storageCompatible(from, to, kind);
    if (verdict.compatible) throw new Error("it goes on");
    expect(verdict.reason).toContain(reason);
    expect(verdict.source).toContain("apache/skywalking@v");
  });

  const release = fc.constantFrom(...oapReleases);
  const kind = fc.constantFrom(...storageProducts);

  test("going back is answered like going forward", () => {
    fc.assert(
      fc.property(release, release, kind, (from, to, on) => {
        expect(storageCompatible(from, to, on)).toEqual(storageCompatible(to, from, on));
      }),
    );
  });

  test("a step that is refused is refused within every longer one, but for what only a release in between stores", () => {
    const broken = storageProducts.flatMap((on) =>
      oapReleases.flatMap((first, a) =>
        oapReleases.slice(a).flatMap((second, b) =>
          oapReleases.slice(a + b).flatMap((third) => {
            const isWhole = storageCompatible(first, third, on).compatible;
            const areParts =
              storageCompatible(first, second, on).compatible && storageCompatible(second, third, on).compatible;
            return isWhole && !areParts ? [{ on, first, second, third }] : [];
          }),
        ),
      ),
    );
    // The index `management`, which Elasticsearch has since 9.7.0 and 10.0.0 cannot read.
    const isManagement = ({ on, first, second, third }: (typeof broken)[number]): boolean =>
      ["elasticsearch", "opensearch"].includes(on) &&
      !isAtLeast(first, "9.7.0") &&
      isAtLeast(second, "9.7.0") &&
      isAtLeast(third, "10.0.0");
    expect(broken.filter((step) => !isManagement(step))).toEqual([]);
    expect(broken).toContainEqual({ on: "elasticsearch", first: "9.6.0", second: "9.7.0", third: "10.1.0" });
  });
});
