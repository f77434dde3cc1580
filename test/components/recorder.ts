import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import * as pulumi from "@pulumi/pulumi";
import { disconnect, getMonitor } from "@pulumi/pulumi/runtime/settings";

/** A resource as the engine would get it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly protect?: true;
  readonly retainOnDelete?: true;
  /** Types and names of the resources that it depends on. */
  readonly dependsOn?: readonly string[];
  readonly inputs?: object;
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

function toRecord(request: RegisterResourceRequest): RecordedResource {
  const inputs = request.getObject()?.toJavaScript() ?? {};
  const dependencies = request.getDependenciesList().map((urn) => `${typeOf(urn)} ${nameOf(urn)}`);
  return {
    type: request.getType(),
    name: request.getName(),
    ...(request.getProtect() ? { protect: true } : {}),
    ...(request.getRetainondelete() ? { retainOnDelete: true } : {}),
    ...(dependencies.length === 0 ? {} : { dependsOn: dependencies.sort() }),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
  };
}

/**
 * Declares something against a mocked engine and returns every resource, in the order in which the engine got them.
 *
 * @param declare - is given those that the engine has got, which become more
 */
export async function record(declare: (soFar: readonly RecordedResource[]) => unknown): Promise<RecordedResource[]> {
  const recorded: RecordedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
    },
    "skywalking-canary",
    "staging",
  );
  // The mocks are not told of options such as protect; the requests to the mocked monitor are.
  const monitor = getMonitor() as unknown as {
    registerResource: (request: RegisterResourceRequest, callback: unknown) => unknown;
    registerResourceHook?: (request: unknown, callback: (error: null, response: object) => void) => void;
  };
  // Nor do they know of hooks, which an engine calls and they do not.
  monitor.registerResourceHook = (_, callback) => {
    callback(null, {});
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    recorded.push(toRecord(request));
    return register(request, callback);
  };
  // Pulumi asks for the stack of every promise and resource, and Jest would look up the source of each frame.
  const before = { ...Error };
  Object.assign(Error, { prepareStackTrace: String, stackTraceLimit: 1 });
  try {
    declare(recorded);
    await disconnect();
  } finally {
    Object.assign(Error, { prepareStackTrace: undefined }, before);
  }
  return recorded;
}
