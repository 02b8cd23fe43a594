import type { EngineName } from '../engine/open-engine.ts';
import type { Finding } from './finding.ts';
import { tryEngine, type EngineAnswer } from './try-engine.ts';

/** How far losses may be from those of plain JavaScript, relatively: devices sum in other orders, and may use TF32. */
const tolerance = 1e-3;

/** What is tried, from what runs everywhere to what needs most. */
const tried = ['onnx cpu', 'onnx webgpu', 'onnx cuda', 'tfjs-node', 'tfjs-node-gpu'] as const;

/** How `train` is told to take each engine. */
const flags: Readonly<Record<(typeof tried)[number], string>> = {
  'onnx cpu': '--device cpu',
  'onnx webgpu': '--device webgpu',
  'onnx cuda': '--device cuda',
  'tfjs-node': '--engine tfjs --device cpu',
  'tfjs-node-gpu': '--engine tfjs --device cuda',
};

const readme = "see Devices in the trainer's README";
const remedies: Readonly<Record<(typeof tried)[number], string>> = {
  'onnx cpu': 'Run npm ci anew; if it stays, please report it: this one should work everywhere.',
  'onnx webgpu': 'Install a driver: "For WebGPU" below says what is missing.',
  'onnx cuda': '"For NVIDIA GPUs" below says what is missing.',
  'tfjs-node': `Nothing is lost without it: onnx is faster (${readme}).`,
  'tfjs-node-gpu': `Nothing is lost without it where onnx cuda works (${readme}).`,
};

/**
 * Tries every engine by train steps whose losses are compared with those of plain JavaScript. Nothing of an engine is loaded
 * in this process, which goes on whatever they do.
 */
export async function examineEngines(threads: number): Promise<Finding[]> {
  const reference = await tryEngine('tfjs in JavaScript', { threads });
  const findings: Finding[] = [];
  if (reference.kind === 'refused') {
    findings.push({
      section: 'Engines',
      name: 'plain JavaScript',
      status: 'broken',
      text: `nothing to compare engines with: ${reference.reason}`,
      remedy: 'Run npm ci anew.',
    });
  }
  const expected = reference.kind === 'ran' ? reference.losses : undefined;
  let onnxWorks = true;
  // One after the other, or none could be timed.
  for (const name of tried) {
    const answer = await tryEngine(name, { threads });
    if (name === 'onnx cpu') onnxWorks = answer.kind === 'ran';
    findings.push(engineFinding(name, answer, { expected, onnxWorks }));
  }
  return findings;
}

/** What an engine's answer is judged by. */
export interface EngineContext {
  /** Losses of plain JavaScript, if there are any. */
  readonly expected: readonly number[] | undefined;
  /** Whether onnxruntime runs on the cpu: where it doesn't, no driver helps. */
  readonly onnxWorks: boolean;
}

/** What an engine's answer means. */
export function engineFinding(
  name: Exclude<EngineName, 'tfjs in JavaScript'>,
  answer: EngineAnswer,
  { expected, onnxWorks }: EngineContext,
): Finding {
  if (answer.kind === 'refused') {
    return {
      section: 'Engines',
      name,
      status: name === 'onnx cpu' ? 'broken' : 'absent',
      text: answer.reason,
      remedy:
        name.startsWith('onnx ') && name !== 'onnx cpu' && !onnxWorks
          ? 'Mend onnx cpu first.'
          : remedies[name],
    };
  }
  const { detail, losses, stepMs } = answer;
  if (expected === undefined) {
    return {
      section: 'Engines',
      name,
      status: 'broken',
      text: `${detail}: takes train steps, but nothing says whether they are right`,
      remedy: 'See what plain JavaScript lacks, above.',
    };
  }
  const apart = Math.max(...losses.map((loss, i) => Math.abs(loss / expected[i] - 1)));
  // Also where a loss is not a number.
  if (!(apart <= tolerance)) {
    return {
      section: 'Engines',
      name,
      status: 'broken',
      text: `computes wrongly: losses of train steps come to ${losses.join(', ')} in place of ${expected.join(', ')}`,
      remedy: 'Update the driver, and do not train on it until then.',
    };
  }
  return {
    section: 'Engines',
    name,
    status: 'ok',
    text:
      `${detail}: train steps agree with plain JavaScript to ${apart === 0 ? 'the last digit' : apart.toExponential(0)}; ` +
      `${stepMs.toFixed(stepMs < 10 ? 2 : 0)} ms for one of basic-32 at batch 64 (${flags[name]})`,
  };
}
