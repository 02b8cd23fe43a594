import type { ComponentChildren } from 'preact';
import type { RunModel } from '@narrows/shared';
import { apiPaths } from '../../../contract/api.ts';
import { formatBytes, formatCount, formatFixed, formatTick } from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { FactList } from '../../parts/fact-list.tsx';
import { SeriesMark } from '../../parts/codec-name.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { codecStyle, type OpenRun } from '../../state/run.ts';
import { CopyHash } from './copy-hash.tsx';
import { ModelCard } from './model-card.tsx';
import { modelsMessages } from './models-messages.ts';

/** A model of the run: what it is, its files, its card. */
export function ModelEntry({ run, model }: { run: OpenRun; model: RunModel }) {
  const words = modelsMessages();
  return (
    <article class="model-entry" aria-labelledby={`model-${model.id}`}>
      <div class="stack">
        <h3 id={`model-${model.id}`}>
          {model.kind !== 'classifier' && <SeriesMark style={codecStyle(run, model.id)} />} {model.title}
        </h3>
        <p class="quiet small">
          <code>{model.id}</code> · {words.kinds[model.kind]}
        </p>
        <Facts run={run} model={model} />
      </div>
      <Files run={run} model={model} />
      <ModelCard run={run} path={model.files.card} title={model.title} />
    </article>
  );
}

function Facts({ run, model }: { run: OpenRun; model: RunModel }) {
  const words = modelsMessages();
  const pixels = valuesPerImage(run);
  const { largestDifference, images } = model.exportCheck;
  const facts: [string, ComponentChildren][] = [
    // The trainer says it in English.
    [words.source, <span lang="en">{model.source}</span>],
    [words.parameters, formatCount(model.parameterCount)],
  ];
  if (model.kind === 'classifier') {
    const on = run.codecs.find(({ id }) => id === model.trainedOn);
    facts.push([words.trainedOn, on?.title ?? words.originals]);
  } else {
    const factor = pixels / model.latent;
    const text = words.compression(formatFixed(factor, factor < 100 ? 1 : 0));
    facts.push([words.latent, `${formatCount(model.latent)}, ${text}`]);
  }
  if (Object.keys(model.hyperparameters).length > 0) {
    facts.push([words.sizes, settingsText(model.hyperparameters)]);
  }
  facts.push(
    [words.weights, words.weightsText[model.weights]],
    [words.exported, words.exportedText(formatTick(largestDifference), formatCount(images))],
  );
  return <FactList facts={facts} />;
}

function settingsText(settings: RunModel['hyperparameters']): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      const values = Array.isArray(value) ? value : [value];
      return `${name} ${values.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(', ')}`;
    })
    .join('; ');
}

function Files({ run: { id, manifest }, model }: { run: OpenRun; model: RunModel }) {
  const words = modelsMessages();
  const files = Object.entries(model.files).map(([role, path]) => ({
    role: role as keyof typeof words.roles,
    file: manifest.files.find((file) => file.path === path)!,
  }));
  return (
    <ScrollRegion label={words.files(model.title)}>
      <table class="model-files">
        <thead>
          <tr>
            <th scope="col">{words.file}</th>
            <th scope="col" class="number">
              {words.size}
            </th>
            <th scope="col">{words.hash}</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ role, file: { path, sizeBytes, sha256 } }) => {
            const name = path.split('/').at(-1)!;
            return (
              <tr key={role}>
                <th scope="row">
                  <a href={apiPaths.file(id, path, sha256)} download={`${manifest.name}-${model.id}-${name}`}>
                    {name}
                  </a>
                  <span class="small quiet">{words.roles[role]}</span>
                </th>
                <td class="number">{formatBytes(sizeBytes)}</td>
                <td>
                  <CopyHash file={name} sha256={sha256} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
