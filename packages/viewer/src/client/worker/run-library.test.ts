import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLab } from './create-lab.ts';
import { createRunLibrary } from './run-library.ts';
import { demoFolder, demoRun } from './testing/demo-run.ts';
import { folderSource, nodeDevices } from './testing/node-lab.ts';
import type { FileSource } from './verified-file.ts';

const manifest = JSON.parse(readFileSync(join(demoFolder, demoRun, 'run.json'), 'utf8')) as {
  finishedAt: string;
};
const anew = '2031-01-01T00:00:00.000Z';

/** The demo's run, which `finish` makes anew. */
function changingRun(): { source: FileSource; finish: (finishedAt: string) => void; reads: () => number } {
  const files = folderSource(demoFolder);
  let finishedAt = manifest.finishedAt;
  let reads = 0;
  const source: FileSource = {
    ...files,
    fetch: (address) => {
      if (!address.endsWith(demoRun)) return files.fetch(address);
      reads++;
      return Promise.resolve(Response.json({ ...manifest, finishedAt }));
    },
  };
  return { source, finish: (at) => (finishedAt = at), reads: () => reads };
}

describe('a run that is made anew', () => {
  it('is read again once it is known to be another, with all that belongs to it', async () => {
    const { source, finish, reads } = changingRun();
    const library = createRunLibrary(source);
    const first = await library.run(demoRun, manifest.finishedAt);
    const figures = await library.figures(demoRun);
    expect(await library.run(demoRun)).toBe(first);
    expect(reads()).toBe(1);

    finish(anew);
    expect(await library.run(demoRun)).toBe(first);
    const second = await library.run(demoRun, anew);
    expect(second.manifest.finishedAt).toBe(anew);
    expect(await library.run(demoRun, anew)).toBe(second);
    expect(reads()).toBe(2);
    expect(await library.figures(demoRun)).not.toBe(figures);
  });

  it('stays where the server has no other, and is asked for again after a failure', async () => {
    const { source, reads } = changingRun();
    let isDown = false;
    const library = createRunLibrary({
      ...source,
      fetch: (address) => (isDown ? Promise.reject(new TypeError('down')) : source.fetch(address)),
    });
    const first = await library.run(demoRun);
    expect(await library.run(demoRun, anew)).toBe(first);
    isDown = true;
    await expect(library.run(demoRun, anew)).rejects.toThrow("the server can't be reached");
    isDown = false;
    await library.run(demoRun);
    expect(reads()).toBe(3);
  });

  it('has its models loaded again', async () => {
    const { source, finish } = changingRun();
    const lab = createLab(source, nodeDevices);
    await lab.start('wasm');
    const { key } = await lab.load(demoRun, 'cnn');
    const image = new Float32Array(784);
    await lab.classify(key, image);

    finish(anew);
    await lab.openRun(demoRun, anew);
    await expect(lab.classify(key, image)).rejects.toThrow('loaded are none');
    await lab.load(demoRun, 'cnn');
    await lab.classify(key, image);
  });
});
