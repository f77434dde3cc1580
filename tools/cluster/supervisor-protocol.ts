import type { Component } from "./control-plane";

/** What a supervisor is to run. */
export interface ClusterSpec {
  readonly name: string;
  readonly directory: string;
  /** The cluster ends with the process that started it; otherwise it stays until it is ended by name. */
  readonly owned: boolean;
  /** Number of simulated nodes. */
  readonly nodes: number;
  /** Further configuration files of kwok: Stages, ClusterPortForwards, ... */
  readonly kwokConfigs: readonly string[];
  /** Paths of the programs. */
  readonly programs: Readonly<Record<Component, string>>;
}

/** What a supervisor tells the process that started it. */
export type SupervisorMessage =
  | { readonly kind: "step"; readonly text: string }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string };
