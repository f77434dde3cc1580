import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";

import type { Scene } from "./scene";

/** Sets the status that Elastic's operator sets when all is well, on every Elasticsearch that appears. */
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
 * Stands in for Elastic's operator: installs its CustomResourceDefinition and marks every Elasticsearch as ready.
 *
 * @returns a function that ends it
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
