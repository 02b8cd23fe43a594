import { z } from 'zod';
import { checkValue } from '../cli/check-value.ts';
import { entry, exampleLines, optionGroups, wrap } from '../cli/help-text.ts';
import { describeOptions, type OptionNote } from '../cli/option-table.ts';
import { readFlags } from '../cli/read-flags.ts';

type Group = 'How' | 'Output';

const notes = z.registry<OptionNote<Group>>();

const doctorSchema = z.strictObject({
  threads: z.int().min(1).max(1024).optional().register(notes, {
    group: 'How',
    description: 'Threads that one operation may use on the cpu.',
    value: 'N',
    example: '2',
    defaultText: 'all cores',
  }),
  json: z.boolean().default(false).register(notes, {
    group: 'Output',
    description: 'Print the findings as JSON.',
    example: 'true',
  }),
});

const doctorOptionList = describeOptions(doctorSchema, notes);

/** What the command line of `doctor` asks for. */
export type DoctorRequest =
  { readonly kind: 'help' } | { readonly kind: 'examine'; readonly threads: number; readonly json: boolean };

/**
 * Reads the options of `doctor`.
 *
 * @param argv the arguments after `doctor`.
 * @throws ExpectedError (exit code 2), one line with the option, its rule, the value and the fix.
 */
export function parseDoctorOptions(
  argv: readonly string[],
  { availableThreads }: { availableThreads: number },
): DoctorRequest {
  const { help, given } = readFlags(argv, { command: 'doctor', options: doctorOptionList });
  if (help) return { kind: 'help' };
  for (const option of doctorOptionList) {
    const value = given.get(option.key);
    if (value !== undefined) checkValue(value, option);
  }
  const { threads = availableThreads, json } = doctorSchema.parse(
    Object.fromEntries([...given].map(([key, { value }]) => [key, value])),
  );
  return { kind: 'examine', threads, json };
}

/** What `doctor --help` prints. */
export function doctorHelp(): string {
  return [
    'Usage: npx nx run trainer:doctor -- [options]',
    '',
    ...wrap(
      'What can this machine train on, what is missing, and what to do? Tries every engine by train steps whose results ' +
        'are compared with plain JavaScript, looks for the parts that GPUs need, and changes nothing. Takes up to a minute.',
    ),
    ...optionGroups(doctorOptionList),
    '',
    'Command line',
    ...entry('--help, -h', 'Print this.'),
    '',
    'Examples',
    ...exampleLines([
      ['npx nx run trainer:doctor', 'a line for each thing'],
      [
        'npx tsx packages/trainer/src/main.ts doctor --json',
        'for scripts, and to send along with a report of a fault',
      ],
    ]),
    '',
    'Exit codes',
    ...entry('0', 'At least one engine works.'),
    ...entry('1', 'None does.'),
    ...entry('2', 'The command line asks for the impossible.'),
    '',
  ].join('\n');
}
