/**
 * Sends requests to one address at a steady rate, each on a connection of its own, and writes one JSON line for each
 * request that was answered or failed. It runs in the cluster's network and ends when its stdin does.
 */
import { createWriteStream } from "node:fs";
import { get } from "node:http";
import { setInterval } from "node:timers";

import type { Answer, TrafficLine } from "./traffic";

const [, , url = "", perSecond = "", file = ""] = process.argv;
const lines = createWriteStream(file, { flags: "a" });
let open = 0;
let ended = false;

function finish(line: TrafficLine): void {
  open -= 1;
  lines.write(`${JSON.stringify(line)}\n`);
  if (ended && open === 0) lines.end();
}

function send(): void {
  const at = Date.now();
  open += 1;
  let done = false;
  const once = (line: TrafficLine): void => {
    if (done) return;
    done = true;
    finish(line);
  };
  const failed = (why: string): void => {
    once({ at, took: Date.now() - at, failed: why });
  };
  const asked = get(url, { agent: false, timeout: 60_000 }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (part: string) => (text += part));
    response.on("error", (error) => {
      failed(String(error));
    });
    response.on("end", () => {
      if (response.statusCode !== 200) failed(`${String(response.statusCode)} ${text.trim()}`);
      else once({ at, took: Date.now() - at, answer: JSON.parse(text) as Answer });
    });
  });
  asked.on("timeout", () => asked.destroy(new Error("no answer in 60 s")));
  asked.on("error", (error) => {
    failed(String(error));
  });
}

const timer = setInterval(send, 1000 / Number(perSecond));
process.stdin.on("end", () => {
  clearInterval(timer);
  ended = true;
  if (open === 0) lines.end();
});
process.stdin.resume();
