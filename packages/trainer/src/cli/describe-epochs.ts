import { familyOf } from './train-presets.ts';

/**
 * How long models are trained, in a few words: by family where its models agree, else one by one.
 * @param models settings by the model's id.
 * @returns for example `basic 10, deeper-16 6, deeper-64 20`.
 */
export function describeEpochs(models: Readonly<Record<string, { readonly epochs: number }>>): string {
  const entries = Object.entries(models).map(([id, { epochs }]) => ({ id, family: familyOf(id), epochs }));
  const agrees = (family: string): boolean =>
    new Set(entries.filter((one) => one.family === family).map(({ epochs }) => epochs)).size === 1;
  const names = entries.map(({ id, family, epochs }) => `${agrees(family) ? family : id} ${epochs}`);
  return [...new Set(names)].join(', ');
}
