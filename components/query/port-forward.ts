import { createServer, type Server, type Socket } from "node:net";

import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import { isReady } from "../../upgrade/workload/pod-ready";
import { selectorText } from "../../upgrade/workload/selector-text";

/** A port of whichever pod is ready. */
export interface PortForwardTarget {
  readonly namespace: string;
  /** Labels that all of the pods have, and no others. */
  readonly labels: Readonly<Record<string, string>>;
  readonly port: number;
}

/** Why there is no connection. */
export interface ForwardFailure {
  /** With what to try by hand. */
  readonly message: string;
  /** The user may not do it: asking again changes nothing. */
  readonly denied: boolean;
}

/** A port on this machine's loopback that leads to a pod. */
export interface LocalPort {
  readonly port: number;
  /** Why the last connection could not be made or was cut; undefined while all is well. */
  readonly failure: () => ForwardFailure | undefined;
  /** Cuts what is open and frees the port; nothing of it keeps the process alive then. */
  readonly close: () => Promise<void>;
}

/** The names of the ready pods, as the API server has them now. */
async function readyPods(kube: KubeConfig, { namespace, labels }: PortForwardTarget): Promise<string[]> {
  const { CoreV1Api } = await import("@kubernetes/client-node");
  const labelSelector = selectorText(labels);
  const { items } = await kube.makeApiClient(CoreV1Api).listNamespacedPod({ namespace, labelSelector });
  return items.flatMap((pod) =>
    pod.metadata?.deletionTimestamp === undefined && isReady(pod) ? (pod.metadata?.name ?? []) : [],
  );
}

/** What the API server or the way to it answered, in one line. */
function messageOf(error: unknown): { readonly status: number | undefined; readonly text: string } {
  const text =
    error instanceof Error ? error.message : String((error as { message?: unknown } | null)?.message ?? error);
  const [line = ""] = text.split("\n");
  // The REST client has the status as `code`; the WebSocket client says it in the text of a refused upgrade.
  const code = typeof error === "object" && error !== null && "code" in error ? Number(error.code) : Number.NaN;
  const status = Number.isInteger(code) ? code : Number(/server response: (\d{3})/.exec(line)?.[1] ?? Number.NaN);
  return { status: Number.isNaN(status) ? undefined : status, text: line };
}

/** Says what failed, to which pod, and what to try. */
function explain(
  kube: KubeConfig,
  target: PortForwardTarget,
  doing: "list" | "forward",
  error: unknown,
): ForwardFailure {
  const { status, text } = messageOf(error);
  const flags = `--context ${kube.getCurrentContext()} -n ${target.namespace}`;
  const [what, resource, verb, attempt] =
    doing === "list"
      ? [
          `list the pods of ${target.namespace}`,
          "pods",
          "list",
          `kubectl ${flags} get pods -l ${selectorText(target.labels)}`,
        ]
      : [
          `forward a port to a pod of ${target.namespace}`,
          "pods/portforward",
          // A WebSocket is opened by GET; newer API servers ask for `create` as well.
          "get",
          `kubectl ${flags} port-forward POD :${String(target.port)}`,
        ];
  const verbs = verb === "get" ? "get, create" : verb;
  const denied = status === 401 || status === 403;
  const message = denied
    ? `not allowed to ${what} (${String(status)}) -> the kubeconfig's user needs \`${verbs}\` on ${resource} there; try \`kubectl ${flags} auth can-i ${verb} ${resource}\``
    : `cannot ${what}: ${text} -> try \`${attempt}\``;
  return { message, denied };
}

/**
 * Opens a port on loopback that leads to a ready pod through the API server, with the rights of the kubeconfig's user:
 * what `kubectl port-forward` does. Nothing is exposed or installed. Every connection looks for a new pod when the last
 * one's is gone, so a client that connects again goes on with another pod.
 *
 * Nothing of it keeps the process alive: who asks through it from within does, and the engine keeps the program until
 * it has done everything, deletions included.
 *
 * @param localPort - Defaults to a free one
 */
export async function forwardPort(kube: KubeConfig, target: PortForwardTarget, localPort = 0): Promise<LocalPort> {
  const { PortForward } = await import("@kubernetes/client-node");
  const forwarder = new PortForward(kube);
  const sockets = new Set<Socket>();
  let failure: ForwardFailure | undefined;
  /** The pod of the last connection that worked. */
  let current: string | undefined;
  const failed = new Set<string>();

  async function choosePod(): Promise<string | undefined> {
    let pods: string[];
    try {
      pods = await readyPods(kube, target);
    } catch (error) {
      failure = explain(kube, target, "list", error);
      return undefined;
    }
    if (pods.length === 0) {
      const message = `no pod with ${selectorText(target.labels)} is ready in ${target.namespace} -> try \`kubectl --context ${kube.getCurrentContext()} -n ${target.namespace} get pods\``;
      failure = { message, denied: false };
      return undefined;
    }
    if (pods.every((pod) => failed.has(pod))) failed.clear();
    return pods.find((pod) => pod === current) ?? pods.find((pod) => !failed.has(pod)) ?? pods[0];
  }

  async function connect(socket: Socket): Promise<void> {
    const pod = await choosePod();
    if (pod === undefined) {
      socket.destroy();
      return;
    }
    const giveUp = (reason: unknown): void => {
      failure = explain(kube, target, "forward", reason);
      failed.add(pod);
      if (current === pod) current = undefined;
      socket.destroy();
    };
    // The pod's end of the connection says here why it has none.
    const { PassThrough } = await import("node:stream");
    const complaints = new PassThrough().on("data", (data: Buffer) => {
      giveUp(new Error(data.toString("utf8").trim()));
    });
    try {
      const connection = await forwarder.portForward(target.namespace, pod, [target.port], socket, complaints, socket);
      // It returns a function only when it is asked to restart connections.
      if (typeof connection === "function") throw new TypeError("a connection was asked for");
      unref(connection);
      if (socket.destroyed) connection.close();
      socket.once("close", () => {
        connection.close();
      });
      connection.onerror = giveUp;
      connection.onclose = () => {
        if (!socket.destroyed && !socket.writableEnded && socket.bytesWritten === 0) {
          giveUp(new Error(`the connection to pod ${pod} was cut`));
        }
        if (current === pod && socket.readable) current = undefined;
        socket.end();
      };
      current = pod;
      failure = undefined;
    } catch (error) {
      giveUp(error);
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.once("close", () => sockets.delete(socket));
    // A cut connection is seen by the client at its own end.
    socket.on("error", () => socket.destroy());
    void connect(socket);
  });
  const port = await listen(server, localPort);
  server.unref();
  return {
    port,
    failure: () => failure,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Lets the process end although a WebSocket is open. `ws` has no other way to the socket under it. */
function unref(connection: object): void {
  const { _socket: socket } = connection as { readonly _socket?: Socket };
  socket?.unref();
}

/** Listens on a port of loopback alone; on a free one where it is 0. */
async function listen(server: Server, localPort: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(localPort, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}
