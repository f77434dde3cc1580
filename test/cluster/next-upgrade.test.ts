import { Scene } from "./scene";

jest.setTimeout(240_000);

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
});

afterAll(async () => {
  await scene.close();
});

interface PreviewedStep {
  readonly op: string;
  readonly urn: string;
}

test("6.6 -> 9.7 -> 10.4 in one stack: the second upgrade creates the third backend and touches nothing else", async () => {
  for (const stage of ["shift", "drain", "retire"]) await scene.enter(stage);
  const pods = await scene.podIds();

  scene.configure({
    from: "v9",
    to: "v10",
    origin: "none",
    "generations.v6": undefined,
    "generations.v10": {
      version: "10.4.0",
      agentNamespace: "v10",
      agents: { java: { release: "9.6.0" } },
      storage: { kind: "elasticsearch", version: "7.17.29" },
    },
    stage: "provision",
  });
  const { output } = await scene.stack.succeed(["preview", "--json"]);
  const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as { steps: PreviewedStep[] };
  const changes = steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn.slice(urn.lastIndexOf("::") + 2)}`);
  expect(changes.length).toBeGreaterThan(10);
  expect(changes.filter((change) => !/^create v10\b/.test(change))).toEqual([]);

  await scene.enter("provision");
  expect(await scene.podIds()).toEqual(pods);
  await scene.enter("shift");
  expect(Object.values(await scene.settings())).toEqual(
    Array.from({ length: 6 }, () => ({
      backendService: "oap-v10.skywalking-v10.svc:11800",
      agentNamespace: "v10",
      agentImage: "apache/skywalking-java-agent:9.6.0-alpine",
    })),
  );
  await scene.enter("provision");
  expect(Object.values(await scene.settings()).map(({ agentNamespace }) => agentNamespace)).toEqual(
    Array.from({ length: 6 }, () => "v9"),
  );
});
