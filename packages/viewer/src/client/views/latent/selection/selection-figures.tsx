import { useMemo } from 'preact/hooks';
import { formatCount, formatFixed, formatMse } from '../../../i18n/number-format.ts';
import { CodecName } from '../../../parts/codec-name.tsx';
import { codecStyle, type OpenRun } from '../../../state/run.ts';
import type { Figures } from '../../../worker/lab-api.ts';
import { selectionMessages } from './selection-messages.ts';
import { summariseSelection } from './summarise-selection.ts';

/** What the trainer measured of the images selected: how many of each class, and what each codec costs among them. */
export function SelectionFigures({
  run,
  of,
  colours,
  classifier,
  figures,
  labels,
  selection,
}: {
  run: OpenRun;
  /** The codec whose space is mapped, or `pixels`: its line stands out. */
  of: string;
  colours: readonly string[];
  classifier: string | undefined;
  figures: Figures;
  labels: Uint8Array;
  selection: readonly number[];
}) {
  const words = selectionMessages();
  const options = {
    labels,
    classCount: run.classNames.length,
    figures,
    classifier,
    codecs: run.codecs.map(({ id }) => id),
  };
  const here = useMemo(() => summariseSelection(selection, options), [selection, figures]);
  const all = useMemo(() => summariseSelection([...labels.keys()], options), [labels, figures]);
  const percent = (share: number | undefined): string =>
    share === undefined ? '–' : formatFixed(100 * share, 2);
  const most = Math.max(...here.perClass);
  return (
    <>
      <div class="stack">
        <h3>{words.perClass}</h3>
        <ul class="latent-counts">
          {here.perClass.map((count, label) => (
            <li key={label}>
              <span>{run.classNames[label]}</span>
              <span class="latent-count-bar" aria-hidden="true">
                <i
                  ref={(bar) => {
                    bar?.style.setProperty('width', `${(100 * count) / most}%`);
                    bar?.style.setProperty('background', colours[label]);
                  }}
                />
              </span>
              <span class="number">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label={words.figures}>
        <table>
          <caption>{words.figures}</caption>
          <thead>
            <tr>
              <th scope="col">{words.on}</th>
              <th scope="col" class="number">
                {words.recognised}
              </th>
              <th scope="col" class="number">
                {words.recognisedAll}
              </th>
              <th scope="col" class="number">
                {words.mse}
              </th>
              <th scope="col" class="number">
                {words.mseAll}
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{words.originals}</th>
              <td class="number">{percent(here.originals)}</td>
              <td class="number quiet">{percent(all.originals)}</td>
              <td class="number">–</td>
              <td class="number quiet">–</td>
            </tr>
            {run.codecs.map(({ id, title }, i) => (
              <tr key={id} class={id === of ? 'latent-own' : undefined}>
                <th scope="row">
                  <CodecName style={codecStyle(run, id)} title={title} />
                </th>
                <td class="number">{percent(here.codecs[i].recognised)}</td>
                <td class="number quiet">{percent(all.codecs[i].recognised)}</td>
                <td class="number">{formatMse(here.codecs[i].mse)}</td>
                <td class="number quiet">{formatMse(all.codecs[i].mse)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
