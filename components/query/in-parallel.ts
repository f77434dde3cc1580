/**
 * Calls a function for each item, some at a time, and returns the results in the items' order.
 *
 * @param limit - calls at a time
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  call: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const work = async (): Promise<void> => {
    // All workers take from one iterator.
    for (const [index, item] of left) results[index] = await call(item);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
