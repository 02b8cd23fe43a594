import { useEffect, useMemo, useState } from 'preact/hooks';
import { latestWins } from './latest-wins.ts';

/** What came of a question: nothing yet, an answer, or why there is none, in one line. */
export interface Answer<Value> {
  readonly value?: Value;
  readonly error?: string;
}

/**
 * Asks the worker whenever `dependencies` change, one question at a time, see `latestWins`: a pointer or a slider never
 * leaves a queue behind. Answers come in the order of the questions and the last stays until the next is there, so a
 * value should carry what it is the answer to.
 *
 * @param ask `undefined` while there is nothing to ask, which also takes the last answer away
 */
export function useAnswer<Value>(
  ask: (() => Promise<Value>) | undefined,
  dependencies: readonly unknown[],
): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({});
  const request = useMemo(
    () =>
      latestWins(
        (question: () => Promise<Value>) => question(),
        (value) => {
          setAnswer({ value });
        },
        (error) => {
          setAnswer({ error: (error as Error).message });
        },
      ),
    [],
  );
  useEffect(() => {
    request(ask);
    if (ask === undefined) setAnswer({});
  }, dependencies);
  useEffect(
    () => () => {
      request(undefined);
    },
    [],
  );
  return answer;
}
