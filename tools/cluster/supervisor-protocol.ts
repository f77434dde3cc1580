import type { Component } from "./control-plane";

/** What a supervisor should run. */
export interface ClusterSpec {
  readonly name: string;
  readonly directory: string;
  /** Whether the cluster ends with the process that started it, instead of staying until it is ended by name. */
  readonly owned: boolean;
  /** Number of simulated nodes. */
  readonly nodes: number;
  /** More configuration files for kwok: Stages, ClusterPortForwards, ... */
  readonly kwokConfigs: readonly string[];
  /** Paths of the programs. */
  readonly programs: Readonly<Record<Component, string>>;
}

/** Messages from a supervisor to the process that started it. */
export type SupervisorMessage =
  | { readonly kind: "step"; readonly text: string }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string };
