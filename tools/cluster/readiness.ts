import { readFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Files } from "./control-plane";

/** Waits until kube-apiserver reports that it is ready. There is no timeout: the caller limits the whole start. */
export async function waitForApiserver(files: Files, port: number): Promise<void> {
  const [ca, cert, key] = ["ca.crt", "admin.crt", "admin.key"].map((file) => readFileSync(join(files.pki, file)));
  const ready = (): Promise<boolean> =>
    new Promise((resolve) => {
      get({ host: "127.0.0.1", port, path: "/readyz", ca, cert, key }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      }).on("error", () => {
        resolve(false);
      });
    });
  while (!(await ready())) await sleep(50);
}
