import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openFileCache } from './file-cache.ts';
import { readVerifiedFile, type FileSource } from './verified-file.ts';

const content = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
const sha256 = createHash('sha256').update(content).digest('hex');
const run = { id: 'study', files: [{ path: 'models/a/encoder.onnx', sizeBytes: content.length, sha256 }] };

function answering(answer: FileSource['fetch']): FileSource {
  return { cache: openFileCache(undefined), fetch: answer };
}

describe('readVerifiedFile', () => {
  it('gives the content with the hash that it has', async () => {
    let asked = '';
    const source = answering((address) => {
      asked = address;
      return Promise.resolve(new Response(content));
    });
    const file = await readVerifiedFile(source, run, 'models/a/encoder.onnx');
    expect(file).toEqual({ path: 'models/a/encoder.onnx', bytes: content, sha256 });
    expect(asked).toBe(`/api/runs/study/files/models/a/encoder.onnx?sha256=${sha256}`);
  });

  it('refuses a file that was changed, with both hashes', async () => {
    const changed = content.slice();
    changed[5] ^= 1;
    const other = createHash('sha256').update(changed).digest('hex');
    const source = answering(() => Promise.resolve(new Response(changed)));
    await expect(readVerifiedFile(source, run, 'models/a/encoder.onnx')).rejects.toThrow(
      `Cannot use "models/a/encoder.onnx" of the run "study": its SHA-256 must be ${sha256}, as in run.json, and it is ` +
        `${other}: the file was changed or damaged; restore it or train again.`,
    );
  });

  it('asks past the HTTP cache for what that has kept damaged', async () => {
    const asked: unknown[] = [];
    const source = answering((_, options) => {
      asked.push(options?.cache);
      return Promise.resolve(new Response(options?.cache === 'reload' ? content : content.toReversed()));
    });
    expect((await readVerifiedFile(source, run, 'models/a/encoder.onnx')).bytes).toEqual(content);
    expect(asked).toEqual([undefined, 'reload']);
  });

  it('says what the server says', async () => {
    const gone = () => Promise.resolve(Response.json({ error: 'There is no such file' }, { status: 404 }));
    await expect(readVerifiedFile(answering(gone), run, 'models/a/encoder.onnx')).rejects.toThrow(
      'the server must have it, and it answers 404 (There is no such file)',
    );
    const proxy = () => Promise.resolve(new Response('<html>', { status: 502 }));
    await expect(readVerifiedFile(answering(proxy), run, 'models/a/encoder.onnx')).rejects.toThrow(
      'it answers 502: reload',
    );
  });

  it('says that the server is out of reach, at once or half-way', async () => {
    const offline = () => Promise.reject(new TypeError('Failed to fetch'));
    const torn = () =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(content.slice(0, 10));
              controller.error(new TypeError('network error'));
            },
          }),
        ),
      );
    for (const answer of [offline, torn]) {
      await expect(readVerifiedFile(answering(answer), run, 'models/a/encoder.onnx')).rejects.toThrow(
        /the server can't be reached, and this browser has kept no copy/,
      );
    }
  });

  it('refuses a file that the run does not list without asking', async () => {
    const never = () => Promise.reject(new Error('asked'));
    await expect(readVerifiedFile(answering(never), run, 'models/b/encoder.onnx')).rejects.toThrow(
      'the run "study" lists no such file',
    );
  });
});
