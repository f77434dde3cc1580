/**
 * A language host that serves every update of a stack from one process that has @pulumi/pulumi and the program loaded.
 * The engine would start one for each update, and loading takes two seconds of processor time. It prints its port, then
 * whether it is running the program.
 *
 * Usage: node language-host.js PROGRAM
 */
import "./one-program";

import { createRequire } from "node:module";

import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { ResourceError, RunError, log } from "@pulumi/pulumi";
import { LanguageServer } from "@pulumi/pulumi/automation/server";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { RunResponse, type RunRequest } from "@pulumi/pulumi/proto/language_pb";

const [path = ""] = process.argv.slice(2);
const program = createRequire(__filename)(path) as () => Promise<unknown>;

/** Reports an error of the program as the CLI's Node.js language host does. */
async function sayError(error: unknown): Promise<void> {
  if (RunError.isInstance(error)) return log.error(error.message);
  if (ResourceError.isInstance(error)) {
    return log.error(error.hideStack ? error.message : (error.stack ?? error.message), error.resource);
  }
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return log.error(`Running program '${path}' failed with an unhandled exception:\n${said}`);
}

/** The language host of the Automation API, which ends a program's run as the CLI's own does. */
class LanguageHost extends LanguageServer {
  constructor() {
    super(async () => {
      try {
        return await program();
      } catch (error) {
        await sayError(error);
        throw error;
      }
    });
  }

  override run(call: ServerUnaryCall<RunRequest, RunResponse>, callback: sendUnaryData<RunResponse>): void {
    console.log("runs");
    process.chdir(call.request.getPwd());
    let answered = false;
    super.run(call, (error, response) => {
      if (answered) return;
      answered = true;
      console.log("idle");
      callback(null, error instanceof Error ? new RunResponse().setBail(true) : response);
    });
  }
}

const server = new Server();
server.addService(LanguageRuntimeService, new LanguageHost());
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(port);
});
