/**
 * Draws the icons that phones ask for as PNG, from `src/client/style/icon.svg`, into `public`.
 *
 *   npx nx run viewer:draw-icons
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { launchBrowser } from '../src/testing/launch-browser.ts';

const root = resolve(import.meta.dirname, '..');
const svg = await readFile(resolve(root, 'src/client/style/icon.svg'), 'utf8');
const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;

/** A maskable icon may be cut to a circle: its content stays within the middle 80 %, its ground fills all. */
const icons = [
  { name: 'icon-192.png', size: 192, scale: 1, ground: 'transparent' },
  { name: 'icon-512.png', size: 512, scale: 1, ground: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, scale: 0.8, ground: '#1c1e22' },
];

const browser = await launchBrowser();
try {
  for (const { name, size, scale, ground } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<body style="margin:0;height:100vh;display:grid;place-items:center;background:${ground}">` +
        `<img src="${address}" width="${size * scale}" height="${size * scale}" alt="">`,
    );
    await page.screenshot({ path: resolve(root, 'public', name), omitBackground: true });
  }
} finally {
  await browser.close();
}
