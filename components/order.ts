import * as pulumi from "@pulumi/pulumi";

/** Resolves when the engine is done with all of these resources; never, if one of them fails. */
export async function settled(resources: readonly pulumi.Resource[]): Promise<void> {
  await Promise.all(
    resources.map(
      (resource) =>
        new Promise<void>(
          (resolve) =>
            void resource.urn.apply(() => {
              resolve();
            }),
        ),
    ),
  );
}

/**
 * Resources to depend on that are known only once something has happened. If it fails, what depends on
 * them never begins.
 */
export function once(happened: Promise<unknown>, resources: pulumi.Resource[]): pulumi.Output<pulumi.Resource[]> {
  return pulumi.output(happened.then(() => resources));
}
