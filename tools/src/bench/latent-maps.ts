/**
 * Compares t-SNE with scikit-learn's, on the pixels of the first MNIST test images, one after the other in one sitting:
 *
 *     npx tsx tools/src/bench/latent-maps.ts
 *     npx tsx tools/src/bench/latent-maps.ts --points=2000 --perplexity=30 --iterations=1000 --threads=2 --seed=1
 *
 * Seconds are those of everything from the points to the map: the search for neighbours, the first map, the descent.
 * scikit-learn also judges our map, which shows whether its trustworthiness and accuracy are ours. It is that of `$PYTHON`
 * (default: Debian's /usr/bin/python3 with `apt-get install python3-sklearn`); without it only our own figures are shown.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseEngine, createProgress, loadMnist, makeLatentMaps } from '@narrows/trainer';

/** What is said of a map, by either. */
interface Measures {
  readonly neighbourAccuracy: number;
  readonly trustworthiness: number;
  /** In nats, with all pairs in the normalising sum. */
  readonly klDivergence: number;
}

interface Row extends Measures {
  readonly seconds: number;
}

/** What `latent_maps_sklearn.py` prints. */
interface SklearnResult {
  readonly seconds: number;
  /** What scikit-learn itself calls the divergence of its map: an estimate, by far cells of its tree. */
  readonly estimatedDivergence: number;
  readonly theirs: Measures;
  /** Our map, as scikit-learn judges it. */
  readonly ours: Measures;
  readonly space: Pick<Measures, 'neighbourAccuracy'>;
  readonly version: string;
}

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '10000' },
    perplexity: { type: 'string', default: '30' },
    iterations: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, perplexity, iterations, threads, seed] = [
  values.points,
  values.perplexity,
  values.iterations,
  values.threads,
  values.seed,
].map(Number);
const titles: Readonly<Record<keyof Measures, string>> = {
  neighbourAccuracy: '10-NN accuracy',
  trustworthiness: 'trustworthiness',
  klDivergence: 'KL divergence',
};
const python = process.env['PYTHON'] ?? '/usr/bin/python3';

const { test } = await loadMnist();
const pixels = Float32Array.from(
  test.images.subarray(0, (count * test.images.length) / test.count),
  (v) => v / 255,
);
const labels = test.labels.slice(0, count);
const { engine } = await chooseEngine({ engine: 'onnx', device: 'cpu', threads });

process.stdout.write(
  `${cpus()[0]?.model ?? ''}, ${threads} threads, Node ${process.version}; pixels of ${count} MNIST test images, ` +
    `perplexity ${perplexity}, ${iterations} iterations\n\n`,
);
const { ours, coordinates, space } = await mapOurs();
const theirs = mapTheirs(coordinates);
process.stdout.write(
  '| t-SNE | seconds | KL divergence | trustworthiness | 10-NN accuracy |\n| --- | --- | --- | --- | --- |\n' +
    describeRow('Narrows', ours),
);
if (theirs === undefined) {
  process.stdout.write(
    `\nNot compared: ${python} has no scikit-learn (Debian: apt-get install python3-sklearn).\n`,
  );
} else {
  process.stdout.write(
    describeRow(theirs.version, { ...theirs.theirs, seconds: theirs.seconds }) +
      `\nscikit-learn ÷ Narrows: ${(theirs.seconds / ours.seconds).toFixed(2)}× the seconds. Its own estimate of its ` +
      `divergence: ${theirs.estimatedDivergence.toFixed(4)}.\n` +
      `Our map as scikit-learn judges it: ${difference('trustworthiness', ours, theirs.ours)}, ` +
      `${difference('neighbourAccuracy', ours, theirs.ours)}, ` +
      `${difference('klDivergence', ours, theirs.ours)}; the pixels themselves: ` +
      `${difference('neighbourAccuracy', space, theirs.space)}.\n`,
  );
}

/** Maps by our t-SNE. */
async function mapOurs(): Promise<{ ours: Row; coordinates: Float32Array; space: SklearnResult['space'] }> {
  const isTty = process.stderr.isTTY;
  const maps = makeLatentMaps(
    engine,
    { labels, pixels, spaces: [{ of: 'pixels', points: pixels }] },
    {
      methods: ['tsne'],
      perplexity,
      iterations,
      seed,
      progress: createProgress({ stream: process.stderr, isTty, now: () => performance.now() }),
      shouldStop: () => false,
    },
  );
  for await (const { entry, coordinates, klDivergence, searchMs } of maps) {
    const [{ neighbourAccuracy, trustworthiness, durationMs }] = entry.maps;
    const seconds = (searchMs + durationMs) / 1000;
    return {
      ours: { seconds, klDivergence: klDivergence!, neighbourAccuracy, trustworthiness },
      coordinates: coordinates.tsne!,
      space: entry.space,
    };
  }
  throw new Error('Cannot compare maps: none was made.');
}

/** Has scikit-learn map the same points and judge both maps; `undefined` where it isn't installed. */
function mapTheirs(coordinates: Float32Array): SklearnResult | undefined {
  if (spawnSync(python, ['-c', 'import sklearn']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'narrows-latent-maps-'));
  try {
    writeFileSync(join(folder, 'points.f32'), pixels);
    writeFileSync(join(folder, 'labels.u8'), labels);
    writeFileSync(join(folder, 'ours.f32'), coordinates);
    const script = join(import.meta.dirname, 'latent_maps_sklearn.py');
    const settings = [count, perplexity, iterations, seed, threads].map(String);
    const { status, stdout, stderr } = spawnSync(python, [script, folder, ...settings], { encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(`Cannot run ${python} ${script}: it ended with ${status ?? 'a signal'}: ${stderr}`);
    }
    return JSON.parse(stdout) as SklearnResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function describeRow(
  name: string,
  { seconds, klDivergence, trustworthiness, neighbourAccuracy }: Row,
): string {
  const cells = [seconds.toFixed(1), klDivergence.toFixed(4), trustworthiness.toFixed(5)];
  return `| ${[name, ...cells, `${(100 * neighbourAccuracy).toFixed(2)} %`].join(' | ')} |\n`;
}

function difference<K extends keyof Measures>(
  name: K,
  ours: Pick<Measures, K>,
  theirs: Pick<Measures, K>,
): string {
  const distance = Math.abs(ours[name] - theirs[name]);
  return `${titles[name]} ${theirs[name].toFixed(8)} (${distance === 0 ? 'the same' : `differs by ${distance.toExponential(1)}`})`;
}
