import { parseRunManifest } from '@narrows/shared';
import { expect, test } from 'vitest';
import { manifestText } from './make-manifest.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

test('the text of a manifest that holds reads back as it was', () => {
  expect(parseRunManifest(manifestText(syntheticRun, 'runs/x'), 'x')).toEqual(syntheticRun);
});

test('a manifest that breaks a rule is never a text', () => {
  const change = (models: (typeof syntheticRun)['models']) => ({ ...syntheticRun, models });
  const broken = [
    // A share that rounding left above 1, and NaN, which JSON has as null.
    ...[1.000000005, NaN].map((share) =>
      change(
        syntheticRun.models.map((model) =>
          model.kind === 'pca' ? { ...model, explainedVariance: [share, 0] } : model,
        ),
      ),
    ),
    { ...syntheticRun, files: syntheticRun.files.slice(1) },
  ];
  for (const manifest of broken) {
    expect(() => manifestText(manifest, 'runs/x')).toThrow(
      'Cannot finish "runs/x": its manifest must keep every rule of its schema before it is written, and it does not',
    );
  }
});
