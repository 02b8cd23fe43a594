import { gunzipSync } from 'node:zlib';
import { decodeSafetensors } from '@narrows/shared';
import { expect, test } from 'vitest';
import { loadMnist } from '../data/mnist.ts';
import { testSetFile } from './test-set-file.ts';

const three = { images: Uint8Array.of(0, 255, 7, 8, 9, 10), labels: Uint8Array.of(1, 0, 1), count: 3 };

test('holds every image and label in their order', async () => {
  const { tensors } = decodeSafetensors(gunzipSync(await testSetFile(three, [1, 2, 1])), 'it');
  expect(tensors).toEqual([
    expect.objectContaining({ name: 'images', shape: [3, 1, 2, 1], data: three.images }),
    expect.objectContaining({ name: 'labels', shape: [3], data: three.labels }),
  ]);
});

test('says nothing of when, where or from what it was made', async () => {
  // RFC 1952: the magic number, deflate, no flags and so no name, no time, the slowest compression, an unknown system.
  const bytes = await testSetFile(three, [1, 2, 1]);
  expect([...bytes.subarray(0, 10)]).toEqual([...[0x1f, 0x8b, 8], 0, ...[0, 0, 0, 0], ...[2, 255]]);
});

test("takes MNIST's 10,000 images in 1.7 MB", async () => {
  const { test: images } = await loadMnist();
  const bytes = await testSetFile(images, [28, 28, 1]);
  expect(bytes.length).toBeLessThan(1_700_000);
  const [pixels] = decodeSafetensors(gunzipSync(bytes), 'MNIST').tensors;
  expect(Buffer.compare(pixels.data as Uint8Array, images.images)).toBe(0);
});
