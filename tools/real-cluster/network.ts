import { execute } from "./execute";

import type { Namespace } from "./namespace";
import { settings } from "./settings";

/** One link between the host and the cluster's network namespace; it goes away with the namespace. */
export async function connect(namespace: Namespace): Promise<void> {
  const { link, hostAddress, nodeAddress } = settings;
  const peer = ["type", "veth", "peer", "name", "node0", "netns", String(namespace.init.pid)];
  await execute("ip", ["link", "add", link, ...peer]);
  await execute("ip", ["address", "add", `${hostAddress}/24`, "dev", link]);
  await execute("ip", ["link", "set", link, "up"]);
  await namespace.run("ip", "link", "set", "lo", "up");
  await namespace.run("ip", "address", "add", `${nodeAddress}/24`, "dev", "node0");
  await namespace.run("ip", "link", "set", "node0", "up");
  await namespace.run("ip", "route", "add", "default", "via", hostAddress);
  await namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
}

/** Whether the host's end of the link exists. */
export async function isConnected(): Promise<boolean> {
  return (await execute("ip", ["link", "show", settings.link], { reject: false })).exitCode === 0;
}

/** The link usually disappears with the namespace, after a moment; this makes sure. */
export async function disconnect(): Promise<void> {
  if (await isConnected()) await execute("ip", ["link", "delete", settings.link], { reject: false });
}
