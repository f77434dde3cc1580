import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";

import { statusPage } from "../../commands/status/page/page";
import type { Status } from "../../commands/status/status";
import { describeInChromium, startChromium } from "../browser";
import { answered, everyone, statusOf } from "./sample-status";

jest.setTimeout(60_000);

const idle = {
  nodes: { ready: 0, desired: 0 },
  answer: { kind: "not asked", why: "none of its OAP pods is ready" },
} as const;
const absent = idle;

/** Every stage, and where the services of the sample report in it. */
const stages: readonly (readonly [stage: string, status: Status, onV9: readonly string[]])[] = [
  ["baseline", statusOf({ stage: "baseline", v9: absent }), []],
  ["provision", statusOf({ stage: "provision" }), []],
  ["canary-1", statusOf({ stage: "canary-1" }), ["catalog"]],
  ["canary-2", statusOf({ stage: "canary-2" }), ["catalog", "cart", "payment"]],
  ["shift", statusOf({ stage: "shift" }), Object.keys(everyone)],
  ["drain", statusOf({ stage: "drain", v6: idle }), Object.keys(everyone)],
  ["retire", statusOf({ stage: "retire", v6: absent }), Object.keys(everyone)],
];
const wrong = statusOf({
  stage: "canary-2",
  moved: ["catalog", "payment"],
  v6: { answer: answered("6.0", { ...everyone, '<img src="x" onerror="alert(1)">': 1 }) },
});

describeInChromium("the page, in a real Chromium", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    browser = await startChromium();
    folder = mkdtempSync(join(tmpdir(), "skywalking-canary-page-"));
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  interface Look {
    readonly page: Page;
    /** What it asked for beside itself, and errors of the console. */
    readonly unwanted: string[];
  }

  async function open(
    status: Status,
    { width = 1100, scheme = "light" }: { width?: number; scheme?: "light" | "dark" } = {},
  ): Promise<Look> {
    const file = join(folder, "status.html");
    writeFileSync(file, statusPage(status));
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: scheme,
      // So that the test can bring its own script; that the page has none is tested apart from that.
      bypassCSP: true,
    });
    const page = await context.newPage();
    const unwanted: string[] = [];
    page.on("request", (request) => {
      if (request.url() !== `file://${file}`) unwanted.push(request.url());
    });
    page.on("console", (message) => unwanted.push(message.text()));
    page.on("pageerror", (error) => unwanted.push(error.message));
    await page.goto(`file://${file}`);
    return { page, unwanted };
  }

  /** The cells of the services' table, row by row. */
  async function rowsOf(page: Page): Promise<string[][]> {
    const rows = await page.locator("tbody tr").all();
    return Promise.all(
      rows.map(async (row) => (await row.locator("th, td").allTextContents()).map((text) => text.trim())),
    );
  }

  describe.each(stages)("at %s", (stage, status, onV9) => {
    test("says the stage, that all agree, and where each service reports", async () => {
      const { page, unwanted } = await open(status);
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(`staging: stage ${stage}`);
      expect((await page.getByRole("status").textContent())?.trim()).toBe("✓ Config, pods and backends agree.");
      const rows = await rowsOf(page);
      expect(
        rows.map(([name = "", expected, pods]) => [name.split(" ")[0], expected, pods?.replace(" by its image", "")]),
      ).toEqual(
        Object.keys(everyone)
          .sort((one, other) => orderOf(status, one) - orderOf(status, other))
          .map((key) => (onV9.includes(key) ? [key, "v9", "v9 2/2"] : [key, "v6", "v6 2/2"])),
      );
      expect(unwanted).toEqual([]);
      await page.context().close();
    });

    test("draws a line from each service to its backend", async () => {
      const { page } = await open(status);
      const count = (selector: string): Promise<number> => page.locator(selector).count();
      expect(await count("svg .service")).toBe(6);
      expect(await count("svg line.right:not(.broken)")).toBe(onV9.length);
      expect(await count("svg line.left:not(.broken)")).toBe(6 - onV9.length);
      expect(await count("svg line.wrong")).toBe(0);
      const description = await page.locator("svg desc").textContent();
      expect(description).toContain(`${onV9.length} of 6 services ${onV9.length === 1 ? "points" : "point"} to v9.`);
      const screenshot = await page.screenshot({ fullPage: true });
      expect(screenshot.length).toBeGreaterThan(10_000);
      await page.context().close();
    });
  });

  test.each([1100, 720])("breaks no word of the table's head, %s pixels wide", async (width) => {
    const { page } = await open(wrong, { width });
    // Runs in the page: every word of the head, with the number of lines that it takes.
    const lines = await page.evaluate<string[]>(`[...document.querySelectorAll("thead th")].flatMap((cell) =>
      [...cell.textContent.matchAll(/\\S+/g)].map(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(cell.firstChild, index);
        range.setEnd(cell.firstChild, index + word.length);
        return word + ": " + range.getClientRects().length;
      }),
    )`);
    expect(lines).toHaveLength(13);
    expect(lines.filter((line) => !line.endsWith(": 1"))).toEqual([]);
    await page.context().close();
  });

  test("looks different in different stages, and in the dark", async () => {
    const shots = new Set<string>();
    for (const status of [stages[0]?.[1], stages[3]?.[1], wrong]) {
      if (status === undefined) throw new Error("no such stage");
      for (const scheme of ["light", "dark"] as const) {
        const { page } = await open(status, { scheme });
        shots.add((await page.screenshot()).toString("base64"));
        await page.context().close();
      }
    }
    expect(shots.size).toBe(6);
  });

  test("what disagrees is named above everything else, and marked in table and picture", async () => {
    const { page } = await open(wrong);
    expect((await page.getByRole("status").textContent())?.trim()).toBe("! 5 things disagree.");
    expect(await page.locator(".disagreements li").allTextContents()).toContain(
      "cart: 2 of 2 pods point to oap-v6.skywalking-v6.svc:11800 (v6), but the config says v9",
    );
    const rows = await rowsOf(page);
    const disagreeing = rows.filter((row) => row.at(-1) === "DISAGREES").map(([name = ""]) => name.split(" ")[0]);
    expect(disagreeing).toEqual(["catalog", "cart", "payment"]);
    // The three, and the one that no config lists.
    expect(await page.locator("svg .service.wrong").count()).toBe(4);
    await page.context().close();
  });

  test("a name that is HTML is shown as text", async () => {
    const { page, unwanted } = await open(wrong);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator(".disagreements").textContent()).toContain('<img src="x" onerror="alert(1)">');
    expect(unwanted).toEqual([]);
    await page.context().close();
  });

  test.each([320, 360, 768, 1100])("at %s pixels nothing is cut off at the side", async (width) => {
    const { page } = await open(wrong, { width });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    // Labels in the picture stay readable.
    const label = await page.locator("svg .service text").first().boundingBox();
    expect(label?.height).toBeGreaterThanOrEqual(10);
    await page.context().close();
  });

  test.each([
    ["light", 1100],
    ["dark", 1100],
    ["light", 360],
    ["dark", 360],
  ] as const)("axe finds nothing against it: %s, %s pixels", async (scheme, width) => {
    const { page } = await open(wrong, { scheme, width });
    await page.addScriptTag({ content: readFileSync(require.resolve("axe-core/axe.min.js"), "utf8") });
    const { violations, passes } = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const result = await axe.run();
      return {
        violations: result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
        passes: result.passes.length,
      };
    });
    expect(violations).toEqual([]);
    expect(passes).toBeGreaterThan(10);
    await page.context().close();
  });
});

function orderOf({ services }: Status, key: string): number {
  return services.findIndex((service) => service.key === key);
}

test("it has no script, and may load nothing", () => {
  const page = statusPage(wrong);
  expect(page).not.toMatch(/<script/);
  expect(page).toContain(`default-src 'none'`);
  expect(page).not.toMatch(/(src|href)="?https?:/);
});

test("a thousand services are drawn as a few rows, those that disagree by name", () => {
  const [service] = wrong.services;
  if (service === undefined) throw new Error("no service");
  const services = Array.from({ length: 1000 }, (_, index) => ({
    ...service,
    key: `service-${index}`,
    disagreements: index === 7 ? ["it is elsewhere"] : [],
  }));
  const page = statusPage({ ...wrong, services });
  expect(page).toContain("! service-7<");
  expect(page).toContain("999 services");
  expect(page.match(/<g class="service/g)).toHaveLength(3);
});
