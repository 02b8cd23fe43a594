import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expectSeen } from './draw-digit.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

const models = resolve(import.meta.dirname, '../demo/study/models');

/** Lets files fall onto the page, as a file manager does. */
async function drop(page: Page, files: readonly { name: string; content: Buffer }[]): Promise<void> {
  const encoded = files.map(({ name, content }) => ({ name, content: content.toString('base64') }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, content } of list) {
      data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
    }
    return data;
  }, encoded);
  const main = page.getByRole('main');
  await main.dispatchEvent('dragover', { dataTransfer: transfer });
  await main.dispatchEvent('drop', { dataTransfer: transfer });
}

test('a dropped classifier and autoencoder join the comparison and are taken away again', async ({
  page,
}) => {
  await page.goto('/models?test=32');
  await expectRuntime(page, /threads/);
  await drop(page, [
    { name: 'judge.onnx', content: readFileSync(`${models}/cnn/classifier.onnx`) },
    { name: 'narrow.onnx', content: readFileSync(`${models}/basic-32/autoencoder.onnx`) },
  ]);
  const list = page.getByRole('list', { name: 'Your models' });
  await expect(list.getByRole('listitem')).toHaveCount(2, { timeout: 30_000 });
  await expect(list.getByRole('listitem').filter({ hasText: 'judge' })).toContainText('classifier');
  await expect(list.getByRole('listitem').filter({ hasText: 'narrow' })).toContainText('autoencoder');

  await page.getByRole('link', { name: 'Draw', exact: true }).click();
  await expectSeen(page, '3');
  const own = page.getByRole('article', { name: /narrow/ });
  const same = page.getByRole('article', { name: 'basic autoencoder, latent 32', exact: true });
  const mse = /MSE\s*(0\.\d{5})/;
  await expect(own).toContainText(mse);
  // It is the demo's own file under another name, so it makes the same of the image.
  expect(mse.exec((await own.textContent())!)?.[1]).toBe(mse.exec((await same.textContent())!)?.[1]);
  await expect(page.getByRole('article', { name: 'What the models see' })).toContainText('judge');

  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await page.getByRole('button', { name: /^Remove narrow/ }).press('Enter');
  await expect(page.getByRole('button', { name: /^Remove judge/ })).toBeFocused();
  await expect(list.getByRole('listitem')).toHaveCount(1);
});

test('files that fit nothing are refused with what would', async ({ page }) => {
  await page.goto('/models');
  await expectRuntime(page, /threads/);
  await drop(page, [{ name: 'notes.onnx', content: Buffer.from('{"not":"a model"}') }]);
  await expect(page.getByRole('alert')).toContainText(
    'Cannot use "notes.onnx": it must be an ONNX model, and it is JSON: export the model to ONNX and drop that.',
  );
  await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('main').getByText('Choose ONNX files')).toBeFocused();

  await drop(page, [{ name: 'half.onnx', content: readFileSync(`${models}/basic-32/decoder.onnx`) }]);
  await expect(page.getByRole('alert')).toContainText(/Cannot use "half.onnx": .*28/);
  await drop(page, [
    { name: 'torn.onnx', content: readFileSync(`${models}/cnn/classifier.onnx`).subarray(0, 5000) },
  ]);
  await expect(page.getByRole('alert').filter({ hasText: 'torn.onnx' })).toContainText(
    'Cannot use "torn.onnx"',
  );
});

test('models are chosen by a button, too, and each model of the run shows its files with their hashes', async ({
  page,
}) => {
  await page.goto('/models');
  await expectRuntime(page, /threads/);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('main').getByText('Choose ONNX files').press('Enter');
  await (await chooser).setFiles(`${models}/cnn/classifier.onnx`);
  await expect(page.getByRole('list', { name: 'Your models' }).getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('link', { name: /decoder\.onnx/ }).first()).toHaveAttribute(
    'href',
    /^\/api\/runs\/~study\/files\/models\/.*\?sha256=[0-9a-f]{64}$/,
  );
});

test('once the classifier that was picked is removed, the run’s own judges and is shown to', async ({
  page,
}) => {
  await page.goto('/models?test=32');
  await expectRuntime(page, /threads/);
  const content = readFileSync(`${models}/cnn/classifier.onnx`);
  await drop(page, [
    { name: 'judge.onnx', content },
    { name: 'other.onnx', content },
  ]);
  await expect(page.getByRole('list', { name: 'Your models' }).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('link', { name: 'Robustness' }).click();
  const judgedBy = page.getByRole('combobox', { name: 'Judged by' });
  await judgedBy.selectOption('judge');
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await page.getByRole('button', { name: /^Remove judge/ }).click();
  await page.getByRole('link', { name: 'Robustness' }).click();
  await expect(judgedBy.locator('option:checked')).toHaveText('CNN classifier');
});
