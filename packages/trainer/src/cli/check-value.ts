import { nearestName } from './nearest-name.ts';
import { acceptedValues, type OptionDescription } from './option-table.ts';
import { usageError } from './usage-error.ts';

/** A value that the user gave, not yet checked against the schema, and how to name it in an error. */
export interface GivenValue {
  readonly value: unknown;
  /** `--batch-size`, or `"batchSize" (study.yaml, line 3)`. */
  readonly name: string;
  /** How to write a value there: `--batch-size=64`, or `batchSize: 64`. */
  readonly spell: (value: string) => string;
}

/**
 * Checks a value against its option's schema.
 *
 * @throws ExpectedError (exit code 2) for one that the schema refuses: what the option takes, the value and the fix.
 */
export function checkValue({ value, name, spell }: GivenValue, option: OptionDescription): void {
  if (option.accepts(value)) return;
  const nearest = typeof value === 'string' ? nearestName(value, option.choices) : undefined;
  const fix =
    nearest === undefined ? `write for example ${spell(option.example)}.` : `did you mean ${nearest}?`;
  throw usageError(`Cannot use ${name}: it takes ${acceptedValues(option)}, not ${showValue(value)}: ${fix}`);
}

/**
 * Checks that a list names nothing twice.
 *
 * @param name the option as the user knows it, such as `--models`.
 * @param rule what is done once with each, such as `each model is trained`.
 * @throws ExpectedError (exit code 2) for a list with a value twice.
 */
export function checkOnce(
  values: readonly (string | number)[],
  { name, rule }: { name: string; rule: string },
): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice === undefined) return;
  throw usageError(`Cannot use ${name}: ${rule} once, ${showValue(twice)} is named twice: name it once.`);
}

/** A value as the user would recognise it, on one line and not too long. */
export function showValue(value: unknown): string {
  // JSON has no NaN and no bigint.
  const shown =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}
