/** What `npm run status` knows: where the config says that everything is, and where it is. */
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
  /** Instances count as live that reported within so many minutes. */
  readonly windowMinutes: number;
  /** `from`, then `to`; with strategy in-place there is only one. */
  readonly generations: readonly GenerationStatus[];
  readonly services: readonly ServiceStatus[];
  /** Live services that no config lists. */
  readonly unlisted: readonly { readonly generation: string; readonly name: string; readonly instances: number }[];
  /** What disagrees and belongs to no generation or service. */
  readonly disagreements: readonly string[];
  /** Whether nothing disagrees. */
  readonly agrees: boolean;
}

export interface GenerationStatus {
  readonly name: string;
  readonly role: "from" | "to";
  /** The release that the config declares at this stage. */
  readonly version: string;
  /** What the config's stage makes of it. */
  readonly state: "running" | "idle" | "absent" | "adopted";
  readonly backendService: string;
  readonly agentNamespace: string;
  /** OAP pods; undefined for an adopted generation. */
  readonly nodes: { readonly ready: number; readonly desired: number } | undefined;
  readonly storage: string;
  readonly answer: OapAnswer;
  readonly disagreements: readonly string[];
}

/** What its OAP said of itself and of who reports to it. */
export type OapAnswer =
  | { readonly kind: "not asked"; readonly why: string }
  | { readonly kind: "failed"; readonly error: string }
  | {
      readonly kind: "answered";
      /** As it says; up to 8.8 that is `6.0` or `8.0`. */
      readonly version: string;
      /** Undefined where it cannot say it. */
      readonly healthy: boolean | undefined;
      /** With live instances. */
      readonly services: number;
      readonly instances: number;
    };

export interface ServiceStatus {
  readonly key: string;
  /** `Deployment shop/cart` */
  readonly workload: string;
  /** The generation where the config says that it reports. */
  readonly expected: string;
  /** Where its pods point, by settings. */
  readonly pods: readonly PodsStatus[];
  /** Where its instances report now, by the OAPs that answered. */
  readonly reports: readonly { readonly generation: string; readonly instances: number }[];
  /** Who wrote last what its agent is told. */
  readonly lastWriter: Writer | undefined;
  readonly disagreements: readonly string[];
}

/** Pods of one service whose agents are told the same. */
export interface PodsStatus {
  /** Undefined for an address of nobody. */
  readonly generation: string | undefined;
  /** Undefined where only the image knows. */
  readonly address: string | undefined;
  readonly agentNamespace: string | undefined;
  readonly pods: number;
  readonly ready: number;
}

/** A field manager and its last write. */
export interface Writer {
  readonly manager: string;
  /** In ISO 8601. */
  readonly time: string | undefined;
}
