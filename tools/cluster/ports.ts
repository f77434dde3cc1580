import type { Ports } from "./control-plane";

/** Below the ports that the kernel gives to outgoing connections: from 32768 on Linux, from 49152 on macOS. */
const range = { first: 16_384, last: 32_767 } as const;

/** How many ports each supervisor looks at before it takes any that is free. */
const share = 8;

/**
 * Finds free ports on loopback for the processes of one cluster. A port is bound some time after it was found free, so clusters that
 * start at the same time must not look at the same ports: each looks at a few of its own, by the process id of its supervisor.
 */
export async function freePorts(supervisor: number): Promise<Ports> {
  const { default: getPort, portNumbers } = await import("get-port");
  const shares = Math.floor((range.last - range.first + 1) / share);
  const first = range.first + (supervisor % shares) * share;
  // It remembers what it has given away.
  const next = (): Promise<number> => getPort({ port: portNumbers(first, first + share - 1), host: "127.0.0.1" });
  return { etcd: await next(), apiserver: await next(), kubelet: await next() };
}
