import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

const base64 = async (file: string): Promise<string> => (await readFile(file)).toString("base64");

/** Writes a kubeconfig that needs no other file, so that it can be copied. */
export async function writeKubeconfig(file: string, pki: string, server: string, holder: string): Promise<void> {
  const name = "skywalking-canary";
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": await base64(join(pki, "ca.crt")) } }],
    users: [
      {
        name: holder,
        user: {
          "client-certificate-data": await base64(join(pki, `${holder}.crt`)),
          "client-key-data": await base64(join(pki, `${holder}.key`)),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: holder } }],
    "current-context": name,
  };
  await writeFile(file, stringify(content), { mode: 0o600 });
}
