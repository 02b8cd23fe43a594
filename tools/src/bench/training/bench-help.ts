import { jobSchema } from './bench-document.ts';
import { benchModels, peers } from './peer-table.ts';

const list = (names: readonly string[]): string => names.join(', ');

/** What `--help` prints. */
export const benchHelp = `Usage: npx nx run tools:bench -- [options]

Measures training beside PyTorch, jax-js and tfjs, one after the other, each in a process of its own, and prints tables.
All of it takes more than an hour on 2 cores, --quick some minutes; nothing else should run meanwhile.

Options; lists are separated by commas
  --models LIST     of ${list(benchModels.map(({ id }) => id))} [default: all]
  --peers LIST      of those below [default: all]
  --kinds LIST      of ${list(jobSchema.options.map(({ shape }) => shape.kind.value))} [default: all]
  --rounds NUMBER   of short runs and starts; epochs take one less [default: 3]
  --threads NUMBER  of those who can have several [default: 2]
  --quick           one round of fewer and shorter runs, without target
  --output FILE     write every number as JSON, after each measurement
  --update          keep of that file what isn't measured anew
  --help            print this

Peers
${peers.map(({ id, title }) => `  ${id.padEnd(19)}${title}`).join('\n')}

PyTorch is that of $PYTHON [default: /usr/bin/python3]. Ctrl-C keeps what was measured until then.
`;
