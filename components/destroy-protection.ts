import * as pulumi from "@pulumi/pulumi";

/**
 * Keeps `pulumi destroy` from deleting anything while it is protected. The engine deletes first what nothing else
 * depends on: that is this alone, since it depends on everything else. A protected backend by itself stops the engine
 * only when its turn comes.
 */
class DestroyProtection extends pulumi.ComponentResource {
  constructor(dependsOn: pulumi.Resource[]) {
    super("skywalking-canary:index:DestroyProtection", "destroy-protection", {}, { protect: true, dependsOn });
    this.registerOutputs();
  }
}

/**
 * Begins to note what is registered; to be called before anything is.
 *
 * @returns protects all of that
 */
export function protectFromDestroy(): () => void {
  const registered: pulumi.Resource[] = [];
  pulumi.runtime.registerStackTransformation(({ resource }) => {
    registered.push(resource);
    return undefined;
  });
  return () => {
    new DestroyProtection([...registered]);
  };
}
