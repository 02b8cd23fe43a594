import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExpectedError } from '../expected-error.ts';
import type { Configuration } from './configuration-difference.ts';
import { withoutRoot } from './testing/without-root.ts';
import { openWorkFolder } from './work-folder.ts';
import type { WorkFolder, WorkFolderOptions } from './work-folder.ts';

const configuration: Configuration = {
  seed: 1,
  epochs: { basic: 10, cnn: 2 },
  models: ['cnn'],
  data: undefined,
};

let folder = '';
let out = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'narrows-work-'));
  out = join(folder, 'study');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(options: Partial<WorkFolderOptions> = {}, other = configuration): WorkFolder {
  return openWorkFolder(out, other, { resume: false, overwrite: false, ...options });
}

/** Every file in the test's folder with its text. */
function tree(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

/** The one line that a user sees, and proof that nothing changed on the disk. */
function complaint(work: () => unknown): string {
  const before = tree();
  try {
    work();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    expect(tree()).toStrictEqual(before);
    return error.message;
  }
  throw new Error('It was accepted.');
}

/** Leaves a stopped run behind. */
function stop(options: Partial<WorkFolderOptions> = {}): void {
  const work = open(options);
  work.addFile('models/cnn.onnx', 'half trained');
  work.writeCheckpoint('last', 'epoch 1');
  expect(work.abandon()).toBe('kept');
}

function finish(manifest = '{"run":1}'): void {
  open().finish(manifest);
}

describe('a run being made', () => {
  test('becomes its folder whole, with nothing beside', () => {
    const work = open();
    expect(work.resumed).toBe(false);
    work.addFile('models/cnn/whole.onnx', Uint8Array.of(104, 105));
    work.appendLine('metrics.jsonl', '{"epoch":1}');
    work.appendLine('metrics.jsonl', '{"epoch":2}');
    work.writeCheckpoint('last', 'state');
    expect(existsSync(out)).toBe(false);
    work.finish('{}\n');
    expect(tree()).toStrictEqual({
      'study/models/cnn/whole.onnx': 'hi',
      'study/metrics.jsonl': '{"epoch":1}\n{"epoch":2}\n',
      'study/run.json': '{}\n',
    });
    expect(readdirSync(folder)).toStrictEqual(['study']);
  });

  test('folders above it are created', () => {
    out = join(folder, 'a', 'b', 'study');
    finish();
    expect(Object.keys(tree())).toStrictEqual(['a/b/study/run.json']);
  });

  test('files are described for the manifest as they lie on the disk', () => {
    const work = open();
    const sha256 = createHash('sha256').update('zwölf\n').digest('hex');
    expect(work.addFile('a/b.txt', 'zwölf\n')).toStrictEqual({ path: 'a/b.txt', sizeBytes: 7, sha256 });
    work.appendLine('lines.txt', 'zwölf');
    expect(work.describeFile('lines.txt')).toStrictEqual({ path: 'lines.txt', sizeBytes: 7, sha256 });
    expect(readFileSync(work.path('a/b.txt'), 'utf8')).toBe('zwölf\n');
  });

  test('lines are cut back to those a checkpoint knows, a torn one included', () => {
    const work = open();
    work.truncateLines('metrics.jsonl', 0);
    for (const line of ['one', 'two', 'three']) work.appendLine('metrics.jsonl', line);
    writeFileSync(work.path('metrics.jsonl'), 'fo', { flag: 'a' });
    work.truncateLines('metrics.jsonl', 3);
    expect(readFileSync(work.path('metrics.jsonl'), 'utf8')).toBe('one\ntwo\nthree\n');
    work.truncateLines('metrics.jsonl', 1);
    work.appendLine('metrics.jsonl', 'more');
    expect(readFileSync(work.path('metrics.jsonl'), 'utf8')).toBe('one\nmore\n');
    expect(() => {
      work.truncateLines('metrics.jsonl', 3);
    }).toThrow('the checkpoint counts 3 lines in it, and it has 2: start anew with --overwrite.');
    work.truncateLines('metrics.jsonl', 0);
    expect(existsSync(work.path('metrics.jsonl'))).toBe(false);
  });

  test('checkpoints are kept until they are replaced or removed', () => {
    const work = open();
    expect(work.readCheckpoint('last')).toBeUndefined();
    work.writeCheckpoint('last', 'one');
    work.writeCheckpoint('last', 'two');
    expect(Buffer.from(work.readCheckpoint('last')!).toString()).toBe('two');
    work.removeCheckpoint('last');
    expect(work.readCheckpoint('last')).toBeUndefined();
  });

  test('how far it is lies beside it, for a stopped run too, and vanishes with the rest', () => {
    const work = open();
    work.writeProgress('half');
    work.writeCheckpoint('last', 'state');
    work.writeProgress('almost');
    expect(tree()).toMatchObject({ 'study.partial/progress.json': 'almost' });
    work.abandon();
    expect(() => {
      work.writeProgress('too late');
    }).toThrow(ExpectedError);
    const again = open({ resume: true });
    expect(tree()).toMatchObject({ 'study.partial/progress.json': 'almost' });
    again.finish('{}\n');
    expect(Object.keys(tree())).toStrictEqual(['study/run.json']);
  });

  test.each(['', '/etc/passwd', '../x', 'a/../b', 'a//b', 'a\\b', '.hidden', 'a/', 'C:x', 'x.tmp', 'a b'])(
    '"%s" is no name for a file',
    (name) => {
      const work = open();
      expect(() => work.addFile(name, '')).toThrow(RangeError);
      expect(() => {
        work.appendLine(name, '');
      }).toThrow(RangeError);
      expect(() => {
        work.writeCheckpoint(name, '');
      }).toThrow(RangeError);
    },
  );

  test('the manifest is not added like other files, nor two lines as one', () => {
    const work = open();
    expect(() => work.addFile('run.json', '{}')).toThrow(
      new RangeError('Cannot add "run.json": finish writes it.'),
    );
    expect(() => {
      work.appendLine('metrics.jsonl', 'a\nb');
    }).toThrow('a line has no line break in it');
  });

  test('who lost the lock keeps no checkpoint and finishes nothing', () => {
    const work = open();
    rmSync(`${out}.partial/lock`);
    const message =
      `Cannot go on with "${out}": its lock must stay with this process, and it is gone: see whether another process ` +
      'works on it or removed it, then run again with --resume.';
    expect(
      complaint(() => {
        work.writeCheckpoint('last', '');
      }),
    ).toBe(message);
    expect(
      complaint(() => {
        work.finish('{}');
      }),
    ).toBe(message);
  });
});

describe('abandoning', () => {
  test('without a checkpoint leaves nothing', () => {
    const work = open();
    work.addFile('models/cnn.onnx', 'x');
    expect(work.abandon()).toBe('removed');
    expect(readdirSync(folder)).toStrictEqual([]);
    expect(work.abandon()).toBe('closed');
  });

  test('with one leaves what resuming needs', () => {
    stop();
    expect(Object.keys(tree()).sort()).toStrictEqual([
      'study.partial/checkpoints/last',
      'study.partial/configuration.json',
      'study.partial/run/models/cnn.onnx',
    ]);
  });

  test('after finishing does nothing', () => {
    const work = open();
    work.finish('{}');
    expect(work.abandon()).toBe('closed');
    expect(Object.keys(tree())).toStrictEqual(['study/run.json']);
  });
});

describe('resuming', () => {
  test('goes on with files and checkpoints, without what a kill left half done', () => {
    stop();
    writeFileSync(join(`${out}.partial`, 'run', '.1-abc.tmp'), 'half');
    writeFileSync(join(`${out}.partial`, 'run', 'run.json'), '{}');
    const work = open({ resume: true }, { epochs: { cnn: 2, basic: 10 }, models: ['cnn'], seed: 1 });
    expect(work.resumed).toBe(true);
    expect(Buffer.from(work.readCheckpoint('last')!).toString()).toBe('epoch 1');
    expect(existsSync(work.path('run.json'))).toBe(false);
    work.finish('{"done":true}');
    expect(tree()).toStrictEqual({
      'study/models/cnn.onnx': 'half trained',
      'study/run.json': '{"done":true}',
    });
  });

  test('needs the same configuration', () => {
    stop();
    const other = { seed: 2, epochs: { basic: 10, cnn: 3 }, models: ['cnn'], threads: 1 };
    expect(complaint(() => open({ resume: true }, other))).toBe(
      `Cannot resume "${out}": the configuration must be that of the stopped run, and seed was 1 and is now 2; ` +
        'epochs.cnn was 2 and is now 3; threads was not set and is now 1: give the same options, or start anew with ' +
        '--overwrite.',
    );
  });

  test('needs a stopped run', () => {
    expect(complaint(() => open({ resume: true }))).toBe(
      `Cannot resume "${out}": there must be a stopped run, and there is none: leave --resume out.`,
    );
    finish();
    expect(complaint(() => open({ resume: true }))).toBe(
      `Cannot resume "${out}": there must be a stopped run, and this one is finished: use it as it is, or start anew ` +
        'with --overwrite.',
    );
  });

  test('needs a readable configuration', () => {
    stop();
    writeFileSync(join(`${out}.partial`, 'configuration.json'), '{"configuration":');
    expect(complaint(() => open({ resume: true }))).toBe(
      `Cannot go on with "${out}": the stopped run's configuration.json must be as it was written, and it can't be ` +
        `read: delete "${out}.partial" and start anew.`,
    );
    finishAnew();
  });

  test('a run that is to replace another needs no second permission', () => {
    finish();
    stop({ overwrite: true });
    open({ resume: true }).finish('{"run":2}');
    expect(tree()).toStrictEqual({ 'study/models/cnn.onnx': 'half trained', 'study/run.json': '{"run":2}' });
  });

  test('and overwriting exclude each other', () => {
    expect(complaint(() => open({ resume: true, overwrite: true }))).toContain('exclude each other');
  });
});

function finishAnew(): void {
  open({ overwrite: true }).finish('{"anew":true}');
  expect(tree()).toStrictEqual({ 'study/run.json': '{"anew":true}' });
}

describe('what is there already', () => {
  test('a stopped run is neither resumed nor lost unasked', () => {
    stop();
    expect(complaint(() => open())).toBe(
      `Cannot begin "${out}": a stopped run is there: add --resume to go on with it or --overwrite to start anew.`,
    );
    finishAnew();
  });

  test('what was left behind before the first checkpoint is replaced', () => {
    open().addFile('models/cnn.onnx', 'x');
    rmSync(`${out}.partial/lock`);
    finish();
    expect(Object.keys(tree())).toStrictEqual(['study/run.json']);
  });

  test('a run is only replaced when asked, and only by a whole one', () => {
    finish('{"old":true}');
    expect(complaint(() => open())).toBe(
      `Cannot make a run of "${out}": it must not exist yet, and it does: choose another folder with --out, or replace ` +
        'this one with --overwrite.',
    );
    const work = open({ overwrite: true });
    work.addFile('models/cnn.onnx', 'x');
    expect(tree()['study/run.json']).toBe('{"old":true}');
    expect(work.abandon()).toBe('removed');
    expect(tree()).toStrictEqual({ 'study/run.json': '{"old":true}' });
    finishAnew();
  });

  test('a run that was moved aside to be replaced, and was not, is put back', () => {
    finish('{"old":true}');
    stop({ overwrite: true });
    renameSync(out, join(`${out}.partial`, 'replaced'));
    expect(() => open()).toThrow('a stopped run is there');
    expect(tree()['study/run.json']).toBe('{"old":true}');
  });

  test('and is not lost where that fails', () => {
    chmodSync(folder, 0o777);
    withoutRoot(() => {
      finish('{"old":true}');
      open({ overwrite: true });
      rmSync(`${out}.partial/lock`);
      renameSync(out, join(`${out}.partial`, 'replaced'));
    });
    chmodSync(folder, 0o555);
    withoutRoot(() => {
      expect(() => open()).toThrow('you must be permitted to do so, and you are not (EACCES)');
    });
    chmodSync(folder, 0o755);
    expect(tree()['study.partial/replaced/run.json']).toBe('{"old":true}');
  });

  test('a folder that is no run is never replaced, an empty one is', () => {
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.tex'), '');
    expect(complaint(() => open({ overwrite: true }))).toBe(
      `Cannot replace "${out}": only a run is overwritten, which has a run.json, and this folder holds "thesis.tex" and ` +
        'no run.json: choose another folder with --out.',
    );
    rmSync(join(out, 'thesis.tex'));
    finishAnew();
  });

  test.each([false, true])('a file is in the way, also with overwrite %s', (overwrite) => {
    writeFileSync(out, '');
    expect(complaint(() => open({ overwrite }))).toBe(
      `Cannot make a run of "${out}": it must be free for a folder, and something else is there: choose another folder ` +
        'with --out.',
    );
  });

  test("somebody else's folder of the name that a run in the making has is let be", () => {
    mkdirSync(`${out}.partial`);
    writeFileSync(`${out}.partial/thesis.tex`, '');
    expect(complaint(() => open({ overwrite: true }))).toBe(
      `Cannot make a run of "${out}": a run is made in "${out}.partial", and there is "thesis.tex", which no run has: ` +
        'move it away or choose another folder with --out.',
    );
  });

  test('a process that works on it is named', () => {
    const work = open();
    expect(complaint(() => open({ overwrite: true }))).toContain(`process ${process.pid} has done so since`);
    work.finish('{}');
    expect(Object.keys(tree())).toStrictEqual(['study/run.json']);
  });

  test('a folder that appears while the run is made is not lost, and neither is the run', () => {
    const work = open();
    work.writeCheckpoint('last', 'all but done');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.tex'), '');
    expect(
      complaint(() => {
        work.finish('{}');
      }),
    ).toContain('it must not exist yet, and it does');
    expect(work.abandon()).toBe('kept');
    rmSync(out, { recursive: true });
    open({ resume: true }).finish('{"run":1}');
    expect(tree()).toStrictEqual({ 'study/run.json': '{"run":1}' });
  });
});

describe('places that no run can have', () => {
  test.each(['/', 'runs/study.partial'])('"%s"', (name) => {
    out = name;
    expect(complaint(() => open())).toBe(
      `Cannot make a run of "${name}": it needs a folder with a name of its own that doesn't end in .partial: choose ` +
        'another, such as runs/mine.',
    );
  });

  test('in a file', () => {
    writeFileSync(join(folder, 'file'), '');
    out = join(folder, 'file', 'study');
    expect(complaint(() => open())).toBe(
      `Cannot begin a run in "${out}.partial": every part of the path but the last must be a folder, and one is a file ` +
        '(ENOTDIR): choose another path.',
    );
  });

  test('in a folder that may not be written', () => {
    chmodSync(folder, 0o555);
    withoutRoot(() => {
      expect(complaint(() => open())).toBe(
        `Cannot begin a run in "${out}.partial": you must be permitted to do so, and you are not (EACCES): change the ` +
          'permissions or choose another folder.',
      );
    });
    chmodSync(folder, 0o755);
  });
});
