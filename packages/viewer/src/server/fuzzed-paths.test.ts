import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApp } from './testing/ask-app.ts';
import { expectSafe } from './testing/behaviours.ts';
import { runPaths, writeInto, writeRun } from './testing/run-folders.ts';
import { openWrittenServer } from './testing/written-server.ts';

const server = openWrittenServer();
const ask = askApp(server.app);

beforeAll(() => {
  writeRun(server.runs, 'mine');
  for (const path of ['secret', 'runs/secret', 'runs/mine/secret', 'dist/secret', 'dist/client/secret']) {
    writeInto(server.folder, path, 'TOP SECRET');
  }
});

afterAll(() => {
  rmSync(server.folder, { recursive: true });
});

test('no path, however it is spelled, leads to a file that no list names', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        '..',
        '.',
        '/',
        '//',
        '\\',
        '%2e',
        '%2e%2e',
        '%2f',
        '%5c',
        '%00',
        '%252e',
        '%252f',
        '%c0%af',
        '%e0%80%ae',
        ';',
        '?',
        '#',
      ],
      ...[
        'secret',
        'runs',
        'mine',
        'dist',
        'client',
        'models',
        'run.json',
        'api',
        'files',
        '~study',
        '~',
        '%',
        '%zz',
        ':',
      ],
      ...[runPaths.card, server.folder, join(server.folder, 'secret')],
    ),
    fc.string(),
  );
  const path = fc
    .tuple(
      fc.constantFrom(
        '/',
        '/api/',
        '/api/runs/',
        '/api/runs/mine/files/',
        '/api/runs/~study/files/',
        '/api/sweeps/',
        '/assets/',
      ),
      fc.array(piece, { maxLength: 12 }),
    )
    .map(([begin, pieces]) => begin + pieces.join(''));
  await fc.assert(
    fc.asyncProperty(path, async (asked) => {
      const answer = await ask({ path: asked });
      expectSafe(answer);
      expect([200, 400, 404]).toContain(answer.status);
      expect(answer.body.toString()).not.toContain('TOP SECRET');
    }),
    { numRuns: 2000 },
  );
  expect(server.reported).toEqual([]);
});
