import { rmSync } from 'node:fs';
import { afterAll, describe, test } from 'vitest';
import { askApp } from './testing/ask-app.ts';
import { behavioursOf } from './testing/behaviours.ts';
import { openWrittenServer } from './testing/written-server.ts';

const { app, dist, folder } = openWrittenServer();

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('what every server does', () => {
  test.each(behavioursOf(dist))('$name', ({ check }) => check(askApp(app)));
});
