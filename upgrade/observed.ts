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

/** A HorizontalPodAutoscaler, as far as it scales by metrics from outside its cluster. */
export interface LiveAutoscaler {
  readonly namespace: string;
  readonly name: string;
  /** Its metrics of type External, each with the labels that select it. */
  readonly metrics: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** The HorizontalPodAutoscalers in some Kubernetes namespaces. */
export interface Autoscalers {
  readonly found: readonly LiveAutoscaler[];
  /** Namespaces whose autoscalers could not be read: nothing depends on them, so that is no error. */
  readonly notRead: readonly { readonly namespace: string; readonly why: string }[];
}

/** Where nothing was read. */
export const noAutoscalers: Autoscalers = { found: [], notRead: [] };

/** What there is of a generation's storage in the cluster, by name. */
export interface LiveStorage {
  readonly statefulSets: ReadonlyMap<string, LiveStatefulSet>;
  readonly claims: ReadonlyMap<string, LiveClaim>;
}
