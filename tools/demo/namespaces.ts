import { isNotFound } from "../../components/cluster/errors";
import { namespaceOf } from "../../upgrade/backend";
import type { Config } from "../../upgrade/config";
import { StepFailed } from "./failure";
import type { Api } from "./reading/api";

/** The Kubernetes namespaces that the demo creates: those of the sample services and of the generations. */
export function demoNamespaces({ services, generations }: Config): string[] {
  const ofServices = Object.values(services).map(({ namespace }) => namespace);
  const ofGenerations = Object.entries(generations).flatMap(([name, generation]) =>
    generation.managed && generation.createNamespace ? [namespaceOf(name, generation)] : [],
  );
  return [...new Set([...ofServices, ...ofGenerations])];
}

/** @throws StepFailed when a namespace of the demo already exists in the cluster: it may be somebody's */
export async function expectNamespacesFree({ core }: Api, config: Config): Promise<void> {
  for (const name of demoNamespaces(config)) {
    try {
      await core.readNamespace({ name });
    } catch (error) {
      if (isNotFound(error)) continue;
      throw error;
    }
    throw new StepFailed(
      `The namespace ${name} already exists in this cluster, and the demo would change it: use another cluster, or delete the namespace if it is from an earlier demo.`,
    );
  }
}
