import { useEffect, useRef, useState } from 'preact/hooks';

/** What came of a question: nothing yet, an answer, or why there is none, in one line. */
export interface Answer<Value> {
  readonly value?: Value;
  readonly error?: string;
}

/**
 * Asks the worker whenever `dependencies` change, one question at a time: while one is on its way only the newest of
 * those that came since is kept, so a pointer or a slider never leaves a queue behind. Answers come in the order of the
 * questions and the last stays until the next is there, so a value should carry what it is the answer to.
 *
 * @param ask `undefined` while there is nothing to ask, which also takes the last answer away
 */
export function useAnswer<Value>(
  ask: (() => Promise<Value>) | undefined,
  dependencies: readonly unknown[],
): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({});
  const queue = useRef<{ isBusy: boolean; isOver: boolean; next: (() => Promise<Value>) | undefined }>({
    isBusy: false,
    isOver: false,
    next: undefined,
  }).current;
  const drain = async (): Promise<void> => {
    queue.isBusy = true;
    while (queue.next !== undefined) {
      const question = queue.next;
      queue.next = undefined;
      const came: Answer<Value> = await question().then(
        (value) => ({ value }),
        (error: unknown) => ({ error: (error as Error).message }),
      );
      if (!queue.isOver) setAnswer(came);
    }
    queue.isBusy = false;
  };
  useEffect(() => {
    queue.next = ask;
    if (ask === undefined) setAnswer({});
    else if (!queue.isBusy) void drain();
  }, dependencies);
  useEffect(() => {
    queue.isOver = false;
    return () => {
      queue.isOver = true;
      queue.next = undefined;
    };
  }, []);
  return answer;
}
