import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { execute } from "./execute";

import { cacheKey } from "../toolchain/cache";
import { jarsOf } from "../jvm/jars";
import { agentJar, classes, starter } from "../real-oap/classes";
import { configFolder, oapEnv } from "../real-oap/config";
import { imageCache } from "./settings";

/** An image, made of folders that `images/layers.sh` fills. Images share layers with the same name. */
interface Image {
  readonly names: readonly string[];
  readonly layers: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: readonly string[];
  readonly workdir?: string;
}

const oap = (release: string): Image => ({
  names: [`docker.io/apache/skywalking-oap-server:${release}`],
  layers: ["java", `oap-${release}`],
  workdir: "/skywalking",
  env: ["JAVA_OPTS=-Xms2G", ...Object.entries(oapEnv).map(([name, value]) => `${name}=${value}`)],
  entrypoint: ["bash", "docker-entrypoint.sh"],
});

const agent = (release: string, ...variants: readonly string[]): Image => ({
  names: variants.map((variant) => `docker.io/apache/skywalking-java-agent:${release}-${variant}`),
  layers: ["java", `agent-${release}`],
  workdir: "/skywalking",
  env: ["JAVA_TOOL_OPTIONS=-javaagent:/skywalking/agent/skywalking-agent.jar"],
  cmd: ["bash"],
});

/** The whole distribution, of which there is the agent here: the only image with an agent before 8.5. */
const base = (release: string): Image => ({
  names: [`docker.io/apache/skywalking-base:${release}-es7`],
  layers: ["java", `agent-${release}`],
  workdir: "/skywalking",
  cmd: ["bash"],
});

const elasticsearch = (release: string): Image => ({
  names: [`docker.elastic.co/elasticsearch/elasticsearch:${release}`],
  layers: ["java", `elasticsearch-${release}`],
  workdir: "/usr/share/elasticsearch",
  env: ["ES_JAVA_OPTS=-Xmx512m"],
  entrypoint: ["bash", "/usr/share/elasticsearch/docker-entrypoint.sh"],
});

/**
 * Stand-ins: they have the official names and are built here from the projects' released jars. What a test shows about
 * the jars holds; what it shows about an image's files, user or shell tools does not.
 */
const images: readonly Image[] = [
  { names: ["registry.k8s.io/pause:3.10"], layers: ["pause"], entrypoint: ["/pause"] },
  { names: ["registry.k8s.io/coredns/coredns:v1.12.1"], layers: ["coredns"], entrypoint: ["/coredns"] },
  { names: ["docker.io/library/busybox:1.36"], layers: ["busybox"], cmd: ["sh"] },
  oap("6.5.0"),
  oap("9.6.0"),
  oap("10.1.0"),
  base("6.6.0"),
  base("7.0.0"),
  agent("8.6.0", "alpine", "jdk11"),
  agent("9.4.0", "alpine", "java17"),
  elasticsearch("6.8.9"),
  elasticsearch("7.10.2"),
  {
    names: ["docker.io/library/skywalking-demo:1"],
    layers: ["java", "demo"],
    workdir: "/app",
    entrypoint: ["java", "-XX:TieredStopAtLevel=1", "-cp", "/app", "Demo"],
  },
];

const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Owned by root, in a fixed order and with a fixed time, so that the same files give the same digest. */
const reproducible = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@1700000000"];

const hex = (content: string): string => createHash("sha256").update(content).digest("hex");

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The image's configuration, as specified by OCI. */
function imageConfig(image: Image, digests: readonly string[]): string {
  return JSON.stringify({
    architecture: "amd64",
    os: "linux",
    created: "2024-01-01T00:00:00Z",
    config: {
      Env: [searchPath, ...(image.env ?? [])],
      Entrypoint: image.entrypoint ?? null,
      Cmd: image.cmd ?? null,
      WorkingDir: image.workdir ?? "/",
    },
    rootfs: { type: "layers", diff_ids: digests.map((digest) => `sha256:${digest}`) },
    history: digests.map(() => ({ created_by: "skywalking-canary" })),
  });
}

/** Writes all images as one archive in Docker's format, which `ctr images import` reads. */
async function pack(layers: string, archive: string): Promise<void> {
  const content = `${archive}.content`;
  await mkdir(content, { recursive: true });
  const digests = new Map<string, string>();
  for (const layer of new Set(images.flatMap((image) => image.layers))) {
    const file = join(content, `${layer}.tar`);
    await execute("tar", [...reproducible, "-cf", file, "-C", join(layers, layer), "."]);
    digests.set(layer, await digestOf(file));
  }
  const manifest = [];
  for (const image of images) {
    const config = imageConfig(
      image,
      image.layers.map((layer) => digests.get(layer) ?? ""),
    );
    const name = `${hex(config)}.json`;
    await writeFile(join(content, name), config);
    manifest.push({ Config: name, RepoTags: image.names, Layers: image.layers.map((layer) => `${layer}.tar`) });
  }
  await writeFile(join(content, "manifest.json"), JSON.stringify(manifest));
  await execute("tar", [...reproducible, "-cf", `${archive}.part`, "-C", content, "."]);
  await rename(`${archive}.part`, archive);
  await rm(content, { recursive: true });
}

/** Programs of the toolchain that are the content of an image. */
export interface ImagePrograms {
  readonly pause: string;
  readonly coredns: string;
}

/** Folder with what the images of OAPs are made of, besides jars. */
const realOap = join(__dirname, "..", "real-oap");

/** What comes from Maven and from the service's sources, by its path in the layers. */
async function released(): Promise<Readonly<Record<string, string>>> {
  return {
    "oap-6.5.0/skywalking/oap-libs": await jarsOf("oap-6.5.0"),
    "oap-6.5.0/skywalking/starter": await starter(),
    "oap-9.6.0/skywalking/oap-libs": await jarsOf("oap-9.6.0"),
    "oap-10.1.0/skywalking/oap-libs": await jarsOf("oap-10.1.0"),
    "agent-6.6.0/skywalking/agent/skywalking-agent.jar": await agentJar("6.6.0"),
    "agent-7.0.0/skywalking/agent/skywalking-agent.jar": await agentJar("7.0.0"),
    "agent-8.6.0/skywalking/agent/skywalking-agent.jar": await agentJar("8.6.0"),
    "agent-9.4.0/skywalking/agent/skywalking-agent.jar": await agentJar("9.4.0"),
    "elasticsearch-6.8.9/usr/share/elasticsearch/lib": await jarsOf("elasticsearch-6.8.9"),
    "elasticsearch-7.10.2/usr/share/elasticsearch/lib": await jarsOf("elasticsearch-7.10.2"),
    "demo/app": await classes(),
  };
}

/**
 * The archive with all images; built if it does not exist or what it is made of has changed.
 *
 * @param onStep - called with what is being built
 */
export async function imageArchive(programs: ImagePrograms, onStep: (text: string) => void): Promise<string> {
  onStep("images: jars of the releases");
  const places = await released();
  const made = JSON.stringify([images, programs, Object.values(places)]);
  const folders = [join(__dirname, "images"), join(realOap, "logging"), join(realOap, "config-6"), configFolder()];
  const key = folders.reduce((before, each) => cacheKey(each, before), made);
  const folder = join(imageCache(), key);
  const archive = join(folder, "images.tar");
  if (existsSync(archive)) return archive;
  const layers = join(folder, "layers");
  await rm(folder, { recursive: true, force: true });
  for (const [place, source] of Object.entries(places)) await cp(source, join(layers, place), { recursive: true });
  const { execa } = await import("execa");
  const build = execa(join(__dirname, "images", "layers.sh"), [
    layers,
    configFolder(),
    realOap,
    programs.pause,
    programs.coredns,
  ]);
  for await (const line of build) onStep(`images: ${line}`);
  onStep("images: archive");
  await pack(layers, archive);
  await rm(layers, { recursive: true });
  return archive;
}
