import type { ComponentChildren } from 'preact';
import { apiPaths } from '../../../contract/api.ts';
import { language } from '../../i18n/language.ts';
import { formatBytes, formatCount, formatSeconds } from '../../i18n/number-format.ts';
import { FactList } from '../../parts/fact-list.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import type { OpenRun } from '../../state/run.ts';
import { factsMessages } from './facts-messages.ts';
import { ResultsSection } from './results-section.tsx';
import { trainingMessages } from './training-messages.ts';

/** How the run came to be, and its files to take away. */
export function RunFacts({ run }: { run: OpenRun }) {
  const words = factsMessages();
  const { manifest } = run;
  const { dataset, engine, platform, durations } = manifest;
  const command = ['npx nx run trainer:train --', ...manifest.flags.map(quoted), '--out=runs/again'].join(
    ' ',
  );
  // Training is told by model; the ids of models are the same in every language.
  const phaseNames: Readonly<Partial<Record<string, string>>> = {
    load: words.load,
    ...trainingMessages().phases,
  };
  const phases = Object.entries(durations.phaseMs).map(
    ([name, ms]) => `${phaseNames[name] ?? name} ${formatSeconds(ms / 1000)}`,
  );
  const versions = Object.entries(platform.versions).map(([name, version]) => `${name} ${version}`);
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [words.name, manifest.name],
    [words.again, <code key="command">{command}</code>],
    [words.preset, manifest.preset],
    [words.seed, manifest.seed],
    [words.finished, new Date(manifest.finishedAt).toLocaleString(language.value)],
    [words.took, formatSeconds(durations.totalMs / 1000)],
    [words.phases, phases.join(', ')],
    [words.device, `${engine.name}, ${engine.device}, ${words.threads(engine.threads)}`],
    [words.reason, <span lang="en">{engine.reason}</span>],
    [words.processor, `${platform.cpu}, ${words.cores(platform.cores)}`],
    [words.memory, formatBytes(manifest.peakMemoryBytes)],
    [words.system, `${platform.os}, Node ${platform.node}`],
    [words.packages, `Narrows ${manifest.narrowsVersion}, ${versions.join(', ')}`],
    [
      words.dataset,
      `${dataset.title}: ${words.counts(formatCount(dataset.trainCount), formatCount(dataset.testCount))}, ${words.size(dataset.height, dataset.width, dataset.channels)}`,
    ],
    [words.source, <span lang="en">{dataset.source}</span>],
    [words.licence, dataset.licence],
  ];
  return (
    <ResultsSection id="run" title={words.title}>
      <p>{words.lead}</p>
      <FactList facts={facts} />
      <RunFiles run={run} />
    </ResultsSection>
  );
}

function RunFiles({ run: { id, manifest } }: { run: OpenRun }) {
  const words = factsMessages();
  const { files, name } = manifest;
  const report = files.find(({ path }) => path === 'report/index.html');
  return (
    <div class="stack">
      <h3>{words.files}</h3>
      <p class="quiet">{words.filesLead}</p>
      <div class="row">
        {report !== undefined && (
          // Shown from here it would lack its styles, which our policy of content forbids within a page.
          <a
            class="button"
            href={apiPaths.file(id, report.path, report.sha256)}
            download={`narrows-${name}-report.html`}
            title={words.reportHint}
          >
            {words.report(formatBytes(report.sizeBytes))}
          </a>
        )}
        <a
          class="button"
          href={apiPaths.run(id)}
          download={`narrows-${name}-run.json`}
          title={words.manifestHint}
        >
          {words.manifest}
        </a>
      </div>
      <details>
        <summary>{words.show(formatCount(files.length))}</summary>
        <ScrollRegion label={words.filesTable}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.path}</th>
                <th scope="col" class="number">
                  {words.bytes}
                </th>
                <th scope="col">{words.sha256}</th>
              </tr>
            </thead>
            <tbody>
              {files.map(({ path, sizeBytes, sha256 }) => (
                <tr key={path}>
                  <th scope="row">
                    <a href={apiPaths.file(id, path, sha256)} download={path.split('/').join('-')}>
                      {path}
                    </a>
                  </th>
                  <td class="number">{formatBytes(sizeBytes)}</td>
                  <td>
                    <code>{sha256}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </div>
  );
}

/** A flag as a shell takes it. */
function quoted(flag: string): string {
  return /^[\w@%+=:,./-]+$/.test(flag) ? flag : `'${flag.replaceAll("'", `'\\''`)}'`;
}
