import * as z from "zod";

import { agentReleases } from "../../skywalking/agent";
import { oapReleases, type OapRelease } from "../../skywalking/oap";
import { init, monitoring, oap } from "./oap";
import { isMap, section, strict } from "./object";
import { images } from "./pod";
import { naming, releaseName, type Releases } from "./release";
import { dnsLabel, host, httpUrl, image, kubernetesName, objectName, plainPath, withHosts } from "./scalars";
import { storage } from "../storage/storage";
import { ui } from "./ui";
import { theCluster } from "../workload/ref";

/** Names of generations are parts of object names (`elasticsearch-v9-0`, with 63 characters for the whole). */
export const generationName = kubernetesName(20);

/**
 * `agent.namespace`: part of a header name (agents to 8.9) or of a service name (since 8.10), hence no
 * `|`, `,` or blank.
 */
const agentNamespace = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "is not an agent namespace; allowed: letters, digits, '.', '_' and '-' -> choose e.g. the generation's name",
  );

const address = withHosts(
  new RegExp(`^${host}:\\d{1,5}(,${host}:\\d{1,5})*$`),
  (text) => text.split(","),
  'is not an address; allowed: host:port, a port up to 65535, several with a comma between -> write e.g. "skywalking-oap.tracing:11800"',
);

const javaAgents: Releases = { of: "java agent", known: agentReleases("java") };

const javaAgent = strict({
  /** Release of the Java agent that services of this generation run with. */
  release: releaseName(javaAgents),
  /** The known release whose facts hold, for one that the program does not know. Defaults to none. */
  behavesLike: z.enum(agentReleases("java")).optional(),
  /** Image that holds the agent directory. Defaults to the official image of that release. */
  image: image.optional(),
  /** Agent directory in that image. Defaults to the official image's. */
  directory: plainPath("/skywalking/agent").optional(),
});

/** It becomes a part of variables that a JVM splits at blanks, so it has none, and no quotes. */
const token = z
  .string()
  .regex(
    /^[^\s\p{Cc}"'$`\\,=]+$/u,
    "is not a token; allowed: no blanks, control characters, quotes, '$', '`', '\\', ',' and '=' -> choose another",
  );

const certificate = z
  .string()
  .regex(/-----BEGIN CERTIFICATE-----/, "is not a certificate -> write it in PEM, with its BEGIN and END lines");

const tls = {
  /** The certificate authority, in PEM, that agents are to trust. Defaults to what they trust already. */
  ca: certificate.optional(),
};

const oaps: Releases = { of: "OAP", known: oapReleases };

const release = {
  /** SkyWalking release of the OAP. */
  version: releaseName(oaps),
  /** The known release whose facts hold, for one that the program does not know. Defaults to none. */
  behavesLike: z.enum(oapReleases).optional(),
};

/** An object with the keys of {@link release}. */
const ofOap = <Schema extends z.ZodType<object>>(schema: Schema) => naming(schema, "version", () => oaps);

/** What is read of a release, with the one whose facts hold: itself, where it is known. */
function withFacts<Read extends { version: string; behavesLike?: OapRelease | undefined }>(read: Read) {
  // It is one of them: ofOap has checked it.
  return { ...read, behavesLike: read.behavesLike ?? (read.version as OapRelease) };
}

const ofEveryGeneration = {
  ...release,
  /**
   * `agent.namespace` of this generation's agents. `from` and `to` must have different ones only for agents that put it
   * into their header: Java to 8.9, Python 0.7. Defaults to none.
   */
  agentNamespace: agentNamespace.optional().transform((name) => name ?? ""),
  /** Releases that agents must have to report here; services run the release of their own image where none is named. */
  agents: section({
    /** How agents are brought to the release that a generation asks for. */
    java: naming(javaAgent, "release", () => javaAgents).optional(),
  }),
  /**
   * The token that agents must send (`agent.authentication`, `SW_AUTHENTICATION`); OAP 7.0.0 or newer. Set it with
   * `pulumi config set --secret --path`. It reaches OAP and agents through Secrets. Defaults to none.
   */
  token: token.optional(),
};

const managedGeneration = strict({
  ...ofEveryGeneration,
  managed: z.literal(true),
  /** What its OAP and UI become at `shift`; strategy `in-place` only. */
  inPlace: ofOap(
    strict({
      ...release,
      /** Defaults to the official image of the release and storage. */
      oapImage: image.optional(),
      /** Defaults to the official image of the release. */
      uiImage: image.optional(),
    }),
  )
    .transform(withFacts)
    .optional(),
  /** Agents report with TLS, on a gRPC port of their own; OAP 8.2.0 or newer. Defaults to none. */
  tls: strict({
    ...tls,
    /** A Secret of type kubernetes.io/tls in the generation's Kubernetes namespace, which somebody else makes. */
    secretName: objectName,
  }).optional(),
  /** Kubernetes namespace. Defaults to `skywalking-` and the generation's name. */
  namespace: dnsLabel.optional(),
  /**
   * Whether the program creates that namespace, with Pod Security `restricted`. It never deletes it. Defaults to true.
   */
  createNamespace: z.boolean().default(true),
  images: section(images),
  oap,
  init,
  ui,
  monitoring,
  storage,
});

const adoptedGeneration = strict({
  ...ofEveryGeneration,
  managed: z.literal(false),
  /** `collector.backend_service` of its agents. */
  address,
  /** Its agents report with TLS. Defaults to none. */
  tls: strict(tls).optional(),
  /**
   * URL of its REST port (12800), by which gates ask it. Defaults to none: nothing of it is asked, which a warning
   * says.
   */
  restUrl: httpUrl.optional(),
  /** Labels of its OAP pods, by which the entrance finds them; strategy `hot-reboot` only. */
  podLabels: z.record(z.string(), z.string()).optional(),
});

/** A generation is managed unless it says `managed: false`; a discriminated union needs the key to be there. */
export const generation = z.preprocess(
  (value) => (isMap(value) ? { managed: true, ...value } : value),
  z
    .discriminatedUnion("managed", [ofOap(managedGeneration), ofOap(adoptedGeneration)], {
      error: (issue) =>
        isMap(issue.input)
          ? "is not allowed; allowed: true, false -> choose one of them"
          : "is not a map -> write a map",
    })
    .transform((read) => ({ ...withFacts(read), cluster: theCluster })),
);

/** A generation, with what the config leaves to defaults filled in. */
export type Generation = z.output<typeof generation>;
export type ManagedGeneration = Extract<Generation, { managed: true }>;

/** A generation with its name. */
export interface NamedGeneration {
  readonly name: string;
  readonly generation: Generation;
}
