/**
 * Forwards a port to pods and sends requests through it: one for every line on stdin, with one line on stdout as the
 * answer. It is a separate process because Jest cannot load the Kubernetes client, and to see that it ends when the
 * port is closed.
 */
import { createInterface } from "node:readline";

import { loadKubeConfig } from "../../components/cluster/kubeconfig";
import { forwardPort } from "../../components/query/port-forward";
import { restPort } from "../../upgrade/backend";

export interface Answer {
  readonly status: number | undefined;
  /** Why there is no answer. */
  readonly failure: string | undefined;
}

const [kubeconfig, namespace = "", app = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const kube = await loadKubeConfig({ kubeconfig, context: undefined });
  const local = await forwardPort(kube, { namespace, labels: { app }, port: restPort });
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while ((await lines.next()).done !== true) {
    const status = await fetch(`http://127.0.0.1:${String(local.port)}/graphql`).then(
      (response) => response.status,
      () => undefined,
    );
    const answer: Answer = { status, failure: local.failure()?.message };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await local.close();
}

void main();
