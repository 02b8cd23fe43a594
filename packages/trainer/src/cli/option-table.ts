import { z } from 'zod';

/** What `--help` and error messages say of an option beyond its type, range and default. */
export interface OptionNote<Group extends string = string> {
  /** The heading under which `--help` lists it. */
  readonly group: Group;
  readonly description: string;
  /** How `--help` names the value; none for a switch. */
  readonly value?: string;
  /** The rule for a value that the schema's type doesn't put into words, to follow "it takes". */
  readonly takes?: string;
  /** A value that works, as one would type it. */
  readonly example: string;
  /** The default in words, where the schema has none and the group's name doesn't tell it. */
  readonly defaultText?: string;
}

/** An option of a command, read off its schema. */
export interface OptionDescription<Key extends string = string> extends OptionNote {
  /** Its name as the config file and the code spell it: `batchSize`. */
  readonly key: Key;
  /** The flag without its dashes: `batch-size`. */
  readonly flag: string;
  /** `list` is one of texts, `integers` one of whole numbers. */
  readonly kind: 'integer' | 'number' | 'boolean' | 'choice' | 'list' | 'integers' | 'text';
  readonly choices: readonly string[];
  /** Bounds of a number, and of each one in `integers`. */
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** The smallest value isn't allowed itself, every larger one is. */
  readonly exclusiveMinimum: number | undefined;
  readonly default: string | number | boolean | undefined;
  /** Whether the schema takes a value. */
  readonly accepts: (value: unknown) => boolean;
}

const bounds = {
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
};

/** The JSON Schema that zod writes of one option, as far as it is read here. */
const propertySchema = z.object({
  ...bounds,
  type: z.enum(['integer', 'number', 'boolean', 'array', 'string']),
  items: z.object({ ...bounds, type: z.enum(['integer', 'string']) }).optional(),
  enum: z.array(z.string()).default([]),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
const tableSchema = z.object({ properties: z.record(z.string(), propertySchema) });

/**
 * The options of a command as a table, in the order of its schema. Names, types, ranges and defaults are the schema's,
 * words are the notes'.
 *
 * @throws Error for an option without a note, or of a type that no flag can carry.
 */
export function describeOptions<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  notes: { get(option: z.core.$ZodType): OptionNote | undefined },
): readonly OptionDescription<keyof Shape & string>[] {
  const { properties } = tableSchema.parse(z.toJSONSchema(schema, { io: 'input' }));
  return (Object.keys(schema.shape) as (keyof Shape & string)[]).map((key) => {
    const { type, items, enum: choices, default: value, ...ownBounds } = properties[key];
    const note = notes.get(schema.shape[key]);
    if (note === undefined) throw new Error(`The option ${key} has no note for --help.`);
    const { minimum, maximum, exclusiveMinimum } = items ?? ownBounds;
    return {
      ...note,
      key,
      flag: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      kind: kindOf(type, { isChoice: choices.length > 0, itemType: items?.type }),
      choices,
      minimum,
      maximum,
      exclusiveMinimum,
      default: value,
      accepts: (given) => z.safeParse(schema.shape[key], given).success,
    };
  });
}

function kindOf(
  type: z.infer<typeof propertySchema>['type'],
  { isChoice, itemType }: { isChoice: boolean; itemType: 'integer' | 'string' | undefined },
): OptionDescription['kind'] {
  if (type === 'array') return itemType === 'integer' ? 'integers' : 'list';
  if (type === 'string') return isChoice ? 'choice' : 'text';
  return type;
}

/** What an option accepts, in words that follow "it takes": `a whole number from 1 to 60,000`. */
export function acceptedValues(option: OptionDescription): string {
  const { minimum, maximum, exclusiveMinimum } = option;
  const upper = maximum === undefined ? '' : ` to ${formatNumber(maximum)}`;
  switch (option.kind) {
    case 'integer':
      return `a whole number from ${formatNumber(minimum ?? 0)}${upper}`;
    case 'integers':
      return `whole numbers from ${formatNumber(minimum ?? 0)}${upper} with commas between them`;
    case 'number':
      return minimum === undefined
        ? `a number above ${formatNumber(exclusiveMinimum ?? 0)}${upper === '' ? '' : `, up${upper}`}`
        : `a number from ${formatNumber(minimum)}${upper}`;
    case 'boolean':
      return 'true or false, or nothing for true';
    case 'choice':
      return `one of ${option.choices.join(', ')}`;
    case 'list':
    case 'text':
      return option.takes ?? 'a text';
  }
}

/** `60,000`: digits in groups of three, without rounding. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 });
}
