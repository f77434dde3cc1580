/** Names the file to which the processes of the tests append what they measure, a line of JSON each. */
export const timesVariable = "SKYWALKING_CANARY_TEST_TIMES";

/** The kind of a measurement of a whole test file. */
export const wholeFile = "file";

/** How long a piece of work in a test file took. */
export interface Measured {
  /** Path of the test file. */
  readonly file: string;
  /** Kind of work: {@link wholeFile}, `cluster start`, `pulumi up`, ... */
  readonly kind: string;
  /** By the clock. */
  readonly seconds: number;
  /** Seconds of processor time of the process of the tests and of its children that had ended. */
  readonly user: number;
  readonly system: number;
}
