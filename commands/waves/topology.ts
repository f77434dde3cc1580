import { lastHours } from "../../components/query/clock";
import type { OapClient } from "../../components/query/oap-client";
import { topologyQuery } from "../../components/query/queries";

/** Who calls whom, as an OAP has seen it. */
export interface Topology {
  readonly nodes: readonly {
    readonly id: string;
    readonly name: string;
    /** False for what is known only from being called: a database, a queue, the user. */
    readonly isReal: boolean;
  }[];
  /** By node ids. */
  readonly calls: readonly { readonly source: string; readonly target: string }[];
}

/** Asks an OAP for the topology of the last hours. The same `getGlobalTopology` query works from 6.0 to 11.0. */
export async function readTopology(client: OapClient, hours: number): Promise<Topology> {
  const { getGlobalTopology } = await client.connection.query("the topology", topologyQuery, {
    duration: lastHours(hours, await client.clock(), Date.now()),
  });
  return getGlobalTopology ?? { nodes: [], calls: [] };
}
