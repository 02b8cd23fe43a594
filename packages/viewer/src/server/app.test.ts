import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { askApp } from './testing/ask-app.ts';
import { behavioursOf } from './testing/behaviours.ts';
import { openWrittenServer } from './testing/written-server.ts';

const { app, dist, folder } = openWrittenServer();

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('many slashes take no time', async () => {
  // By a pattern it was half a minute.
  const { status } = await askApp(app)({ path: `/a${'/'.repeat(200_000)}b` });
  expect(status).toBe(404);
});

describe('what every server does', () => {
  test.each(behavioursOf(dist))('$name', ({ check }) => check(askApp(app)));
});
