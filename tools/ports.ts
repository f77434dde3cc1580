/**
 * Below the range that the kernel uses for outgoing connections (from 32768 on Linux, from 49152 on macOS): any of them
 * could take a port before its process binds it. Below the node ports of Kubernetes, too.
 */
const range = { first: 16_384, last: 29_999 } as const;

/** How far apart two processes begin to look. */
const share = 16;

/** All ports of the range, in an order of this process's own. */
function* ownOrder(): Generator<number> {
  const size = range.last - range.first + 1;
  const first = process.pid * share;
  for (let step = 0; step < size; step += 1) yield range.first + ((first + step) % size);
}

/**
 * A port on which nothing listens, and which this process is not told again. A port is bound some time after it was
 * found free, seconds in the case of a JVM, so processes that look at the same time must not find the same ones.
 */
export async function freePort(): Promise<number> {
  const { default: getPort } = await import("get-port");
  return getPort({ port: ownOrder(), reserve: true });
}
