/** A StatefulSet of a generation's storage as the API server has it. */
export interface LiveStatefulSet {
  readonly replicas: number;
  readonly serviceName: string;
  /** Release of the server, by the label that the program writes. */
  readonly version: string | undefined;
  /** Whether the volumes go when the StatefulSet does. */
  readonly dropsVolumes: boolean;
  /** `cluster.initial_master_nodes` of an Elasticsearch. */
  readonly initialMasters: string | undefined;
}

/** A volume claim as the API server has it. */
export interface LiveClaim {
  /** What it asks for. */
  readonly size: string;
  readonly storageClass: string | undefined;
}

/** What there is of a generation's storage in the cluster, by name. */
export interface LiveStorage {
  readonly statefulSets: ReadonlyMap<string, LiveStatefulSet>;
  readonly claims: ReadonlyMap<string, LiveClaim>;
}
