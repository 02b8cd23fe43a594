import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { examineMachine, writtenFolders } from './examine-machine.ts';

const examine = (nodeVersion: string) =>
  examineMachine({
    nodeVersion,
    platform: 'linux',
    arch: 'x64',
    folders: { 'runs folder': join(tmpdir(), 'not/there/yet') },
  });

test.each([
  ['v20.19.0', 'ok'],
  ['v22.1.0', 'ok'],
  ['v26.10.0', 'ok'],
  ['v20.18.3', 'broken'],
  ['v18.20.4', 'broken'],
])('Node %s is %s', (version, status) => {
  const [node] = examine(version);
  expect(node).toMatchObject({ name: 'Node', status, text: `${version} on linux x64` });
  expect(node.remedy).toBe(status === 'ok' ? undefined : 'Install Node 20.19 or later.');
});

test('tells cores, memory and the disk of a folder that is yet to be made', () => {
  const texts = Object.fromEntries(examine('v22.1.0').map(({ name, text }) => [name, text]));
  expect(texts['cores']).toMatch(/^[1-9]\d* for this process \(.+\)$/);
  const [free, total] = /^(.+) GB free of (.+) GB$/.exec(texts['memory'])!.slice(1).map(Number);
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThanOrEqual(total);
  expect(texts['runs folder']).toMatch(/^\d+\.\d GB free for .*not.there.yet$/);
});

test('runs and caches lie below the folder that a command is started in', () => {
  expect(writtenFolders('/here')).toEqual({
    'runs folder': join('/here', 'runs'),
    caches: join('/here', 'node_modules/.cache/narrows'),
  });
});
