import type { JsonValue } from './json-value.ts';

/** Everything that decides what a run's figures will be, as plain data. Keys with `undefined` count as absent. */
export type Configuration = Readonly<Record<string, JsonValue | undefined>>;

/**
 * In which values two configurations differ, one text each: `epochs.basic was 10 and is now 5`. Mappings are compared
 * key by key, whatever their order; lists as a whole.
 */
export function configurationDifference(before: Configuration, now: Configuration): string[] {
  const then = flatten(before);
  const today = flatten(now);
  return [...new Set([...then.keys(), ...today.keys()])]
    .filter((key) => then.get(key) !== today.get(key))
    .map((key) => `${key} was ${then.get(key) ?? 'not set'} and is now ${today.get(key) ?? 'not set'}`);
}

/** `{epochs: {basic: 10}}` → `epochs.basic → 10`, values as JSON. */
function flatten(
  configuration: Configuration,
  prefix = '',
  flat = new Map<string, string>(),
): Map<string, string> {
  for (const [key, value] of Object.entries(configuration)) {
    if (value === undefined) continue;
    if (isMapping(value)) flatten(value, `${prefix}${key}.`, flat);
    else flat.set(prefix + key, JSON.stringify(value));
  }
  return flat;
}

function isMapping(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
