import type { Config, Generation, Service } from "../config";
import { aboutGeneration, aboutServices, type Warning } from "./warning";

const id = "release-not-known";

/** The OAP of a generation, if nothing is known of its release. */
export function oapNotKnown(name: string, { version, behavesLike }: Generation): Warning[] {
  if (version === behavesLike) return [];
  return [
    aboutGeneration(
      id,
      name,
      `: nothing is known of OAP ${version}, which is treated as ${behavesLike}: look in its release notes for what changed in storage, configuration, agents and queries`,
    ),
  ];
}

const hasUnknown = ({ agent, behind = [] }: Service): boolean =>
  [agent, ...behind].some(({ behavesLike }) => behavesLike !== undefined);

/** The releases of the upgrade of which nothing is known. */
export function releasesNotKnown({ services, from, to }: Config): Warning[] {
  const roles = new Map([from, to].map(({ name, generation }) => [name, generation]));
  const agents = Object.entries(services).filter(([, service]) => hasUnknown(service));
  return [
    ...[...roles].flatMap(([name, generation]) => {
      const { java } = generation.agents;
      return [
        ...oapNotKnown(name, generation),
        ...(java?.behavesLike === undefined
          ? []
          : [
              aboutGeneration(
                id,
                name,
                `: nothing is known of Java agent ${java.release}, which is treated as ${java.behavesLike}`,
              ),
            ]),
      ];
    }),
    ...aboutServices(
      id,
      agents.map(([key]) => key),
      "nothing is known of the releases of their agents, which are treated as those that behavesLike names",
    ),
  ];
}
