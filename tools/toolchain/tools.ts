/** Tools that run the program against the local cluster, in the order in which they are listed and built. */
export const programToolNames = [
  "etcd",
  "kwok",
  "kubectl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
] as const;

/**
 * Tools that a stack also needs when it declares something in an Elasticsearch, and the one that makes the SDK for it.
 */
export const elasticsearchToolNames = [
  "pulumi-resource-terraform-provider",
  "terraform-provider-elasticsearch",
  "elasticsearch-sdk",
] as const;

/** Tools that a cluster with real pods also needs: `npm run real`. */
export const realClusterTools = ["kubelet", "kube-proxy", "coredns", "pause"] as const;

/** The oldest CLI that is supported, for the test that walks with it. */
export const oldestCli = "pulumi-oldest";

/** Every tool, in the order in which it is listed. */
export const toolNames = [...programToolNames, ...elasticsearchToolNames, ...realClusterTools, oldestCli] as const;

export type ProgramTool = (typeof programToolNames)[number];
export type ToolName = (typeof toolNames)[number];

/** How to tell whether a tool that the user already has is suitable. */
export interface OnPath {
  /** Arguments that make the tool print its version. */
  readonly versionArgs: readonly string[];
  /** The first group is the version. */
  readonly versionPattern: RegExp;
  /** Suitable versions, as a semver range. */
  readonly accepts: string;
  /** Tools that must be in the same folder, because they are released together. */
  readonly beside?: readonly ToolName[];
}

interface Tool {
  /** Folder under `modules/`: the Go module that pins the version. */
  readonly module: string;
  /** Go package of the program, relative to the module or by import path. */
  readonly package: string;
  /** Whether it is built without C, so that it runs in an image that contains nothing else. */
  readonly static?: true;
  /** Linker flags that set the version, which a module build does not know. */
  readonly ldflags: string;
  /** The version that the module pins. */
  readonly version: string;
  /** The Go release that must build it (`GOTOOLCHAIN`), if a newer one cannot. */
  readonly goToolchain?: string;
  /** If missing, a tool on PATH is never used. */
  readonly onPath?: OnPath;
  /** The tool is taken from PATH exactly when this one is. */
  readonly follows?: ToolName;
  /** Files in a dependency that the build embeds: they are copied beside `main.go`. */
  readonly embeds?: { readonly module: string; readonly folder: string; readonly files: readonly string[] };
}

const kubernetesStamp =
  "-s -w -X k8s.io/component-base/version.gitVersion=v1.33.3 " +
  "-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=33";
const pulumiStamp = (version: string): string =>
  `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
/** The newest CLI that has been tried, and the oldest that is supported. */
const cli = { newest: "3.274.1", oldest: "3.200.0" } as const;

/** Parts of the control plane that come from Kubernetes; their flags are those of 1.33. */
const controlPlane: OnPath = {
  versionArgs: ["--version"],
  versionPattern: /^Kubernetes v(\S+)/,
  accepts: ">=1.33.0 <2",
};

/** How each tool is built, and which one on PATH can replace it. */
export const tools: Readonly<Record<ToolName, Tool>> = {
  etcd: {
    module: "local-cluster",
    package: "go.etcd.io/etcd/server/v3",
    ldflags: "-s -w",
    version: "3.5.21",
    onPath: { versionArgs: ["--version"], versionPattern: /^etcd Version: (\S+)/, accepts: ">=3.5.0 <4" },
  },
  kwok: {
    module: "local-cluster",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    ldflags: "-s -w",
    version: "0.7.0",
    onPath: { versionArgs: ["--version"], versionPattern: /^kwok version v(\S+)/, accepts: ">=0.7.0 <1" },
  },
  kubectl: {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kubectl",
    ldflags: kubernetesStamp,
    version: "1.33.3",
    onPath: {
      versionArgs: ["version", "--client"],
      versionPattern: /^Client Version: v(\S+)/,
      accepts: ">=1.31.0 <2",
    },
  },
  "kube-apiserver": {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    ldflags: kubernetesStamp,
    version: "1.33.3",
    onPath: controlPlane,
  },
  "kube-controller-manager": {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    ldflags: kubernetesStamp,
    version: "1.33.3",
    onPath: controlPlane,
  },
  "kube-scheduler": {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-scheduler",
    ldflags: kubernetesStamp,
    version: "1.33.3",
    onPath: controlPlane,
  },
  kubelet: {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kubelet",
    ldflags: kubernetesStamp,
    version: "1.33.3",
    onPath: controlPlane,
  },
  "kube-proxy": {
    module: "kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-proxy",
    ldflags: kubernetesStamp,
    version: "1.33.3",
    onPath: controlPlane,
  },
  // For the images of a real cluster: one from PATH might not be static.
  coredns: { module: "coredns", package: ".", static: true, ldflags: "-s -w", version: "1.12.1" },
  pause: { module: "pause", package: ".", static: true, ldflags: "-s -w", version: "3.10.0" },
  pulumi: {
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: pulumiStamp(cli.newest),
    version: cli.newest,
    onPath: {
      versionArgs: ["version"],
      versionPattern: /^v(\S+)/,
      accepts: `>=${cli.oldest} <4`,
      beside: ["pulumi-language-nodejs"],
    },
  },
  // Same module and flags as the CLI, so that both land in one folder, where the CLI looks for it.
  "pulumi-language-nodejs": {
    module: "pulumi",
    package: "./pulumi-language-nodejs",
    ldflags: pulumiStamp(cli.newest),
    version: cli.newest,
    follows: "pulumi",
  },
  "pulumi-oldest": {
    module: "pulumi-oldest",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: pulumiStamp(cli.oldest),
    version: cli.oldest,
  },
  "pulumi-resource-kubernetes": {
    module: "pulumi-resource-kubernetes",
    package: ".",
    ldflags: "-s -w -X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=4.25.0",
    version: "4.25.0",
    embeds: {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      folder: "cmd/pulumi-resource-kubernetes",
      files: ["schema.json", "terraform-mapping.json"],
    },
  },
  // Pulumi's bridge to any Terraform provider. Without this flag, `0.0.0-dev` would end up in the SDK.
  "pulumi-resource-terraform-provider": {
    module: "pulumi-resource-terraform-provider",
    package: "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic",
    ldflags: "-s -w -X github.com/pulumi/pulumi-terraform-bridge/v3/dynamic/version.version=v1.0.0",
    version: "1.0.0",
  },
  "terraform-provider-elasticsearch": {
    module: "terraform-provider-elasticsearch",
    package: "github.com/phillbaker/terraform-provider-elasticsearch",
    ldflags: "-s -w",
    version: "1.6.3",
  },
  // Built with Go 1.26, the Node.js code generator of this Pulumi writes wrong relative imports.
  "elasticsearch-sdk": {
    module: "elasticsearch-sdk",
    package: ".",
    ldflags: "-s -w",
    version: "3.200.0",
    goToolchain: "go1.24.9",
  },
};
