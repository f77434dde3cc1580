import type { EnvironmentContext, JestEnvironmentConfig } from "@jest/environment";
import NodeEnvironment from "jest-environment-node";

import { startMeasuring } from "./measure";
import { wholeFile } from "./measured";

/** Jest's environment for Node.js, which measures every test file as a whole. */
export default class MeasuredEnvironment extends NodeEnvironment {
  private readonly end: () => void;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.end = startMeasuring(context.testPath, wholeFile);
  }

  override async teardown(): Promise<void> {
    this.end();
    await super.teardown();
  }
}
