import { join } from "node:path";

import { ServingProcess } from "./serving-process";

/** One process of the program and one of the provider, for all commands on a stack. */
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
   * @param env - their environment, whose KUBECONFIG is the cluster that they serve
   */
  static async start(bundle: string, provider: string, env: NodeJS.ProcessEnv): Promise<Plugins> {
    const proxy = join(bundle, "test", "cluster", "provider-proxy.js");
    return new Plugins(bundle, await ServingProcess.start([process.execPath, proxy, provider], env), env);
  }

  /**
   * Address of the language host. One whose last update has ended before the program had is replaced: what it still does must not go on
   * beside the next update.
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
