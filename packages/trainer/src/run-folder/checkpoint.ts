import { decodeSafetensors, encodeSafetensors } from '@narrows/shared';
import type { z } from 'zod';
import { ExpectedError } from '../expected-error.ts';
import type { JsonValue } from './json-value.ts';

/** A named array of 32-bit floats. */
export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The values, the last dimension running fastest. */
  readonly data: Float32Array;
}

/** What a training needs to go on: parameters and optimizer state as tensors, and all the rest as plain data. */
export interface Checkpoint {
  readonly meta: JsonValue;
  readonly tensors: readonly CheckpointTensor[];
}

/** The name of our data among the file's metadata. */
const metaKey = 'narrows';

const damaged = 'The file is damaged: start anew with --overwrite.';

/**
 * Encodes a checkpoint as a safetensors file whose metadata hold our plain data as one text, see `encodeSafetensors`.
 * The same checkpoint gives the same bytes.
 *
 * @param checkpoint `meta` is kept as JSON, which has neither `undefined` nor NaN; values of tensors are kept bit by bit.
 * @throws RangeError for a name that is used twice or kept for the format, and for values that don't fill their shape.
 */
export function encodeCheckpoint({ meta, tensors }: Checkpoint): Uint8Array {
  return encodeSafetensors({ tensors, metadata: { [metaKey]: JSON.stringify(meta) } });
}

/**
 * Decodes what `encodeCheckpoint` wrote. The values are copies. Strict: other dtypes, other metadata, and any byte that
 * belongs to no tensor or to two are refused.
 *
 * @param name what errors call the file.
 * @throws ExpectedError for bytes that are no such file.
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const subject = `the checkpoint "${name}"`;
  try {
    return checkpointOf(decodeSafetensors(bytes, subject), subject);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExpectedError(`${error.message} ${damaged}`, { cause: error });
  }
}

/**
 * The error for a checkpoint that can be decoded and doesn't hold what it must.
 *
 * @param name what errors call the file.
 * @param rule the rule that it breaks and what is there instead, such as `"m/bias" must be there, and it is not`.
 */
export function damagedCheckpoint(name: string, rule: string): ExpectedError {
  return new ExpectedError(`Cannot read the checkpoint "${name}": ${rule}. ${damaged}`);
}

/**
 * A checkpoint's plain data by a schema.
 *
 * @param name what errors call the file.
 * @throws ExpectedError for data that break a rule; it names the first place that does.
 */
export function parseMeta<T>(meta: JsonValue, { schema, name }: { schema: z.ZodType<T>; name: string }): T {
  const { success, data, error } = schema.safeParse(meta);
  if (success) return data;
  const [{ path, message }] = error.issues;
  const place = path.length === 0 ? '' : ` at "${path.join('.')}"`;
  throw damagedCheckpoint(name, `its data must keep every rule, and they break one${place} (${message})`);
}

function checkpointOf(
  { metadata, tensors }: ReturnType<typeof decodeSafetensors>,
  subject: string,
): Checkpoint {
  const refuse = (rule: string): RangeError => new RangeError(`Cannot read ${subject}: ${rule}.`);
  if (!Object.hasOwn(metadata, metaKey) || Object.keys(metadata).length !== 1) {
    throw refuse(`its metadata must be "${metaKey}" alone, and they are not`);
  }
  let meta: JsonValue;
  try {
    meta = JSON.parse(metadata[metaKey]) as JsonValue;
  } catch {
    throw refuse('its metadata must be JSON, and they are not');
  }
  return {
    meta,
    tensors: tensors.map(({ name, shape, data }) => {
      if (!(data instanceof Float32Array)) throw refuse(`"${name}" must be of dtype F32, and it is not`);
      return { name, shape, data };
    }),
  };
}
