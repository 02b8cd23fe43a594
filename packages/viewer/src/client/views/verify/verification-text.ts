import type { Verification } from '../../worker/lab-api.ts';
import { summarise } from './verification-summary.ts';

/** Where and when a verification was made, for those who read of it elsewhere. */
export interface VerificationContext {
  readonly runName: string;
  /** As the browser calls itself. */
  readonly userAgent: string;
  /** ISO 8601 in UTC. */
  readonly verifiedAt: string;
}

/** A verification as a table in Markdown, in English whatever the page's language. */
export function verificationMarkdown(verification: Verification, context: VerificationContext): string {
  const { images, runtime, durationMs, codecs, classifications, files } = verification;
  const { isConfirmed, matchingFiles } = summarise(verification);
  const sign = (agrees: boolean): string => (agrees ? 'agrees' : '**differs**');
  const lines = [
    `# Verification of the run ${context.runName}: ${isConfirmed ? 'confirmed' : 'not confirmed'}`,
    '',
    `${images} test images, onnxruntime-web on ${runtime.device} with ${runtime.threads} thread(s), ` +
      `${(durationMs / 1000).toFixed(1)} s, ${context.verifiedAt}, ${context.userAgent}.`,
    `${matchingFiles} of ${files.length} files have the SHA-256 of the manifest.`,
    '',
    '| figure | here | trainer | difference | |',
    '| --- | ---: | ---: | ---: | --- |',
    ...codecs.map(
      ({ id, mse }) =>
        `| MSE of ${id} | ${mse.here.toFixed(8)} | ${mse.trainer.toFixed(8)} | ${(mse.here - mse.trainer).toExponential(1)} | ${sign(mse.agrees)} |`,
    ),
    ...classifications.map(
      ({ classifier, on, accuracy, differing }) =>
        `| accuracy of ${classifier} on ${on} | ${accuracy.here} | ${accuracy.trainer} | ${differing} images of another class | ${sign(accuracy.agrees)} |`,
    ),
    '',
    ...files.map(({ path, sha256, matches }) => `- \`${sha256}\` ${path}${matches ? '' : ' **differs**'}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** A verification as JSON, with its context. */
export function verificationJson(verification: Verification, context: VerificationContext): string {
  return `${JSON.stringify({ ...context, ...verification }, undefined, 2)}\n`;
}
