import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";

import type { Scene } from "./scene";

/** What Elastic's operator says when all is well, of every Elasticsearch that comes. */
async function operate(scene: Scene, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const names = await scene.kubectl([
      "get",
      "elasticsearches",
      "-A",
      "-o",
      "jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{'\\n'}{end}",
    ]);
    for (const line of names.split("\n").filter((each) => each !== "")) {
      const [namespace = "", name = ""] = line.split(" ");
      await scene.kubectl([
        "-n",
        namespace,
        "patch",
        "elasticsearch",
        name,
        "--subresource=status",
        "--type=merge",
        "--patch",
        '{"status":{"phase":"Ready"}}',
      ]);
    }
    await sleep(1000);
  }
}

/**
 * Stands in for Elastic's operator: installs its CustomResourceDefinition, and calls every Elasticsearch ready.
 *
 * @returns ends it
 */
export async function startElasticOperator(scene: Scene): Promise<() => Promise<void>> {
  await scene.kubectl(["apply", "-f", join(__dirname, "..", "fixtures", "storage", "eck-crd.yaml")]);
  await scene.kubectl(["wait", "--for=condition=Established", "crd", "--all"]);
  const until = new AbortController();
  const operates = operate(scene, until.signal);
  return async () => {
    until.abort();
    await operates;
  };
}
