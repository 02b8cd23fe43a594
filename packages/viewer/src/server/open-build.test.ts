import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askApp } from './testing/ask-app.ts';
import type { Answer } from './testing/behaviours.ts';
import { writeInto } from './testing/run-folders.ts';
import { writeBuild } from './testing/written-build.ts';
import { openWrittenServer, type WrittenServer } from './testing/written-server.ts';

let server: WrittenServer;
beforeEach(() => {
  server = openWrittenServer();
});
afterEach(() => {
  rmSync(server.folder, { recursive: true });
  expect(server.reported).toEqual([]);
});

const page = (headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  askApp(server.app)({ path: '/', headers });

test('another build of the same sizes is given away at once, under tags of its own', async () => {
  const before = await page();
  expect(before.body.toString()).toContain('<title>Narrows</title>');
  writeBuild(server.dist, { title: 'Widened' });
  const after = await page({ 'If-None-Match': before.headers.get('ETag')! });
  expect(after.status).toBe(200);
  expect(after.body.length).toBe(before.body.length);
  expect(after.body.toString()).toContain('<title>Widened</title>');
  expect(after.headers.get('ETag')).not.toBe(before.headers.get('ETag'));
});

test('while a build is under way, or after one that this server does not know, the last one holds', async () => {
  const before = await page();
  rmSync(join(server.dist, 'assets.json'));
  expect((await page()).body.equals(before.body)).toBe(true);
  writeInto(server.dist, 'assets.json', '{"version":99}');
  expect((await page()).body.equals(before.body)).toBe(true);
  writeBuild(server.dist, { title: 'Widened' });
  expect((await page()).body.toString()).toContain('<title>Widened</title>');
});
