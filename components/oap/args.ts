import type { OapProfile } from "../../skywalking/oap";
import type { InitSettings, MonitoringSettings, OapSettings } from "../../upgrade/schema/oap";
import type { Images } from "../../upgrade/schema/pod";
import type { ClusterName } from "../../upgrade/workload/ref";
import type { StorageBinding } from "../storage/binding";

export interface OapArgs {
  readonly generation: string;
  readonly cluster: ClusterName;
  /** Kubernetes namespace. */
  readonly namespace: string;
  readonly profile: OapProfile;
  /** Whether the servers run; otherwise they have 0 replicas, and every object is kept. */
  readonly running: boolean;
  /** Whether all servers stop before new ones start: two releases must not meet in one cluster. */
  readonly recreate: boolean;
  readonly settings: OapSettings;
  readonly init: InitSettings;
  readonly monitoring: MonitoringSettings;
  readonly images: Images;
  /** Of servers and init Job. */
  readonly image: string;
  /** Every port by name: grpc, rest and what the user adds. */
  readonly ports: Readonly<Record<string, number>>;
  /** Value of `SW_STORAGE`. */
  readonly storageSelector: string;
  readonly storage: StorageBinding;
  /** The token that agents must send. */
  readonly token: string | undefined;
  /** Secret of type kubernetes.io/tls with which agents are served; undefined for no TLS. */
  readonly tlsSecret: string | undefined;
  /** Whether the UI may reach the OAP's administration, where the release has one. */
  readonly opensAdmin: boolean;
  /** Until the init Job has completed: `15m`. */
  readonly initTimeout: string;
  /** Until a rollout has finished: `15m`. */
  readonly timeout: string;
}
