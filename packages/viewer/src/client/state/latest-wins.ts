/**
 * Does work one piece at a time: what is asked for meanwhile waits, and of what waits only the newest is done. So work
 * follows a stream of requests as fast as it can and no faster.
 *
 * @param work what is done; a rejection goes to `fail`
 * @param take given each result, in the order of requests
 * @returns asks for work; with `undefined` drops what waits and the result of what is under way
 */
export function latestWins<Input extends object, Output>(
  work: (input: Input) => Promise<Output>,
  take: (output: Output, input: Input) => void,
  fail: (error: unknown) => void,
): (input: Input | undefined) => void {
  let waiting: Input | undefined;
  let isBusy = false;
  let dropped = 0;
  const run = async (input: Input): Promise<void> => {
    isBusy = true;
    const begun = dropped;
    try {
      const output = await work(input);
      if (begun === dropped) take(output, input);
    } catch (error) {
      if (begun === dropped) fail(error);
    }
    isBusy = false;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) void run(next);
  };
  return (input) => {
    if (input === undefined) {
      dropped++;
      waiting = undefined;
    } else if (isBusy) waiting = input;
    else void run(input);
  };
}
