/** Sums wall-clock time by phase. */
export interface PhaseClock {
  /** ms by phase. */
  readonly durations: Readonly<Record<string, number>>;
  /** Does some work and adds its time to a phase. */
  time<T>(phase: string, work: () => Promise<T>): Promise<T>;
}

/** A clock that has measured nothing yet. */
export function startPhaseClock(): PhaseClock {
  const durations: Record<string, number> = {};
  return {
    durations,
    async time(phase, work) {
      const begin = performance.now();
      try {
        return await work();
      } finally {
        durations[phase] = (durations[phase] ?? 0) + performance.now() - begin;
      }
    },
  };
}
