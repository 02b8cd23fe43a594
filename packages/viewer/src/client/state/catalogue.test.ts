import { expect, onTestFinished, test, vi } from 'vitest';
import type { Catalogue } from '../../contract/api.ts';
import { catalogue, listenToServer, liveRuns } from './catalogue.ts';

/** The browser's source of events, whose server answers as the test says. */
class ScriptedSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly CLOSED = 2;
  static readonly opened: ScriptedSource[] = [];
  readonly url: string;
  readyState = 1;

  constructor(url: string) {
    super();
    this.url = url;
    ScriptedSource.opened.push(this);
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
}

test('a server that refused is listened to again, and a broken connection is left to the browser', () => {
  vi.stubGlobal('EventSource', ScriptedSource);
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { opened } = ScriptedSource;
  listenToServer();
  opened[0].fail(ScriptedSource.CONNECTING);
  vi.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(1);

  opened[0].fail(ScriptedSource.CLOSED);
  expect(opened).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(opened.map(({ url }) => url)).toEqual(['/api/live', '/api/live']);
  const told: Catalogue = { runs: [], sweeps: [], problems: [], live: [] };
  opened[1].dispatchEvent(new MessageEvent('catalogue', { data: JSON.stringify(told) }));
  expect(catalogue.value).toEqual(told);
});

test('two trainings that report in turn keep their places', () => {
  vi.stubGlobal('EventSource', ScriptedSource);
  listenToServer();
  const source = ScriptedSource.opened.at(-1)!;
  for (const id of ['first', 'second', 'first', 'second']) {
    source.dispatchEvent(new MessageEvent('progress', { data: JSON.stringify({ id }) }));
  }
  expect(liveRuns.value.map(({ id }) => id)).toEqual(['second', 'first']);
});
