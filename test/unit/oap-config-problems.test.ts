import { changed, everyKeyConfig, exampleConfig, type RawConfig } from "../example";
import { problemsOf } from "./problems-of";

/** What is changed in the generation v9 of the example (OAP 9.7.0), and every problem that is told. */
const illegal: [name: string, changes: Record<string, unknown>, problems: string[]][] = [
  [
    "registry with a scheme",
    { "images.registry": "https://registry.example.com" },
    [
      'images.registry: "https://registry.example.com" is not a registry; allowed: host, host:port with a port up to 65535, a path after it -> write e.g. "registry.example.com/mirror"',
    ],
  ],
  [
    "registry with a slash at the end",
    { "images.registry": "registry.example.com/" },
    [
      'images.registry: "registry.example.com/" is not a registry; allowed: host, host:port with a port up to 65535, a path after it -> write e.g. "registry.example.com/mirror"',
    ],
  ],
  [
    "unknown pull policy",
    { "images.pullPolicy": "always" },
    ['images.pullPolicy: "always" is not allowed; allowed: IfNotPresent, Always, Never -> did you mean "Always"?'],
  ],
  [
    "pull secret that is a map",
    { "images.pullSecrets": [{ name: "mirror" }] },
    ["images.pullSecrets.0: a map is not a string -> write a string"],
  ],
  [
    "unknown key of images",
    { "images.pullSecret": "mirror" },
    [
      'images.pullSecret: is not a known key; allowed: registry, pullPolicy, pullSecrets -> did you mean "pullSecrets"?',
    ],
  ],

  [
    "a token and a certificate for agents, and what the program sets for them",
    {
      token: "t0ken",
      tls: { secretName: "oap-tls" },
      "oap.env": { SW_AUTHENTICATION: "x", SW_RECEIVER_GRPC_PORT: "1" },
      "oap.ports": { agents: 5 },
    },
    [
      "oap.env.SW_AUTHENTICATION: is set by the program -> remove it",
      "oap.env.SW_RECEIVER_GRPC_PORT: is set by the program -> remove it",
      "oap.ports.agents: is a port that the OAP already has -> remove it",
    ],
  ],
  [
    "a token that a JVM would take apart",
    { token: "a b" },
    [
      "token: is not a token; allowed: no blanks, control characters, quotes, '$', '`', '\\', ',' and '=' -> choose another",
    ],
  ],
  [
    "a certificate authority that is none",
    { tls: { secretName: "oap-tls", ca: "/etc/ca.crt" } },
    ["tls.ca: is not a certificate -> write it in PEM, with its BEGIN and END lines"],
  ],
  [
    "a release that takes no token from its environment",
    { version: "6.6.0", token: "t0ken", agents: {}, "storage.version": "7.10.2" },
    ["token: cannot be used: OAP 6.6.0 reads no token from its environment; allowed: OAP 7.0.0 or newer -> remove it"],
  ],
  [
    "a release without a port for agents alone",
    { version: "7.0.0", tls: { secretName: "oap-tls" }, agents: {}, "storage.version": "7.10.2" },
    ["tls: cannot be used: OAP 7.0.0 has no separate gRPC port for agents; allowed: OAP 8.2.0 or newer -> remove it"],
  ],
  [
    "autoscaling without a most",
    { "oap.autoscaling": {} },
    ["oap.autoscaling.maxReplicas: is missing; a number is needed -> set it"],
  ],
  [
    "autoscaling to fewer than replicas",
    { "oap.autoscaling": { maxReplicas: 1 } },
    ["oap.autoscaling.maxReplicas: 1 is less than the minimum, which is 2 -> raise it, or lower minReplicas"],
  ],
  [
    "autoscaling to fewer than its least",
    { "oap.autoscaling": { minReplicas: 4, maxReplicas: 3 } },
    ["oap.autoscaling.maxReplicas: 3 is less than the minimum, which is 4 -> raise it, or lower minReplicas"],
  ],
  [
    "autoscaling from none",
    { "oap.autoscaling": { minReplicas: 0, maxReplicas: 3 } },
    ["oap.autoscaling.minReplicas: 0 is too few; allowed: 1 to 100 -> write a number in that range"],
  ],
  [
    "autoscaling at no CPU",
    { "oap.autoscaling": { maxReplicas: 3, targetCPUUtilizationPercentage: 0 } },
    ["oap.autoscaling.targetCPUUtilizationPercentage: 0 is too small; allowed: 1 or more -> write such a number"],
  ],
  [
    "autoscaling at a share as text",
    { "oap.autoscaling": { maxReplicas: 3, targetCPUUtilizationPercentage: "70%" } },
    ['oap.autoscaling.targetCPUUtilizationPercentage: "70%" is not a whole number -> write a whole number'],
  ],
  [
    "disruption budget that says nothing",
    { "oap.podDisruptionBudget": {} },
    [
      "oap.podDisruptionBudget: has to say one of the two; allowed: maxUnavailable, minAvailable -> set one and not the other",
    ],
  ],
  [
    "disruption budget that says both",
    { "oap.podDisruptionBudget": { maxUnavailable: 1, minAvailable: 1 } },
    [
      "oap.podDisruptionBudget: has to say one of the two; allowed: maxUnavailable, minAvailable -> set one and not the other",
    ],
  ],
  [
    "disruption budget in words",
    { "oap.podDisruptionBudget": { maxUnavailable: "half" } },
    [
      'oap.podDisruptionBudget.maxUnavailable: "half" is not a number of pods; allowed: a whole number, a percentage -> write e.g. 1 or "25%"',
    ],
  ],
  [
    "unknown strategy",
    { "oap.strategy": "recreate" },
    ['oap.strategy: "recreate" is not allowed; allowed: RollingUpdate, Recreate -> did you mean "Recreate"?'],
  ],

  [
    "CPU limit below the request",
    { "oap.cpu": "2", "oap.cpuLimit": "1500m" },
    ['oap.cpuLimit: "1500m" is less than the request, which is 2 -> raise it, or lower cpu'],
  ],
  [
    "CPU limit in words",
    { "oap.cpuLimit": "one" },
    ['oap.cpuLimit: "one" is not an amount of CPU; allowed: cores or millicores -> write e.g. "500m" or "2"'],
  ],
  [
    "heap in G",
    { "oap.heap": "1G" },
    ['oap.heap: "1G" is not an amount of memory; allowed: a whole number with Mi or Gi -> write e.g. "2Gi"'],
  ],
  [
    "heap that fills the memory",
    { "oap.memory": "2Gi", "oap.heap": "2048Mi" },
    [
      'oap.heap: "2048Mi" leaves nothing of the memory limit of 2Gi for the rest of the JVM; allowed: less than the limit -> lower it, or raise oap.memory',
    ],
  ],
  [
    "empty options of the JVM",
    { "oap.javaOpts": "" },
    ["oap.javaOpts: is empty -> write options of the JVM or leave the key out"],
  ],
  [
    "heap among the options of the JVM",
    { "oap.javaOpts": "-XX:+UseZGC -Xmx2g -Xms1g" },
    [
      'oap.javaOpts: "-Xmx2g" sets the heap, which has its own key -> use oap.heap',
      'oap.javaOpts: "-Xms1g" sets the heap, which has its own key -> use oap.heap',
    ],
  ],
  [
    "mode among the options of the JVM",
    { "oap.javaOpts": "-Dmode=init" },
    ['oap.javaOpts: "-Dmode=init" sets the mode, which the program sets -> remove it'],
  ],

  [
    "variable that dynamic configuration sets",
    { "oap.dynamicConfig": {}, "oap.env": { SW_CONFIGURATION: "none", SW_CONFIG_CONFIGMAP_PERIOD: "5" } },
    [
      "oap.env.SW_CONFIGURATION: is set by the program -> remove it",
      "oap.env.SW_CONFIG_CONFIGMAP_PERIOD: is set by the program -> remove it",
    ],
  ],
  [
    "variable of the init Job that the program sets",
    { "init.env": { SW_STORAGE: "h2" } },
    ["init.env.SW_STORAGE: is set by the program -> remove it"],
  ],
  [
    "variable of the init Job with a bad name",
    { "init.env": { "SW-X": "a" } },
    ["init.env.SW-X: is not the name of a variable -> rename it"],
  ],
  ...["../core.oal", "/oal/core.oal", "oal/", "a/b/c/d.yml", "oal//core.oal", "my__file.yml", "oal/core oal"].map(
    (path): [string, Record<string, unknown>, string[]] => [
      `configuration file at ${path}`,
      { "oap.config": { [path]: "" } },
      [
        `oap.config.${path}: is not the path of a configuration file; allowed: up to three names with '/' between, of letters, digits, '.', '-' and single '_' -> write the path below /skywalking/config, e.g. oal/core.oal`,
      ],
    ],
  ),
  [
    "configuration file as a map",
    { "oap.config": { oal: { "core.oal": "" } } },
    ["oap.config.oal: is not a string -> write a string"],
  ],
  [
    "configuration file that is a directory too",
    { "oap.config": { oal: "", "oal/core.oal": "" } },
    ["oap.config.oal: cannot be a file, because oal/core.oal makes it a directory -> rename one of them"],
  ],
  [
    "dynamic configuration with a period without unit",
    { "oap.dynamicConfig": { period: 60 } },
    ["oap.dynamicConfig.period: is not a string -> write a string"],
  ],
  [
    "dynamic configuration with a path",
    { "oap.dynamicConfig": { config: { "alarm/settings": "" } } },
    [
      "oap.dynamicConfig.config.alarm/settings: is not a key of the dynamic configuration; allowed: letters, digits, '.', '-' and '_' -> write it as SkyWalking's documentation does",
    ],
  ],
  [
    "dynamic configuration of an OAP that has none",
    { version: "8.0.1", agents: undefined, "oap.dynamicConfig": {} },
    [
      "oap.dynamicConfig: cannot be used: OAP 8.0.1 does not support dynamic configuration by ConfigMap; allowed: OAP 8.1.0 or newer -> remove it",
    ],
  ],
  [
    "Secret at a relative path",
    { "oap.secretMounts": [{ secretName: "ca", mountPath: "certs" }] },
    ['oap.secretMounts.0.mountPath: "certs" is not an absolute path -> write e.g. /skywalking/certs'],
  ],
  [
    "Secret without a name",
    { "oap.secretMounts": [{ mountPath: "/certs" }] },
    ["oap.secretMounts.0.secretName: is missing; a string is needed -> set it"],
  ],
  [
    "Secret with an octal mode",
    { "oap.secretMounts": [{ secretName: "ca", mountPath: "/certs", defaultMode: 644 }] },
    [
      "oap.secretMounts.0.defaultMode: 644 is too large; allowed: 0 to 511, which is 0777 -> write a decimal number in that range",
    ],
  ],
  [
    "Secret with an empty key",
    { "oap.secretMounts": [{ secretName: "ca", mountPath: "/certs", subPath: "" }] },
    ['oap.secretMounts.0.subPath: "" is empty -> name a key of the Secret or leave it out'],
  ],

  [
    "port that is there already",
    { "oap.ports": { rest: 12801 } },
    ["oap.ports.rest: is a port that the OAP already has -> remove it"],
  ],
  [
    "two ports with one number",
    { "oap.ports": { promql: 12800 } },
    ["oap.ports.promql: 12800 is already the number of port rest -> choose another number"],
  ],
  [
    "the number of the metrics",
    { "monitoring.serviceMonitor": true, "oap.ports": { telemetry: 1234 } },
    ["oap.ports.telemetry: 1234 is already the number of port metrics -> choose another number"],
  ],
  [
    "port with an underscore",
    { "oap.ports": { zipkin_query: 9412 } },
    [
      "oap.ports.zipkin_query: is not the name of a port; allowed: lower-case letters, digits and single '-' -> rename it",
    ],
  ],
  [
    "port with a long name",
    { "oap.ports": { "zipkin-receiver2": 9411 } },
    ["oap.ports.zipkin-receiver2: is longer than 15 characters -> shorten it"],
  ],
  [
    "port out of range",
    { "oap.ports": { promql: 90900 } },
    ["oap.ports.promql: 90900 is not a port; allowed: 1 to 65535 -> write a number in that range"],
  ],
  [
    "unknown type of Service",
    { "oap.service.type": "ExternalName" },
    [
      'oap.service.type: "ExternalName" is not allowed; allowed: ClusterIP, NodePort, LoadBalancer -> choose one of them',
    ],
  ],
  [
    "address of a load balancer without one",
    { "oap.service": { loadBalancerIP: "10.2.2.2", loadBalancerSourceRanges: ["10.0.0.0/8"] } },
    [
      'oap.service.loadBalancerIP: "10.2.2.2" cannot be set with type ClusterIP; allowed with: LoadBalancer -> set the type, or remove it',
      'oap.service.loadBalancerSourceRanges: ["10.0.0.0/8"] cannot be set with type ClusterIP; allowed with: LoadBalancer -> set the type, or remove it',
    ],
  ],
  [
    "range of addresses without a length",
    { "oap.service": { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0"] } },
    [
      'oap.service.loadBalancerSourceRanges.0: "10.0.0.0" is not a range of addresses; allowed: address/prefix length -> write e.g. "10.0.0.0/8"',
    ],
  ],
  [
    "external address that is a name",
    { "oap.service.externalIPs": ["oap.example.com"] },
    ['oap.service.externalIPs.0: "oap.example.com" is not an IP address -> write e.g. "10.2.2.2"'],
  ],
  [
    "headless in lower case",
    { "oap.service.clusterIP": "none" },
    [
      'oap.service.clusterIP: "none" is not an address of a Service; allowed: an IP address, None -> write e.g. "10.96.0.20"',
    ],
  ],
  [
    "annotation of a Service that is a number",
    { "oap.service.annotations": { "example.com/weight": 1 } },
    ["oap.service.annotations.example.com/weight: 1 is not a string -> write a string"],
  ],
  [
    "label of a Service that the program sets",
    { "oap.service.labels": { "app.kubernetes.io/component": "ui" } },
    ["oap.service.labels.app.kubernetes.io/component: is set by the program -> remove it"],
  ],
  [
    "Ingress without hosts",
    { "oap.ingress": { hosts: [] } },
    ["oap.ingress.hosts: [] is empty -> name at least one host"],
  ],
  [
    "Ingress with a URL",
    { "ui.ingress": { hosts: ["https://skywalking.example.com"] } },
    [
      'ui.ingress.hosts.0: "https://skywalking.example.com" is not a host; allowed: a DNS name in lower case, "*." before it -> write e.g. "skywalking.example.com"',
    ],
  ],
  [
    "Ingress with a relative path",
    { "ui.ingress": { hosts: ["a.b"], path: "skywalking" } },
    ['ui.ingress.path: "skywalking" is not an absolute path -> write e.g. /skywalking'],
  ],
  [
    "Ingress with a kind of path in lower case",
    { "ui.ingress": { hosts: ["a.b"], pathType: "prefix" } },
    [
      'ui.ingress.pathType: "prefix" is not allowed; allowed: Prefix, Exact, ImplementationSpecific -> did you mean "Prefix"?',
    ],
  ],
  [
    "Ingress with certificates of no host",
    { "ui.ingress": { hosts: ["a.b"], tls: [{ secretName: "x", hosts: [] }] } },
    ["ui.ingress.tls.0.hosts: [] is empty -> name at least one host or leave it out"],
  ],
  [
    "Ingress with an unknown key of TLS",
    { "ui.ingress": { hosts: ["a.b"], tls: [{ secret: "x" }] } },
    ["ui.ingress.tls.0.secret: is not a known key; allowed: secretName, hosts -> remove it"],
  ],

  [
    "annotations of an account of somebody else",
    { "oap.serviceAccount": { name: "tracing", annotations: { "example.com/role": "x" } } },
    [
      "oap.serviceAccount.annotations: cannot be set on tracing, which the program does not manage -> annotate that account yourself, or leave the name out",
    ],
  ],
  [
    "what a probe asks",
    { "oap.livenessProbe": { tcpSocket: { port: 1 } } },
    [
      "oap.livenessProbe.tcpSocket: is not a known key; allowed: initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold -> remove it",
    ],
  ],
  [
    "success threshold of a liveness probe",
    { "oap.livenessProbe": { successThreshold: 2 } },
    [
      "oap.livenessProbe.successThreshold: is not a known key; allowed: initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold -> remove it",
    ],
  ],
  [
    "probe every 0 seconds",
    { "oap.startupProbe": { periodSeconds: 0 } },
    ["oap.startupProbe.periodSeconds: 0 is too small; allowed: 1 or more -> write such a number"],
  ],
  [
    "probe after less than no time",
    { "ui.readinessProbe": { initialDelaySeconds: -1 } },
    ["ui.readinessProbe.initialDelaySeconds: -1 is too small; allowed: 0 or more -> write such a number"],
  ],
  [
    "root in a namespace that refuses it",
    {
      "oap.podSecurityContext": { runAsNonRoot: false, runAsUser: 0, seccompProfile: { type: "Unconfined" } },
      "ui.containerSecurityContext": {
        privileged: true,
        allowPrivilegeEscalation: null,
        capabilities: { add: ["SYS_ADMIN"], drop: ["ALL"] },
      },
    },
    [
      ["oap.podSecurityContext.runAsNonRoot", "false"],
      ["oap.podSecurityContext.runAsUser", "0"],
      ["oap.podSecurityContext.seccompProfile", '{"type":"Unconfined"}'],
      ["ui.containerSecurityContext.allowPrivilegeEscalation", "null"],
      ["ui.containerSecurityContext.privileged", "true"],
      ["ui.containerSecurityContext.capabilities", '{"add":["SYS_ADMIN"],"drop":["ALL"]}'],
    ].map(
      ([key = "", value = ""]) =>
        `${key}: ${value} is refused by Pod Security \`restricted\`, which the namespace that the program creates enforces -> leave it out, or create the namespace yourself and set \`createNamespace: false\``,
    ),
  ],
  [
    "misspelt field of a security context",
    { "oap.podSecurityContext": { runAsUsr: 1001 } },
    [
      'oap.podSecurityContext.runAsUsr: is not a known key; allowed: runAsNonRoot, runAsUser, runAsGroup, seccompProfile, appArmorProfile, seLinuxOptions, fsGroup, fsGroupChangePolicy, supplementalGroups, supplementalGroupsPolicy, sysctls -> did you mean "runAsUser"?',
    ],
  ],
  [
    "group of the pod in the context of the container",
    { "ui.containerSecurityContext": { fsGroup: 2000 } },
    [
      "ui.containerSecurityContext.fsGroup: is not a known key; allowed: runAsNonRoot, runAsUser, runAsGroup, seccompProfile, appArmorProfile, seLinuxOptions, allowPrivilegeEscalation, capabilities, privileged, procMount, readOnlyRootFilesystem -> remove it",
    ],
  ],
  [
    "user by name",
    { "oap.podSecurityContext": { runAsUser: "oap" } },
    ['oap.podSecurityContext.runAsUser: "oap" is not a whole number -> write a whole number'],
  ],
  [
    "security context that is a list",
    { "oap.podSecurityContext": [] },
    ["oap.podSecurityContext: a list is not a map -> write a map"],
  ],

  ...(["oap", "init", "ui"] as const).flatMap((owner): [string, Record<string, unknown>, string[]][] => [
    [
      `node label of ${owner} with a blank`,
      { [`${owner}.nodeSelector`]: { "disk type": "ssd" } },
      [
        `${owner}.nodeSelector.disk type: is not the name of a label or annotation; allowed: up to 63 letters, digits, '-', '_' and '.', a domain and '/' before them -> rename it`,
      ],
    ],
    [
      `node label of ${owner} that is true`,
      { [`${owner}.nodeSelector`]: { disk: true } },
      [`${owner}.nodeSelector.disk: true is not a string -> write a string`],
    ],
    [
      `value of a pod label of ${owner} with a slash`,
      { [`${owner}.podLabels`]: { owner: "team/tracing" } },
      [
        `${owner}.podLabels.owner: "team/tracing" is not the value of a label; allowed: letters, digits, '-', '_' and '.' -> correct it`,
      ],
    ],
    [
      `value of a pod label of ${owner} that is long`,
      { [`${owner}.podLabels`]: { owner: "x".repeat(64) } },
      [`${owner}.podLabels.owner: "${"x".repeat(64)}" is longer than 63 characters -> shorten it`],
    ],
    [
      `pod label of ${owner} by which the nodes of another cluster find each other`,
      { [`${owner}.podLabels`]: { "skywalking-canary/oap-cluster": "v6", "app.kubernetes.io/instance": "v6" } },
      [
        `${owner}.podLabels.skywalking-canary/oap-cluster: is set by the program -> remove it`,
        `${owner}.podLabels.app.kubernetes.io/instance: is set by the program -> remove it`,
      ],
    ],
    [
      `pod annotation of ${owner} that the program sets`,
      { [`${owner}.podAnnotations`]: { "skywalking-canary/config-checksum": "0" } },
      [`${owner}.podAnnotations.skywalking-canary/config-checksum: is set by the program -> remove it`],
    ],
    [
      `tolerations of ${owner} as a map`,
      { [`${owner}.tolerations`]: { operator: "Exists" } },
      [`${owner}.tolerations: a map is not a list -> write a list`],
    ],
    [
      `toleration of ${owner} as text`,
      { [`${owner}.tolerations`]: ["tracing"] },
      [`${owner}.tolerations.0: a text is not a map -> write a map`],
    ],
    [
      `affinity of ${owner} as text`,
      { [`${owner}.affinity`]: "hard" },
      [`${owner}.affinity: a text is not a map -> write a map`],
    ],
    [
      `misspelt field in the affinity of ${owner}`,
      { [`${owner}.affinity`]: { nodeAffinty: {} } },
      [
        `${owner}.affinity.nodeAffinty: is not a known key; allowed: nodeAffinity, podAffinity, podAntiAffinity -> did you mean "nodeAffinity"?`,
      ],
    ],
    [
      `node affinity of ${owner} without terms`,
      { [`${owner}.affinity`]: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } },
      [
        `${owner}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: is missing; a list is needed -> set it`,
      ],
    ],
    [
      `misspelt field in a toleration of ${owner}`,
      { [`${owner}.tolerations`]: [{ key: "tracing", efect: "NoSchedule" }] },
      [
        `${owner}.tolerations.0.efect: is not a known key; allowed: key, operator, value, effect, tolerationSeconds -> did you mean "effect"?`,
      ],
    ],
    [
      `priority class of ${owner} with capitals`,
      { [`${owner}.priorityClassName`]: "High" },
      [
        `${owner}.priorityClassName: "High" is not a Kubernetes object name; allowed: lower-case letters, digits, '-' and '.' -> write the name as \`kubectl get\` prints it`,
      ],
    ],
  ]),
  ...(["oap", "ui"] as const).flatMap((owner): [string, Record<string, unknown>, string[]][] => [
    [
      `unknown anti-affinity of ${owner}`,
      { [`${owner}.podAntiAffinity`]: "none" },
      [`${owner}.podAntiAffinity: "none" is not allowed; allowed: soft, hard -> choose one of them`],
    ],
    [
      `anti-affinity of ${owner} said twice`,
      { [`${owner}.podAntiAffinity`]: "soft", [`${owner}.affinity`]: { podAntiAffinity: {} } },
      [`${owner}.podAntiAffinity: "soft" cannot be combined with affinity.podAntiAffinity -> keep one of them`],
    ],
    [
      `spread constraint of ${owner} as text`,
      { [`${owner}.topologySpreadConstraints`]: ["zone"] },
      [`${owner}.topologySpreadConstraints.0: a text is not a map -> write a map`],
    ],
    [
      `spread constraint of ${owner} without skew`,
      { [`${owner}.topologySpreadConstraints`]: [{ topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }] },
      [`${owner}.topologySpreadConstraints.0.maxSkew: is missing; a number is needed -> set it`],
    ],
  ]),
  [
    "anti-affinity of the init Job, which has one pod",
    { "init.podAntiAffinity": "soft" },
    [
      "init.podAntiAffinity: is not a known key; allowed: memory, cpu, cpuLimit, env, ttlSecondsAfterFinished, nodeSelector, affinity, tolerations, priorityClassName, podAnnotations, podLabels -> remove it",
    ],
  ],
  [
    "init Job that is gone before it is seen",
    { "init.ttlSecondsAfterFinished": 0 },
    ["init.ttlSecondsAfterFinished: 0 is too small; allowed: 60 or more -> write such a number"],
  ],
  [
    "CPU limit of the init Job below the servers' request",
    { "oap.cpu": "2", "init.cpuLimit": "1" },
    ['init.cpuLimit: "1" is less than the request, which is 2 -> raise it, or lower cpu'],
  ],

  [
    "variables of the UI that the program sets",
    { "ui.env": { SW_OAP_ADDRESS: "x", SW_SERVER_PORT: "80" } },
    [
      "ui.env.SW_OAP_ADDRESS: is set by the program -> remove it",
      "ui.env.SW_SERVER_PORT: is set by the program -> remove it",
    ],
  ],
  [
    "CPU limit of the UI below its request",
    { "ui.cpuLimit": "50m" },
    ['ui.cpuLimit: "50m" is less than the request, which is 100m -> raise it, or lower cpu'],
  ],
  [
    "memory of the UI without unit",
    { "ui.memory": "512" },
    ['ui.memory: "512" is not an amount of memory; allowed: a whole number with Mi or Gi -> write e.g. "2Gi"'],
  ],
  [
    "port of the UI out of range",
    { "ui.service.port": 0 },
    ["ui.service.port: 0 is not a port; allowed: 1 to 65535 -> write a number in that range"],
  ],
  [
    "port of the nodes on no node",
    { "ui.service.nodePort": 30080 },
    [
      "ui.service.nodePort: 30080 cannot be set with type ClusterIP; allowed with: NodePort, LoadBalancer -> set the type, or remove it",
    ],
  ],
  [
    "port of the nodes for the OAP",
    { "oap.service.nodePort": 30080 },
    [
      "oap.service.nodePort: is not a known key; allowed: type, annotations, labels, clusterIP, externalIPs, loadBalancerIP, loadBalancerSourceRanges -> remove it",
    ],
  ],
  [
    "ServiceMonitor as text",
    { "monitoring.serviceMonitor": "yes" },
    ['monitoring.serviceMonitor: "yes" is not a boolean -> write a boolean'],
  ],
  [
    "unknown key of monitoring",
    { "monitoring.serviceMonitors": true },
    [
      'monitoring.serviceMonitors: is not a known key; allowed: serviceMonitor, labels -> did you mean "serviceMonitor"?',
    ],
  ],
];

/** Keys of the generation v9. */
function ofV9(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).map(([path, value]) => [`generations.v9.${path}`, value]));
}

/** The example with no services, whose agents are another matter. */
const example = (): RawConfig => changed(exampleConfig(), { services: {}, waves: [] });

test.each(illegal)("%s", (_, changes, problems) => {
  expect(problemsOf(changed(example(), ofV9(changes)))).toEqual(problems.map((problem) => `generations.v9.${problem}`));
});

test("an option that makes an old OAP delete its tables is refused there, and only there", () => {
  const option = (generation: string) => ({ [`generations.${generation}.oap.javaOpts`]: "-Ddebug=true" });
  expect(problemsOf(changed(example(), option("v6")))).toEqual([
    'generations.v6.oap.javaOpts: "-Ddebug=true" makes the init Job of OAP 6.6.0 delete tables of its storage -> remove it',
  ]);
  expect(problemsOf(changed(example(), option("v9")))).toEqual([]);
});

test.each<[string, Record<string, unknown>]>([
  [
    "a user of the cluster's choice",
    { "oap.podSecurityContext": { runAsUser: null, runAsGroup: null, fsGroup: null } },
  ],
  ["root where the namespace is the user's", { createNamespace: false, "oap.podSecurityContext": { runAsUser: 0 } }],
  ["a headless Service", { "oap.service.clusterIP": "None" }],
  ["a port of the nodes behind a load balancer", { "ui.service": { type: "LoadBalancer", nodePort: 30080 } }],
  ["metrics at another port", { "monitoring.serviceMonitor": true, "oap.ports": { metrics: 1543 } }],
  ["an Ingress for every host of a domain", { "ui.ingress": { hosts: ["*.example.com"] } }],
  ["an account that is there", { "oap.serviceAccount.name": "tracing" }],
  ["a variable of another dynamic configuration", { "oap.env": { SW_CONFIGURATION: "grpc" } }],
  ["an init Job with less than the servers", { "oap.cpuLimit": "2", "init.cpu": "100m", "init.memory": "512Mi" }],
  ["an init Job that must not be kept", { "init.ttlSecondsAfterFinished": 60 }],
])("%s is legal", (_, changes) => {
  expect(problemsOf(changed(example(), ofV9(changes)))).toEqual([]);
});

test("a stack that sets every key is legal", () => {
  expect(problemsOf(everyKeyConfig())).toEqual([]);
});

test.each(["images", "oap", "init", "ui", "monitoring"])("that stack sets every key of %s", (section) => {
  const config = everyKeyConfig();
  const [told] = problemsOf(changed(config, ofV9({ [`${section}.?`]: 0 })));
  const known = /allowed: (.*) -> /
    .exec(told ?? "")?.[1]
    ?.split(", ")
    .sort();
  const { v9 } = config.generations as Record<string, Record<string, object>>;
  expect(Object.keys(v9?.[section] ?? {}).sort()).toEqual(known);
});
