/**
 * Writes what the bench measured into the documentation: all tables to `docs/bench/training.md`, the picture to
 * `docs/bench/training.svg`, and the section between `<!-- bench -->` and `<!-- /bench -->` of the README.
 *
 *     npx nx run tools:bench -- --output=docs/bench/training.json
 *     npx nx run tools:bench-report
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { runBench } from './bench-error.ts';
import { drawTraining } from './training/draw-training.ts';
import { renderReport, renderSummary } from './training/render-report.ts';
import { replaceSection } from './training/replace-section.ts';
import { readResults } from './training/results-file.ts';

await runBench(async () => {
  const root = resolve(import.meta.dirname, '../../..');
  const folder = join(root, 'docs/bench');
  const source = join(folder, 'training.json');
  const document = readResults(relative(process.cwd(), source));
  const readme = join(root, 'README.md');
  const summary = [
    renderSummary(document),
    '![Time of a step by peer and batch, and what the test set says over seconds of training](docs/bench/training.svg)\n',
    'Everything measured: [docs/bench/training.md](docs/bench/training.md).',
  ].join('\n');

  writeFileSync(join(folder, 'training.svg'), drawTraining(document));
  await writeFormatted(
    join(folder, 'training.md'),
    `# Training beside peers\n\n${renderReport(document)}\n![The same as a picture](training.svg)\n`,
  );
  await writeFormatted(
    readme,
    replaceSection(readFileSync(readme, 'utf8'), { name: 'bench', content: summary }),
  );
  await writeFormatted(source, JSON.stringify(document));
  return 0;
});

/** Writes a file as the check of the format wants it. */
async function writeFormatted(path: string, text: string): Promise<void> {
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}
