import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../../expected-error.ts';
import type { RunFile } from '../run-files.ts';
import { openWorkFolder } from '../work-folder.ts';
import type { WorkFolder } from '../work-folder.ts';

/** What a made-up run's `run.json` says. */
interface Manifest {
  readonly generation: string;
  readonly files: readonly RunFile[];
}

const models = ['cnn'];
const epochs = 2;

/**
 * Makes a run as the trainer would, without training: for each model two epochs with a line of metrics and a checkpoint
 * each, and a file. Goes on with a stopped run, else starts anew in place of a whole one.
 *
 * @param generation tells this run from an older one in the same place; it is part of every file.
 */
export function makeRun(out: string, generation: string): void {
  const work = resumeOrBegin(out, generation);
  const saved = work.readCheckpoint('last');
  let { steps, files } = (
    saved === undefined ? { steps: 0, files: [] } : JSON.parse(Buffer.from(saved).toString())
  ) as { steps: number; files: RunFile[] };
  work.truncateLines('metrics.jsonl', steps);
  for (; steps < models.length * epochs;) {
    const model = models[Math.floor(steps / epochs)];
    work.appendLine('metrics.jsonl', line(generation, steps));
    steps++;
    if (steps % epochs === 0) {
      files = [...files, work.addFile(`models/${model}.onnx`, content(generation, model))];
    }
    work.writeCheckpoint('last', JSON.stringify({ steps, files }));
  }
  const manifest: Manifest = { generation, files: [...files, work.describeFile('metrics.jsonl')] };
  work.finish(JSON.stringify(manifest));
}

/** Leaves a run stopped after its first step, in place of one that was stopped there. */
export function stopRun(out: string, generation: string): void {
  const work = openWorkFolder(out, { generation }, { resume: false, overwrite: true });
  work.appendLine('metrics.jsonl', line(generation, 0));
  work.writeCheckpoint('last', JSON.stringify({ steps: 1, files: [] }));
  work.abandon();
}

function resumeOrBegin(out: string, generation: string): WorkFolder {
  try {
    return openWorkFolder(out, { generation }, { resume: true, overwrite: false });
  } catch (error) {
    if (!(error instanceof ExpectedError) || !error.message.startsWith('Cannot resume')) throw error;
    return openWorkFolder(out, { generation }, { resume: false, overwrite: true });
  }
}

/**
 * The generation of the whole run in a folder, every byte of which is looked at; `undefined` when there is no folder.
 *
 * @throws Error when the folder is anything but a whole run.
 */
export function wholeRun(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const { generation, files } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Manifest;
  const expected = new Map(models.map((model) => [`models/${model}.onnx`, content(generation, model)]));
  const metrics = Array.from({ length: models.length * epochs }, (_, step) => `${line(generation, step)}\n`);
  expected.set('metrics.jsonl', metrics.join(''));

  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const wanted = [...expected.keys(), 'run.json'];
  if (found.sort().join() !== wanted.sort().join()) throw new Error(`${folder} holds ${found.join()}.`);
  for (const [path, text] of expected) {
    if (readFileSync(join(folder, path), 'utf8') !== text) throw new Error(`${path} differs.`);
    const listed = files.find((file) => file.path === path);
    const sha256 = createHash('sha256').update(text).digest('hex');
    if (listed?.sizeBytes !== text.length || listed.sha256 !== sha256)
      throw new Error(`${path} is listed wrongly.`);
  }
  return generation;
}

function line(generation: string, step: number): string {
  return JSON.stringify({ generation, step });
}

function content(generation: string, model: string): string {
  return `${generation} ${model} `.repeat(1000);
}
