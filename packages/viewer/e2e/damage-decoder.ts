import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';

const decoder = resolve(import.meta.dirname, '../demo/study/models/basic-32/decoder.onnx');

/** Lets the decoder of the demo's `basic-32` arrive with one bit that is another. */
export async function damageDecoder(page: Page): Promise<void> {
  const body = await readFile(decoder);
  body[body.length >> 1] ^= 1;
  await page.route(/\/files\/models\/basic-32\/decoder/, (route) => route.fulfill({ body }));
}
