import { join } from "node:path";

import { ServingProcess } from "./serving-process";

/** One process for the program and one for the provider, for all commands on a stack. */
export class Plugins {
  private languageHost: ServingProcess | undefined;

  private constructor(
    private readonly bundle: string,
    private readonly provider: ServingProcess,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * @param bundle - folder of the bundled program
   * @param provider - path of the Kubernetes provider
   * @param env - their environment; its KUBECONFIG is the cluster that they serve
   */
  static async start(bundle: string, provider: string, env: NodeJS.ProcessEnv): Promise<Plugins> {
    const proxy = join(bundle, "test", "cluster", "provider-proxy.js");
    return new Plugins(bundle, await ServingProcess.start([process.execPath, proxy, provider], env), env);
  }

  /**
   * Address of the language host. It is replaced if its last update ended before the program did: what the program
   * still does must not go on during the next update.
   */
  readonly languageHostAddress = async (): Promise<string> => {
    if (this.languageHost?.said === "runs") {
      await this.languageHost.stop();
      this.languageHost = undefined;
    }
    if (this.languageHost === undefined) {
      const command = [join(this.bundle, "test", "cluster", "language-host.js"), join(this.bundle, "index.js")];
      this.languageHost = await ServingProcess.start([process.execPath, ...command], this.env);
    }
    return `127.0.0.1:${this.languageHost.port}`;
  };

  /** Tells the CLI to use the provider. */
  get providers(): { readonly PULUMI_DEBUG_PROVIDERS: string } {
    return { PULUMI_DEBUG_PROVIDERS: `kubernetes:${this.provider.port}` };
  }

  async stop(): Promise<void> {
    await Promise.all([this.languageHost?.stop(), this.provider.stop()]);
  }
}
