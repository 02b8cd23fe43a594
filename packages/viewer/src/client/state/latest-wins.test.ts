import { expect, test } from 'vitest';
import { latestWins } from './latest-wins.ts';

interface Piece {
  readonly name: string;
}

/** A worker whose pieces of work end when the test says so. */
function setUp() {
  const begun: string[] = [];
  const taken: string[] = [];
  const failed: string[] = [];
  const ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const request = latestWins<Piece, string>(
    ({ name }) =>
      new Promise((resolve, reject) => {
        begun.push(name);
        ends.set(name, { resolve, reject });
      }),
    (output) => taken.push(output),
    (error) => failed.push((error as Error).message),
  );
  const settle = async (name: string, error?: Error) => {
    if (error === undefined) ends.get(name)!.resolve(name);
    else ends.get(name)!.reject(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { begun, taken, failed, request, settle };
}

test('of what is asked for during work only the newest is done', async () => {
  const { begun, taken, request, settle } = setUp();
  for (const name of ['a', 'b', 'c']) request({ name });
  expect(begun).toEqual(['a']);
  await settle('a');
  expect(begun).toEqual(['a', 'c']);
  await settle('c');
  expect(taken).toEqual(['a', 'c']);
});

test('what is under way when all is dropped leaves no result, and what waits is not begun', async () => {
  const { begun, taken, request, settle } = setUp();
  request({ name: 'a' });
  request({ name: 'b' });
  request(undefined);
  await settle('a');
  expect(begun).toEqual(['a']);
  expect(taken).toEqual([]);
  request({ name: 'c' });
  await settle('c');
  expect(taken).toEqual(['c']);
});

test('a failure is told and the next piece is done', async () => {
  const { failed, taken, request, settle } = setUp();
  request({ name: 'a' });
  request({ name: 'b' });
  await settle('a', new Error('no memory'));
  expect(failed).toEqual(['no memory']);
  await settle('b');
  expect(taken).toEqual(['b']);
});
