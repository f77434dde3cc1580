import type { AgentRef } from "../../skywalking/agent";

/** The jar of an agent, where a service needs another than its own image brings. */
export interface JavaAgentUpgrade {
  readonly release: string;
  readonly image: string;
  /** Agent directory in the image. */
  readonly directory: string;
}

/** What a service's agent is told. Address and namespace are one thing: they move together or not at all. */
export interface AgentSettings {
  /** Name of the generation. */
  readonly generation: string;
  /** The agent that it runs with there. */
  readonly agent: AgentRef;
  /** `collector.backend_service` */
  readonly backendService: string;
  /** `agent.namespace`, "" for none; undefined: there is none on either side, so that it is left alone. */
  readonly agentNamespace: string | undefined;
  readonly javaAgent: JavaAgentUpgrade | undefined;
  /** Whether it must send the generation's token. */
  readonly token: boolean;
  /** Undefined: no generation has TLS, so it is not configured. */
  readonly tls: { readonly on: boolean; readonly ca: boolean } | undefined;
}
