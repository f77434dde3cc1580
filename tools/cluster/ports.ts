import type { Ports } from "./control-plane";

/** Below the range that the kernel uses for outgoing connections: from 32768 on Linux, from 49152 on macOS. */
const range = { first: 16_384, last: 32_767 } as const;

/** How many ports each supervisor tries before it takes any free one. */
const share = 8;

/**
 * Finds free ports on loopback for the processes of one cluster. A port is bound some time after it was found free, so
 * clusters that start at the same time must not try the same ports: each tries a few of its own, chosen by its
 * supervisor's process id.
 */
export async function freePorts(supervisor: number): Promise<Ports> {
  const { default: getPort, portNumbers } = await import("get-port");
  const shares = Math.floor((range.last - range.first + 1) / share);
  const first = range.first + (supervisor % shares) * share;
  // It does not return the same port twice.
  const next = (): Promise<number> => getPort({ port: portNumbers(first, first + share - 1), host: "127.0.0.1" });
  return { etcd: await next(), apiserver: await next(), kubelet: await next() };
}
