import type { V1Container } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type { Injection } from "./inject/injector";
import type { PlannedService } from "./plan";
import type { Report } from "./problem";
import { aboutServices, type Warning, type WarningId } from "./warnings/warning";
import { gitOpsOf, isGitOps } from "./workload/gitops";
import { managersOf, type Manager } from "./workload/owners";
import { placeOf, readSlot, type Slot } from "./workload/slot";
import { isWholeList, placeOfList } from "./workload/whole-lists";
import { fieldManager, managersOfWholeList, type Workload } from "./workload/workload";

/** Whose the values are that are taken over; those of lists with one owner too. */
function ownersOfTaken({ values }: Injection, workload: Workload): { slots: Slot[]; managers: Manager[] } {
  const taken = values.map(({ slot }) => readSlot(workload, slot)).filter(({ original }) => original !== undefined);
  const managers = [
    ...taken.flatMap(({ slot, held }) => managersOf(workload, placeOf(slot), held)),
    ...(isWholeList(workload, "containers")
      ? managersOf(
          workload,
          placeOfList("containers"),
          managersOfWholeList(workload, "containers").includes(fieldManager),
        )
      : []),
  ];
  return { slots: taken.map(({ slot }) => slot), managers };
}

/** What the owner sets of what we set, as the user knows it; undefined: nothing. */
function takenNames({ ownersToo }: Injection, workload: Workload): string | undefined {
  if (isWholeList(workload, "containers")) return `the containers of a ${workload.kind}`;
  return ownersToo.length === 0 ? undefined : ownersToo.join(", ");
}

/** Reports a service whose owner's values are not to be taken over, or would be put back at once. */
export function checkTakeOver(
  { key, service }: PlannedService,
  workload: Workload,
  injection: Injection,
  report: Report,
): void {
  const names = takenNames(injection, workload);
  if (names === undefined || service.takeOver === "force") return;
  const { slots, managers } = ownersOfTaken(injection, workload);
  if (service.takeOver === "refuse") {
    const by = managers.length === 0 ? "" : ` (${managers.map(({ manager }) => manager).join(", ")})`;
    report({
      key: `services.${key}.takeOver`,
      value: service.takeOver,
      wrong: `forbids to take over what its owner${by} sets too: ${names}; allowed: force`,
      fix: "choose another way to inject, have its owner remove it from the manifest, or set force",
    });
    return;
  }
  const tool = gitOpsOf(workload);
  const isTheirs = managers.length === 0 || managers.some(({ manager }) => tool?.managers.includes(manager));
  if (tool === undefined || !isTheirs) return;
  report({
    key: `services.${key}.takeOver`,
    wrong: `is missing, and ${tool.name} sets ${names} too and puts its own value back; allowed: force, refuse`,
    fix: `${tool.leavesAlone(workload, slots)}, then set force; or choose another way to inject, or remove it from git`,
  });
}

/** What an owner's deploy will do to a service that has moved, where the owner's manifest sets what we set. */
export function ownerWarnings(
  { key, service, originRuns }: PlannedService,
  container: V1Container,
  workload: Workload,
  injection: Injection,
): Warning[] {
  const about = (id: WarningId, text: string): Warning[] => aboutServices(id, [key], text);
  const does = originRuns
    ? "moves the agent back until the next `pulumi up`"
    : "sends the agent to a stopped backend, and the service is dark until the next `pulumi up`: have its owner change that value first";
  const { ownersToo, values } = injection;
  if (takenNames(injection, workload) !== undefined) {
    const isWhole = isWholeList(workload, "containers");
    const other =
      isWhole || service.agent.language !== "java" || ownersToo.some((name) => name.startsWith("JDK_"))
        ? ""
        : "; on Java 9 or newer `inject: jdk-java-options` may avoid that";
    const what = isWhole
      ? `the containers of a ${workload.kind} have one owner`
      : `its owner sets ${ownersToo.join(", ")} too`;
    const conflicting = ownersOfTaken(injection, workload).managers.filter(
      ({ manager, operation }) => operation === "Apply" && !isGitOps(manager),
    );
    const names = [...new Set(conflicting.map(({ manager }) => manager))].join(", ");
    const happens =
      names === ""
        ? `every deploy by that owner ${does}`
        : `the next deploy by ${names}, which applies server-side, ends with a conflict with "${fieldManager}", and one that forces conflicts ${does}`;
    return about("owner-deploys", `${what}, so ${happens}${other}`);
  }
  const readsFrom = container.envFrom ?? [];
  const variables = values.flatMap(({ slot }) => (slot.at === "env" ? [slot.name] : []));
  return readsFrom.length === 0 || variables.length === 0
    ? []
    : about(
        "owner-variable-hidden",
        `reads variables with envFrom; if ${variables.join(" or ")} is among them, its value is hidden by ours`,
      );
}
