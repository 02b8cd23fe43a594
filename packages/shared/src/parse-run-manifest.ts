import { runManifestSchema, runManifestVersion, type RunManifest } from './run-manifest.ts';

/** A text is not a run manifest that this Narrows can use. Its message is one line for people. */
export class RunManifestError extends Error {
  override readonly name = 'RunManifestError';
}

/**
 * Reads the text of a `run.json`.
 *
 * @param text JSON
 * @param where what the text was read from, for the error: a path or an address
 * @returns the manifest, every rule of `runManifestSchema` holding
 * @throws RunManifestError if the text is no JSON, of another schema version, or breaks a rule; it names the first
 *   place that does, the rule and the value
 */
export function parseRunManifest(text: string, where: string): RunManifest {
  let why: string;
  try {
    const outcome = readManifest(text);
    if (typeof outcome !== 'string') return outcome;
    why = outcome;
  } catch (error) {
    // The schema and JSON.stringify recurse into the value, and a hostile one is deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    why = `it must not be nested that deeply. ${remedy}`;
  }
  // A key or value of the text may hold anything; control characters would break the line or steer a terminal.
  const line = why.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  throw new RunManifestError(`Cannot read the run manifest "${where}": ${line}`);
}

const remedy = 'Restore the file or train again.';

/** The manifest, or in words why there is none. */
function readManifest(text: string): RunManifest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it must be JSON (${(error as SyntaxError).message}). ${remedy}`;
  }
  // First of all, for the fields of another version may be anything.
  const version = lookUp(value, ['schemaVersion']);
  if (version !== undefined && version !== runManifestVersion) {
    return (
      `schema version ${shown(version)} is not known to this Narrows (knows ${runManifestVersion}). ` +
      'Read it with the version of Narrows that wrote it, or train again.'
    );
  }
  const result = runManifestSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue, ...others] = result.error.issues;
  const place = issue.path.length === 0 ? '' : `at ${pathText(issue.path)}: `;
  const more = others.length === 0 ? '' : ` ${others.length} more places break a rule.`;
  return `${place}${issue.message} (it is ${shown(lookUp(value, issue.path))}).${more} ${remedy}`;
}

/** `models[0].files["a b"]` */
function pathText(path: PropertyKey[]): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^\w+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

function lookUp(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

/** The value on one line, cut to a length that fits into one. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const json = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return json.length <= 60 ? json : `${json.slice(0, 57)}...`;
}
