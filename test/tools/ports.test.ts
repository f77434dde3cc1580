import { spawn } from "node:child_process";
import { once } from "node:events";

import { freePort } from "../../tools/ports";

/** What another process is told at the same time. */
async function elsewhere(count: number): Promise<number[]> {
  const script = `const { freePort } = require("./tools/ports");
(async () => { const found = []; for (let i = 0; i < ${String(count)}; i += 1) found.push(await freePort()); console.log(JSON.stringify(found)); })();`;
  const child = spawn(process.execPath, ["--import", "tsx", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [[output]] = (await Promise.all([once(child.stdout, "data"), once(child, "exit")])) as [[Buffer], unknown];
  return JSON.parse(output.toString()) as number[];
}

test("processes that look for free ports at the same time find different ones, which no outgoing connection takes", async () => {
  const here = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let count = 0; count < 8; count += 1) found.push(await freePort());
    return found;
  };
  const found = (await Promise.all([here(), elsewhere(8), elsewhere(8)])).flat();
  expect(new Set(found).size).toBe(24);
  expect(found.filter((port) => port < 16_384 || port > 29_999)).toEqual([]);
});
