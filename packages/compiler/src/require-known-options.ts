/**
 * Refuses options of other names than the known ones: JavaScript lets a caller pass them, and a misspelt one would be left
 * out in silence.
 *
 * @param options what the caller gave.
 * @param known every name that there is, as a key, so that types tell when one is missing here.
 * @param action what the options are for, as in `compile`.
 * @throws RangeError that names the first unknown option and lists the known ones; TypeError where the options are no object.
 */
export function requireKnownOptions<Options extends object>(
  options: Options,
  known: Readonly<Record<keyof Options & string, true>>,
  action: string,
): void {
  const names = Object.keys(known).join(', ');
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `Cannot ${action} with ${JSON.stringify(given)}: options are given by name; give an object with any of ${names}.`,
    );
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new RangeError(
    `Cannot ${action} with option "${unknown}": there is none of that name; the options are ${names}.`,
  );
}
