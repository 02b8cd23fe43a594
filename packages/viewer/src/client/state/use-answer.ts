import { useEffect, useRef, useState } from 'preact/hooks';

/** The last answer that came, and what went wrong since, one line. */
export interface Answered<Answer> {
  readonly answer: Answer | undefined;
  readonly error: string | undefined;
}

/**
 * Asks something that takes a while, again whenever what it depends on has changed. One question is under way at a time:
 * while the visitor drags, those in between are never asked, and answers come in order, the newest question's last. The
 * answer before stays until then, so let it say what it is an answer to.
 *
 * @param ask `undefined` while there is nothing to ask
 * @param inputs everything that `ask` depends on
 */
export function useAnswer<Answer>(
  ask: (() => Promise<Answer>) | undefined,
  inputs: readonly unknown[],
): Answered<Answer> {
  const [state, setState] = useState<Answered<Answer>>({ answer: undefined, error: undefined });
  const next = useRef<() => Promise<Answer>>(undefined);
  const isBusy = useRef(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  useEffect(() => {
    next.current = ask;
    if (!isBusy.current) void answerAll();
  }, inputs);

  async function answerAll(): Promise<void> {
    isBusy.current = true;
    while (next.current !== undefined && !isGone.current) {
      const question = next.current;
      next.current = undefined;
      let outcome: Answered<Answer>;
      try {
        outcome = { answer: await question(), error: undefined };
      } catch (error) {
        outcome = { answer: undefined, error: (error as Error).message };
      }
      // The effect that runs meanwhile may have cleared the question.
      if (!isGone.current) setState(outcome);
    }
    isBusy.current = false;
  }

  return state;
}
