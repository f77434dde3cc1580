/**
 * A proxy for the provider that serves every update of a stack from one process. At the end of an update, a newer
 * engine asks each provider to cancel its work, after which the Kubernetes provider would refuse everything: the proxy
 * does not pass this call on. It starts the provider, passes on all other calls unchanged, and prints its own port.
 *
 * Usage: node provider-proxy.js PROVIDER
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import {
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type MethodDefinition,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

const [provider = ""] = process.argv.slice(2);
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

const asIs = (bytes: Buffer): Buffer => bytes;
const methods = Object.entries(ResourceProviderService as unknown as Record<string, MethodDefinition<unknown, unknown>>)
  .filter(([, { requestStream, responseStream }]) => !requestStream && !responseStream)
  .map(([name, { path }]) => ({ name, path }));

function serve(providerPort: string): void {
  const Client = makeGenericClientConstructor({}, "ResourceProvider");
  const client = new Client(`127.0.0.1:${providerPort}`, credentials.createInsecure(), unlimited);
  const server = new Server(unlimited);
  const definitions = methods.map(({ name, path }): [string, MethodDefinition<Buffer, Buffer>] => [
    name,
    {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]);
  const handlers = methods.map(({ name, path }): [string, handleUnaryCall<Buffer, Buffer>] => [
    name,
    ({ request, metadata }, callback) => {
      if (name === "cancel") callback(null, Buffer.alloc(0));
      else client.makeUnaryRequest(path, asIs, asIs, request, metadata, callback);
    },
  ]);
  server.addService(Object.fromEntries(definitions), Object.fromEntries(handlers));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    console.log(port);
  });
}

const child = spawn(provider, { stdio: ["ignore", "pipe", "inherit"] });
child.on("exit", (code) => process.exit(code ?? 1));
// By itself, the provider would go on for ever.
process.on("SIGTERM", () => child.kill("SIGKILL"));
createInterface({ input: child.stdout }).once("line", serve);
