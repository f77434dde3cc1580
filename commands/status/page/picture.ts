import { plural } from "../../../upgrade/plural";
import type { GenerationStatus, ServiceStatus, Status } from "../status";

/** A backend in the picture. */
export interface Box {
  readonly side: "left" | "right";
  readonly x: number;
  readonly height: number;
  readonly generation: GenerationStatus;
  readonly lines: readonly string[];
}

/** A line from a service to a backend. */
export interface Link {
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  readonly side: "left" | "right";
  /** Pods that point there; undefined when only the config says so. */
  readonly pods: number | undefined;
  /** Whether the config says so too. */
  readonly right: boolean;
  /** Whether the OAP there has seen an instance. */
  readonly seen: boolean;
}

/** A service in the picture, or several that are alike. */
export interface Row {
  readonly label: string;
  /** The full text, for a tooltip. */
  readonly title: string;
  readonly y: number;
  readonly agrees: boolean;
  readonly links: readonly Link[];
}

/** What is drawn, in units of the view box. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly chip: { readonly x: number; readonly width: number; readonly height: number };
  readonly box: { readonly width: number };
  readonly boxes: readonly Box[];
  readonly rows: readonly Row[];
  /** The picture in words. */
  readonly description: string;
}

const width = 460;
const boxWidth = 104;
const chip = { x: 148, width: 164, height: 26 };
const rowHeight = 36;
const top = 12;
const boxText = 110;
const longestLabel = 16;

/** Up to this many services are drawn one by one; beyond it, those that agree are drawn together. */
const drawnSingly = 40;

const shorten = (text: string): string => (text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text);

interface Group {
  readonly label: string;
  readonly services: readonly ServiceStatus[];
}

function groupsOf({ services }: Status): Group[] {
  const single = (service: ServiceStatus): Group => ({ label: service.key, services: [service] });
  if (services.length <= drawnSingly) return services.map(single);
  const disagreeing = services.filter(({ disagreements }) => disagreements.length > 0);
  const groups = new Map<string, ServiceStatus[]>();
  for (const service of services.filter(({ disagreements }) => disagreements.length === 0)) {
    groups.set(service.expected, [...(groups.get(service.expected) ?? []), service]);
  }
  const drawn = disagreeing.slice(0, drawnSingly).map(single);
  const rest = disagreeing.slice(drawnSingly);
  return [
    ...drawn,
    ...(rest.length === 0 ? [] : [{ label: `${rest.length} more`, services: rest }]),
    ...[...groups.values()].map((alike) => ({ label: plural(alike.length, "service"), services: alike })),
  ];
}

function boxLines({ version, state, nodes, answer }: GenerationStatus): string[] {
  return [
    version,
    state,
    nodes === undefined ? "not managed" : `OAP ${nodes.ready}/${nodes.desired}`,
    ...(answer.kind === "answered" ? [`${answer.instances} live`] : answer.kind === "failed" ? ["no answer"] : []),
  ];
}

/** The side of each generation. */
type Sides = ReadonlyMap<string, Box["side"]>;

function ends(side: Box["side"]): { readonly x1: number; readonly x2: number } {
  return side === "left" ? { x1: chip.x, x2: boxWidth } : { x1: chip.x + chip.width, x2: width - boxWidth };
}

function linksOf({ services }: Group, y: number, sides: Sides): Link[] {
  const pods = new Map<string, number>();
  for (const point of services.flatMap((service) => service.pods)) {
    if (point.generation !== undefined) pods.set(point.generation, (pods.get(point.generation) ?? 0) + point.pods);
  }
  const expected = new Set(services.map((service) => service.expected));
  const seen = new Set(services.flatMap(({ reports }) => reports.map(({ generation }) => generation)));
  return [...new Set([...pods.keys(), ...expected, ...seen])].flatMap((generation) => {
    const side = sides.get(generation);
    if (side === undefined) return [];
    return [
      {
        ...ends(side),
        y,
        side,
        pods: pods.get(generation),
        right: expected.has(generation),
        seen: seen.has(generation),
      },
    ];
  });
}

function describe(status: Status, groups: readonly Group[]): string {
  const backends = status.generations.map(
    ({ name, role, version, state }) =>
      `${role === "from" ? "On the left" : "On the right"} the backend ${name}, SkyWalking ${version}, ${state}.`,
  );
  const reports = status.generations.map(({ name }) => {
    const there = status.services.filter(({ pods }) => pods.some(({ generation }) => generation === name));
    return `${there.length} of ${status.services.length} services ${there.length === 1 ? "points" : "point"} to ${name}.`;
  });
  const wrong = groups.flatMap(({ services }) => services).filter(({ disagreements }) => disagreements.length > 0);
  return [
    ...backends,
    ...reports,
    ...(status.unlisted.length === 0
      ? []
      : [
          `${plural(status.unlisted.length, "service")} in no config ${status.unlisted.length === 1 ? "reports" : "report"}.`,
        ]),
    wrong.length === 0
      ? "All agree with the config."
      : `${wrong.length} ${wrong.length === 1 ? "disagrees" : "disagree"} with the config.`,
  ].join(" ");
}

/** Services that nobody listed, below the others. */
function unlistedRow({ unlisted }: Status, y: number, sides: Sides): Row[] {
  if (unlisted.length === 0) return [];
  const [first] = unlisted;
  const label = unlisted.length === 1 && first !== undefined ? first.name : `${unlisted.length} services`;
  const links = [...new Set(unlisted.map(({ generation }) => generation))].flatMap((generation): Link[] => {
    const side = sides.get(generation);
    return side === undefined ? [] : [{ ...ends(side), y, side, pods: undefined, right: false, seen: true }];
  });
  const names = unlisted.map(({ name, generation }) => `${name} reports to ${generation}`);
  const title = ["In no config", ...names].join("\n");
  return [{ label: shorten(`? ${label}`), title, y, agrees: false, links }];
}

/** Lays out the two backends with the services between them, and a line from each service to where its pods point. */
export function picture(status: Status): Picture {
  const groups = groupsOf(status);
  const rowCount = groups.length + (status.unlisted.length === 0 ? 0 : 1);
  const height = Math.max(top + rowCount * rowHeight, boxText + top) + top;
  const yOf = (index: number): number => top + index * rowHeight + rowHeight / 2;
  const sides: Sides = new Map(
    status.generations.map(({ name, role }) => [name, role === "from" ? "left" : "right"] as const),
  );
  return {
    width,
    height,
    chip,
    box: { width: boxWidth },
    boxes: status.generations.map((generation) => ({
      side: generation.role === "from" ? "left" : "right",
      x: generation.role === "from" ? 0 : width - boxWidth,
      height: height - 2,
      generation,
      lines: boxLines(generation),
    })),
    rows: [
      ...groups.map((group, index) => {
        const said = group.services.flatMap(({ disagreements }) => disagreements);
        return {
          label: said.length === 0 ? shorten(group.label) : `! ${shorten(group.label)}`,
          title: [group.label, ...said].join("\n"),
          y: yOf(index),
          agrees: said.length === 0,
          links: linksOf(group, yOf(index), sides),
        };
      }),
      ...unlistedRow(status, yOf(groups.length), sides),
    ],
    description: describe(status, groups),
  };
}
