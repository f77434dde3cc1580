import type { Writer } from "../../upgrade/workload/last-writer";

/** The status: where the config says everything is, and where it is. */
export interface Status {
  readonly stack: string;
  /** Of the kubeconfig. */
  readonly context: string;
  /** When it was read, in ISO 8601. */
  readonly readAt: string;
  readonly strategy: string;
  readonly stage: {
    readonly config: string;
    /** Of the stack's last update; undefined before the first one. */
    readonly applied: string | undefined;
  };
  /** Instances that reported within this many minutes count as live. */
  readonly windowMinutes: number;
  /** `from`, then `to`; with strategy in-place there is only one. */
  readonly generations: readonly GenerationStatus[];
  readonly services: readonly ServiceStatus[];
  /** Live services that no config lists. */
  readonly unlisted: readonly { readonly generation: string; readonly name: string; readonly instances: number }[];
  /** Disagreements that belong to no generation or service. */
  readonly disagreements: readonly string[];
  /** Whether nothing disagrees. */
  readonly agrees: boolean;
}

export interface GenerationStatus {
  readonly name: string;
  readonly role: "from" | "to";
  /** The release that the config declares at this stage. */
  readonly version: string;
  /** Its state at the config's stage. */
  readonly state: "running" | "idle" | "absent" | "adopted";
  readonly backendService: string;
  readonly agentNamespace: string;
  /** OAP pods; undefined for an adopted generation. */
  readonly nodes: { readonly ready: number; readonly desired: number } | undefined;
  readonly storage: string;
  readonly answer: OapAnswer;
  readonly disagreements: readonly string[];
}

/** What its OAP says about itself and about the agents that report to it. */
export type OapAnswer =
  | { readonly kind: "not asked"; readonly why: string }
  | { readonly kind: "failed"; readonly error: string }
  | {
      readonly kind: "answered";
      /** As the OAP says; up to 8.8 that is `6.0` or `8.0`. */
      readonly version: string;
      /** Undefined when it cannot tell. */
      readonly healthy: boolean | undefined;
      /** Services with live instances. */
      readonly services: number;
      readonly instances: number;
    };

export interface ServiceStatus {
  readonly key: string;
  /** `Deployment shop/cart` */
  readonly workload: string;
  /** The generation where it reports, according to the config. */
  readonly expected: string;
  /** Where its pods point, according to their settings. */
  readonly pods: readonly PodsStatus[];
  /** Where its instances report, according to the OAPs that answered. */
  readonly reports: readonly { readonly generation: string; readonly instances: number }[];
  /** Who last wrote its agent's settings. */
  readonly lastWriter: Writer | undefined;
  readonly disagreements: readonly string[];
}

/** Pods of one service whose agents have the same settings. */
export interface PodsStatus {
  /** Undefined for an address that belongs to no generation. */
  readonly generation: string | undefined;
  /** Undefined when only the image knows it. */
  readonly address: string | undefined;
  readonly agentNamespace: string | undefined;
  readonly pods: number;
  readonly ready: number;
}
