/**
 * Draws a sweep's accuracy over the width of the bottleneck, as the README shows it:
 *
 *     npx nx run tools:picture-widths -- runs/sweep docs/accuracy-by-width.svg
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSweepResult } from '@narrows/shared';
import { drawWidths } from './draw-widths.ts';

const [folder, target] = process.argv.slice(2) as (string | undefined)[];
if (folder === undefined || target === undefined) {
  process.stderr.write(
    'Cannot draw: it takes a sweep and the SVG file to write, as in runs/sweep docs/accuracy-by-width.svg.\n',
  );
  process.exit(2);
}
const path = join(folder, 'sweep.json');
writeFileSync(target, drawWidths(parseSweepResult(readFileSync(path, 'utf8'), path)));
