import { planArrived, type ArrivedQuestion, type ArrivedSettings } from "./arrived";
import type { GateContext, GateDefinition } from "./definition";

/**
 * The services of earlier waves must have arrived before further ones move. It has the settings of `gates.arrived`,
 * without the soak.
 */
export function earlierWavesArrived(settings: ArrivedSettings): GateDefinition<ArrivedQuestion> {
  return {
    name: ({ to }) => `${to.name}-earlier-waves-arrived`,
    settings,
    generation: "to",
    isAskedAt: ({ row }, move) => move === "patches" && row.acts && !row.everyoneMoved,
    plan: (context) => {
      const earlier = earlierWaves(context);
      const services = context.services.filter(({ key }) => earlier.has(key));
      return planArrived(context, services, "the rest moves", settings);
    },
  };
}

/** Keys of the services that move before the last ones that the stage moves. */
function earlierWaves({ stage, members, waves }: GateContext): ReadonlySet<string> {
  return new Set((stage.wave === undefined ? waves.slice(0, -1) : members.slice(0, stage.wave - 1)).flat());
}
