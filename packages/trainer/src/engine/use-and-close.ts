/** What holds memory or processes until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Uses something and closes it, however its use ends.
 *
 * @returns what its use came to.
 * @throws the error of its use; where it was used without one, that of closing it.
 */
export async function useAndClose<C extends Closable, T>(
  resource: C,
  use: (resource: C) => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await use(resource);
  } catch (error) {
    // What is in disorder may not close either, and what put it there says more.
    await closeAll([resource]).catch(() => undefined);
    throw error;
  }
  await resource.close();
  return result;
}

/**
 * Closes everything, also what comes after something that can't be closed.
 * @throws the first error.
 */
export async function closeAll(resources: Iterable<Closable>): Promise<void> {
  const closings = Array.from(resources, async (resource) => resource.close());
  for (const outcome of await Promise.allSettled(closings)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
