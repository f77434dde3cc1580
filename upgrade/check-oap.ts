import { oapProfile } from "../skywalking/oap";
import { isAtLeast } from "../skywalking/release";
import { agentPorts, inNextRelease, oapPorts } from "./backend";
import type { ManagedGeneration } from "./config";
import type { Report } from "./problem";
import { mebibytes } from "./quantity";

/** What the program sets on the OAP itself, and why a second opinion in `oap.env` would break a rule of the design. */
const ownEnv =
  /^(SW_CLUSTER(_K8S_.*)?|SKYWALKING_COLLECTOR_UID|SW_STORAGE|SW_STORAGE_ES_CLUSTER_NODES|SW_NAMESPACE|SW_ES_USER|SW_ES_PASSWORD|SW_STORAGE_ES_HTTP_PROTOCOL|SW_STORAGE_BANYANDB_(TARGETS|HOST|PORT|USER|PASSWORD|SSL_TRUST_CA_PATH)|SW_JDBC_URL|SW_DATA_SOURCE_(USER|PASSWORD)|SW_CORE_GRPC_PORT|SW_CORE_REST_PORT|SW_ADMIN_SERVER_(GRPC_)?(HOST|PORT)|JAVA_OPTS)$/;

function checkEnv(key: string, { behavesLike, oap, init, token, tls }: ManagedGeneration, report: Report): void {
  const { dynamicConfig, token: tokenVariable, receiver } = oapProfile(behavesLike).env;
  const ofDynamicConfig =
    oap.dynamicConfig === undefined || dynamicConfig === undefined
      ? []
      : [...Object.keys(dynamicConfig.selector), dynamicConfig.period];
  const ofAccess = [
    ...(token === undefined ? [] : [tokenVariable]),
    ...(tls === undefined || receiver === undefined
      ? []
      : [receiver.port, receiver.enabled, receiver.keyPath, receiver.certChainPath]),
  ];
  for (const [owner, env] of [
    ["oap", oap.env],
    ["init", init.env ?? {}],
  ] as const) {
    for (const variable of Object.keys(env)) {
      if (ownEnv.test(variable) || ofDynamicConfig.includes(variable) || ofAccess.includes(variable)) {
        report({ key: `${key}.${owner}.env.${variable}`, wrong: "is set by the program", fix: "remove it" });
      }
    }
  }
}

/** Options that the program sets, or that nobody may set. */
const refusedJavaOpts: readonly { readonly option: RegExp; readonly wrong: string; readonly fix: string }[] = [
  { option: /^-Xm[sx]/, wrong: "sets the heap, which has its own key", fix: "use oap.heap" },
  { option: /^-Dmode(=|$)/, wrong: "sets the mode, which the program sets", fix: "remove it" },
];

/**
 * `-Ddebug`: an OAP that is not in `no-init` mode deletes tables that exist, all of them to 6.1
 * (`apache/skywalking@v6.1.0`, core/storage/model/ModelInstaller.java), that of the registration locks to 7.0
 * (`apache/skywalking@v7.0.0`, storage/plugin/elasticsearch/lock/RegisterLockInstaller.java).
 */
const debugOption = /^-Ddebug(=|$)/;

function checkJava(key: string, { version, behavesLike, oap }: ManagedGeneration, report: Report): void {
  for (const word of (oap.javaOpts ?? "").split(/\s+/)) {
    const refused = refusedJavaOpts.find(({ option }) => option.test(word));
    if (refused !== undefined) {
      report({ key: `${key}.oap.javaOpts`, value: word, wrong: refused.wrong, fix: refused.fix });
    }
    if (debugOption.test(word) && !isAtLeast(behavesLike, "8.0.0")) {
      report({
        key: `${key}.oap.javaOpts`,
        value: word,
        wrong: `makes the init Job of OAP ${version} delete tables of its storage`,
        fix: "remove it",
      });
    }
  }
  if (oap.heap !== undefined && mebibytes(oap.heap) >= mebibytes(oap.memory)) {
    report({
      key: `${key}.oap.heap`,
      value: oap.heap,
      wrong: `leaves nothing of the memory limit of ${oap.memory} for the rest of the JVM; allowed: less than the limit`,
      fix: "lower it, or raise oap.memory",
    });
  }
}

function checkFiles(key: string, { version, behavesLike, oap }: ManagedGeneration, report: Report): void {
  const paths = Object.keys(oap.config ?? {});
  for (const path of paths) {
    const inside = paths.find((other) => other.startsWith(`${path}/`));
    if (inside !== undefined) {
      report({
        key: `${key}.oap.config.${path}`,
        wrong: `cannot be a file, because ${inside} makes it a directory`,
        fix: "rename one of them",
      });
    }
  }
  if (oap.dynamicConfig !== undefined && oapProfile(behavesLike).env.dynamicConfig === undefined) {
    report({
      key: `${key}.oap.dynamicConfig`,
      wrong: `cannot be used: OAP ${version} does not support dynamic configuration by ConfigMap; allowed: OAP 8.1.0 or newer`,
      fix: "remove it",
    });
  }
}

function checkPorts(key: string, generation: ManagedGeneration, report: Report): void {
  const ports = oapPorts(generation);
  const admin: readonly number[] = [generation, inNextRelease(generation)].flatMap(({ behavesLike }) => {
    const server = oapProfile(behavesLike).admin;
    return server === undefined ? [] : [server.port, server.peerPort];
  });
  for (const [name, port] of Object.entries(generation.oap.ports ?? {})) {
    const same = Object.entries(ports).find(([other, number]) => other !== name && number === port);
    if (name === "grpc" || name === "rest" || name in agentPorts(generation)) {
      report({ key: `${key}.oap.ports.${name}`, wrong: "is a port that the OAP already has", fix: "remove it" });
    } else if (admin.includes(port)) {
      report({
        key: `${key}.oap.ports.${name}`,
        value: port,
        wrong: "is a port of the OAP's administration, which asks nobody who they are, so no Service leads to it",
        fix: "remove it; ui.admin lets the UI reach it",
      });
    } else if (same !== undefined) {
      report({
        key: `${key}.oap.ports.${name}`,
        value: port,
        wrong: `is already the number of port ${same[0]}`,
        fix: "choose another number",
      });
    }
  }
}

const meterVariable = "SW_METER_ANALYZER_ACTIVE_FILES";

/**
 * Whether every file of meters that is named is there, in the releases that do not start otherwise. What a user's own
 * image or a Secret brings cannot be seen, nor what a pattern would match.
 */
function checkMeterFiles(key: string, { version, behavesLike, oap }: ManagedGeneration, report: Report): void {
  const { meterFiles } = oapProfile(behavesLike);
  if (meterFiles === undefined || oap.image !== undefined || oap.secretMounts !== undefined) return;
  const named = (oap.env[meterVariable] ?? "").split(",").map((name) => name.trim().replace(/^\/|\.ya?ml$/g, ""));
  const own = Object.keys(oap.config ?? {}).map((path) => path.replace(/^meter-analyzer-config\/|\.ya?ml$/g, ""));
  const { agents, runtimes, profiling, others } = meterFiles;
  const ofImage = [...agents, ...runtimes, ...profiling, ...others];
  const missing = named.filter((name) => /^[\w/.-]+$/.test(name) && ![...ofImage, ...own].includes(name));
  if (missing.length === 0) return;
  report({
    key: `${key}.oap.env.${meterVariable}`,
    value: missing.join(","),
    wrong: `is not in the image of OAP ${version}, which does not start without it; allowed: ${ofImage.join(", ")}, and files of oap.config`,
    fix: `remove it, or add meter-analyzer-config/${String(missing[0])}.yaml to oap.config`,
  });
}

/** Whether the release can ask agents for a token, and serve them with TLS. */
function checkAccess(key: string, { version, behavesLike, token, tls }: ManagedGeneration, report: Report): void {
  const { env } = oapProfile(behavesLike);
  if (token !== undefined && env.token === undefined) {
    report({
      key: `${key}.token`,
      wrong: `cannot be used: OAP ${version} reads no token from its environment; allowed: OAP 7.0.0 or newer`,
      fix: "remove it",
    });
  }
  if (tls !== undefined && env.receiver === undefined) {
    report({
      key: `${key}.tls`,
      wrong: `cannot be used: OAP ${version} has no separate gRPC port for agents; allowed: OAP 8.2.0 or newer`,
      fix: "remove it",
    });
  }
}

function checkAutoscaling(key: string, { oap }: ManagedGeneration, report: Report): void {
  if (oap.autoscaling === undefined) return;
  const { minReplicas = oap.replicas, maxReplicas } = oap.autoscaling;
  if (maxReplicas >= minReplicas) return;
  report({
    key: `${key}.oap.autoscaling.maxReplicas`,
    value: maxReplicas,
    wrong: `is less than the minimum, which is ${String(minReplicas)}`,
    fix: "raise it, or lower minReplicas",
  });
}

function checkServiceAccount(key: string, { oap }: ManagedGeneration, report: Report): void {
  const { name, annotations } = oap.serviceAccount;
  if (name === undefined || annotations === undefined) return;
  report({
    key: `${key}.oap.serviceAccount.annotations`,
    wrong: `cannot be set on ${name}, which the program does not manage`,
    fix: "annotate that account yourself, or leave the name out",
  });
}

/** Checks what the schema of one key cannot see in the OAP of a generation and its init Job. */
export function checkOap(name: string, generation: ManagedGeneration, report: Report): void {
  const key = `generations.${name}`;
  checkEnv(key, generation, report);
  checkJava(key, generation, report);
  checkFiles(key, generation, report);
  checkMeterFiles(key, inNextRelease(generation), report);
  checkPorts(key, generation, report);
  checkAccess(key, generation, report);
  checkAutoscaling(key, generation, report);
  checkServiceAccount(key, generation, report);
}
