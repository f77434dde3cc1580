import { isAtLeast } from "../../skywalking/release";
import type { Config, ManagedGeneration } from "../config";
import type { LiveStatefulSet, LiveStorage } from "../observed";
import type { PlannedGeneration } from "../plan";
import type { Problem, Report } from "../problem";
import { isLarger } from "../quantity";
import { liveClaims, storageNodes, type StorageNodes } from "./nodes";
import { storagePods } from "./storage";

/**
 * Refuses changes that would replace a StatefulSet or a volume of an existing storage. For protected generations the
 * engine would refuse most of them too, but only when it reaches them, and by the name of a resource instead of a key.
 *
 * @param live - by generation
 */
export function checkLiveStorage(
  config: Config,
  declared: readonly PlannedGeneration[],
  live: ReadonlyMap<string, LiveStorage>,
  report: Report,
): void {
  [
    ...declared.flatMap(({ name, generation }) => {
      const there = live.get(name);
      return generation.managed && there !== undefined && !config.allowReplace.includes(name)
        ? replacements(name, generation, there)
        : [];
    }),
    ...unpreparedVolumes(config, live),
  ].forEach(report);
}

function replacements(name: string, generation: ManagedGeneration, live: LiveStorage): Problem[] {
  const nodes = storageNodes(name, generation);
  const declared = new Set(nodes.map((each) => each.name));
  const allow = `name it in allowReplace; docs/storage.md says what that does`;
  const gone = [...live.statefulSets.keys()]
    .filter((statefulSet) => !declared.has(statefulSet))
    .map((statefulSet) => ({
      key: `generations.${name}.storage`,
      wrong: `would delete the StatefulSet ${statefulSet}, which exists and holds the data of ${name}`,
      fix: `use another storage in a new generation, or ${allow}`,
    }));
  return [
    ...gone,
    ...nodes.flatMap((each) => [
      ...volumeChanges(name, each, live, allow),
      ...nodeChanges(name, each, live.statefulSets.get(each.name), allow),
    ]),
  ];
}

const keyOf = (generation: string, { role }: StorageNodes): string =>
  `generations.${generation}.storage${role === "masters" ? ".masters" : ""}`;

function volumeChanges(generation: string, nodes: StorageNodes, live: LiveStorage, allow: string): Problem[] {
  const problems: Problem[] = [];
  const claims = liveClaims(nodes, live);
  const { storageClass, volumeSize } = nodes;
  const other = claims.find((claim) => claim.storageClass !== undefined && claim.storageClass !== storageClass);
  if (nodes.role === "data" && storageClass !== undefined && other !== undefined) {
    problems.push({
      key: `generations.${generation}.storage.storageClass`,
      value: storageClass,
      wrong: `differs from that of the volumes of ${nodes.name} (${String(other.storageClass)}), which cannot be changed in place`,
      fix: `set it back, or ${allow}`,
    });
  }
  const larger = claims.find(({ size }) => isLarger(size, volumeSize));
  if (larger !== undefined) {
    problems.push({
      key: `${keyOf(generation, nodes)}.volumeSize`,
      value: volumeSize,
      wrong: `is smaller than the volumes of ${nodes.name} (${larger.size}), which cannot shrink`,
      fix: `set it to ${larger.size} or more, or ${allow}`,
    });
  }
  return problems;
}

function nodeChanges(
  generation: string,
  nodes: StorageNodes,
  live: LiveStatefulSet | undefined,
  allow: string,
): Problem[] {
  if (live === undefined) return [];
  const problems: Problem[] = [];
  if (nodes.serviceName !== live.serviceName) {
    problems.push({
      key: `generations.${generation}.storage`,
      wrong: `would replace the StatefulSet ${nodes.name}: its Service is ${live.serviceName}, and must become ${nodes.serviceName}`,
      fix: allow,
    });
  }
  if (nodes.replicas < live.replicas) {
    problems.push({
      key: `${keyOf(generation, nodes)}.replicas`,
      value: nodes.replicas,
      wrong: `is fewer than ${nodes.name} has (${String(live.replicas)}), and data that only the removed nodes hold would be missing`,
      fix: `move their shards away first (cluster.routing.allocation.exclude._name), then name ${generation} in allowReplace`,
    });
  }
  // All nodes have one release, so that the data nodes speak for the masters.
  const { version, role } = nodes;
  if (role === "data" && version !== undefined && live.version !== undefined && !isAtLeast(version, live.version)) {
    problems.push({
      key: `generations.${generation}.storage.version`,
      value: version,
      wrong: `is older than what ${nodes.name} runs (${live.version}), and cannot read its data`,
      fix: `set it to ${live.version} or newer`,
    });
  }
  return problems;
}

/**
 * Whether volumes are lost is decided at `drain`, where it can still be taken back: what `retire` deletes takes with it
 * what `drain` has told it to. So the two must not contradict each other.
 */
function unpreparedVolumes({ stage, from }: Config, live: ReadonlyMap<string, LiveStorage>): Problem[] {
  const { name, generation } = from;
  const pods = generation.managed ? storagePods(generation.storage) : undefined;
  if (stage.row.from.presence !== "absent" || pods === undefined) return [];
  const { dropVolumes } = pods;
  const drops = [...(live.get(name)?.statefulSets.values() ?? [])].map(({ dropsVolumes }) => dropsVolumes);
  if (drops.every((drop) => drop === dropVolumes)) return [];
  return [
    {
      key: `generations.${name}.storage.dropVolumes`,
      value: dropVolumes,
      wrong: dropVolumes
        ? `has not been applied to the storage of ${name}, whose volumes would be kept`
        : `has not been applied to the storage of ${name}, whose volumes would be deleted`,
      fix: "apply it at drain first: pulumi config set stage drain && pulumi up, then retire",
    },
  ];
}
