import type { RunFiles } from './run-files.ts';

/**
 * Makes things by key when they are first asked for, and keeps them. A failure is forgotten, so that the next one who
 * asks starts anew.
 */
export function onceByKey<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key, make) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make().catch((error: unknown) => {
      made.delete(key);
      throw error;
    });
    made.set(key, fresh);
    return fresh;
  };
}

/** The same for things that belong to a run as its manifest says it is; they go with it. */
export function onceByRun<T>(): (run: RunFiles, key: string, make: () => Promise<T>) => Promise<T> {
  const made = new WeakMap<RunFiles, ReturnType<typeof onceByKey<T>>>();
  return (run, key, make) => {
    const ofRun = made.get(run) ?? onceByKey<T>();
    made.set(run, ofRun);
    return ofRun(key, make);
  };
}
