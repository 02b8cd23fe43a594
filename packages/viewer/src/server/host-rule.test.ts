import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { hostRule, isLoopback } from './host-rule.ts';
import { expectRefusal, expectSafe } from './testing/behaviours.ts';
import { openWrittenServer } from './testing/written-server.ts';

const server = openWrittenServer();
afterAll(() => {
  rmSync(server.folder, { recursive: true });
});

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '::1', '[::1]'])(
  '%s is this machine',
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each(['0.0.0.0', '::', 'localhost.evil.example', '127.0.0.1.evil.example', '128.0.0.1', ''])(
  '%s is not this machine alone',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test('a server for others answers for any name, unless some are listed', () => {
  expect(hostRule('0.0.0.0', [])('whoever.example')).toBe(true);
  const listed = hostRule('0.0.0.0', ['narrows.example']);
  expect(['narrows.example', 'localhost', 'whoever.example'].map(listed)).toEqual([true, true, false]);
});

describe('a server for this machine', () => {
  test.each(['localhost:4317', '127.0.0.1', '[::1]:4317', 'narrows.example', 'Narrows.Example:80'])(
    'answers for %s',
    async (host) => {
      expect((await server.app.request(`http://${host}/api/runs`)).status).toBe(200);
    },
  );

  test.each(['evil.example', 'evil.example:4317', 'localhost.evil.example', '192.168.1.2', '0.0.0.0'])(
    'does not answer for %s',
    async (host) => {
      for (const path of ['/', '/api/runs', '/api/live', '/assets/main-Bx1y2z3w.js']) {
        const answer = await server.app.request(`http://${host}${path}`);
        const { status, headers } = answer;
        const body = Buffer.from(await answer.arrayBuffer());
        expectRefusal(
          { status, headers, body },
          421,
          /^Cannot answer for the host "[^"]+": open it as localhost/,
        );
        expectSafe({ headers });
      }
    },
  );
});
