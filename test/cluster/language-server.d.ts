/** The language host of the Automation API, for which @pulumi/pulumi has no types. */
declare module "@pulumi/pulumi/automation/server" {
  import type { sendUnaryData, ServerUnaryCall, UntypedHandleCall } from "@grpc/grpc-js";
  import type { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";

  export class LanguageServer {
    constructor(program: () => Promise<unknown>);
    run(call: ServerUnaryCall<RunRequest, RunResponse>, callback: sendUnaryData<RunResponse>): void;
    [name: string]: UntypedHandleCall;
  }
}
