import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { apiServer, home } from "../../tools/real-cluster/settings";

/** Sends a request to the API server as the cluster's owner: a POST if there is a body. */
export async function ask(path: string, body?: unknown): Promise<unknown> {
  const [ca, cert, key] = ["ca.crt", "admin.crt", "admin.key"].map((file) => readFileSync(join(home(), "pki", file)));
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const broken = (error: Error) => {
      reject(new Error(`${method} ${path}: ${error.message}`, { cause: error }));
    };
    const asked = request(
      `${apiServer}${path}`,
      { method, ca, cert, key, headers: { "Content-Type": "application/json" }, timeout: 120_000 },
      (response) => {
        void text(response).then((answer) => {
          if (response.statusCode === 200) resolve(JSON.parse(answer));
          else reject(new Error(`${method} ${path} answered ${String(response.statusCode)}: ${answer}`));
        }, broken);
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer in 120 s")));
    asked.on("error", broken);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Path of a Service's port behind the API server's proxy, which reaches its pods from inside the cluster. */
export function proxied(namespace: string, service: string, port: number): string {
  return `/api/v1/namespaces/${namespace}/services/${service}:${String(port)}/proxy`;
}
