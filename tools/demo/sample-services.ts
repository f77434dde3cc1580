import { join, relative } from "node:path";

import type { Config } from "../../upgrade/config";
import { expectSuccess, StepFailed } from "./failure";
import { readServices, type ServiceReading } from "./reading/services";
import { settled } from "./reading/settled";
import type { DemoScene } from "./scene";
import { checkout } from "./stack-file";
import { step } from "./steps";
import { serviceTable } from "./tables";

const manifests = join(relative(checkout, __dirname), "manifests", "shop.yaml");

/** Deploys the sample services as their owners would: plain manifests, client-side apply. */
export async function deployServices({ api, folder, stack, signal }: DemoScene, config: Config): Promise<void> {
  const command = `kubectl apply -f ${manifests}`;
  await step(`$ ${command}`, async (show) => {
    folder.log(`$ ${command}`);
    const onLine = (line: string): void => {
      folder.log(line);
    };
    expectSuccess(
      "sample services",
      command,
      await stack.run("kubectl", ["apply", "-f", manifests], { cwd: checkout, onLine }),
    );
    show("waiting for the pods");
    const { readings, pending } = await settled(() => readServices(api, config), pendingServices, signal);
    if (pending !== undefined) throw new StepFailed(`The sample services: ${pending}\n${serviceTable(readings)}`);
  });
}

/** What is not yet as it is after every rollout; undefined when everything is. */
export function pendingServices(readings: readonly ServiceReading[]): string | undefined {
  const pending = readings.filter(
    ({ service, ready, desired }) =>
      ready !== desired || readings.filter((other) => other.service === service).length > 1,
  );
  if (pending.length === 0) return undefined;
  return `not all pods are ready and alike: ${[...new Set(pending.map(({ service }) => service))].join(", ")}`;
}
