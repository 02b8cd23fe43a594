import type * as z from 'zod';

/** A kind of JSON file with a schema of which there are versions. */
export interface VersionedJson<T> {
  /** What it is, for the error: `run manifest`. */
  readonly subject: string;
  /** The version that this code reads. */
  readonly version: number;
  /** Of objects whose `schemaVersion` is that version. */
  readonly schema: z.ZodType<T>;
  /** What makes such a file anew, for the error: `train again`. */
  readonly remake: string;
  /** Makes the error to throw from a message of one line. */
  readonly error: (message: string) => Error;
}

/**
 * Reads a JSON text by a schema.
 *
 * @param where what the text was read from, for the error: a path or an address
 * @throws the kind's own error if the text is no JSON, of another schema version, or breaks a rule; it names the first
 *   place that does, the rule and the value
 */
export function parseVersionedJson<T>(text: string, where: string, kind: VersionedJson<T>): T {
  let why: string;
  try {
    const outcome = read(text, kind);
    if (outcome.success) return outcome.data;
    why = outcome.why;
  } catch (error) {
    // The schema and JSON.stringify recurse into the value, and a hostile one is deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    why = `it must not be nested that deeply. ${remedyOf(kind)}`;
  }
  // A key or value of the text may hold anything; control characters would break the line or steer a terminal.
  const line = why.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  throw kind.error(`Cannot read the ${kind.subject} "${where}": ${line}`);
}

function remedyOf({ remake }: Pick<VersionedJson<unknown>, 'remake'>): string {
  return `Restore the file or ${remake}.`;
}

type Outcome<T> =
  { readonly success: true; readonly data: T } | { readonly success: false; readonly why: string };

/** What the text holds, or in words why it can't be used. */
function read<T>(text: string, kind: VersionedJson<T>): Outcome<T> {
  const refuse = (why: string): Outcome<T> => ({ success: false, why });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`it must be JSON (${(error as SyntaxError).message}). ${remedyOf(kind)}`);
  }
  // First of all, for the fields of another version may be anything.
  const version = lookUp(value, ['schemaVersion']);
  if (version !== undefined && version !== kind.version) {
    return refuse(
      `schema version ${shown(version)} is not known to this Narrows (knows ${kind.version}). ` +
        `Read it with the version of Narrows that wrote it, or ${kind.remake}.`,
    );
  }
  const result = kind.schema.safeParse(value);
  if (result.success) return { success: true, data: result.data };
  const [issue, ...others] = result.error.issues;
  const place = issue.path.length === 0 ? '' : `at ${pathText(issue.path)}: `;
  const more = others.length === 0 ? '' : ` ${others.length} more places break a rule.`;
  return refuse(
    `${place}${issue.message} (it is ${shown(lookUp(value, issue.path))}).${more} ${remedyOf(kind)}`,
  );
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
