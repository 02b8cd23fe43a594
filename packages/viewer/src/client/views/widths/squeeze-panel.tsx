import type { ComponentChildren } from 'preact';
import { formatCount } from '../../i18n/number-format.ts';
import { Choice } from '../../parts/choice.tsx';
import { ClassifierChoice } from '../../parts/classifier-choice.tsx';
import { ErrorLegend } from '../../parts/error-map.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { TestImagePicker } from '../../parts/test-image-picker.tsx';
import { setParams, viewAddress } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import type { WidthFamily } from './width-families.ts';
import { WidthSlider } from './width-slider.tsx';
import { familyName, widthsMessages } from './widths-messages.ts';

export interface SqueezePanelProps {
  readonly run: OpenRun;
  readonly families: readonly WidthFamily[];
  readonly family: WidthFamily | undefined;
  readonly width: number;
  readonly widest: number;
  readonly pixels: number;
  readonly stops: readonly number[];
  readonly errors: readonly string[];
  readonly onWidth: (width: number) => void;
  /** The pictures that the slider moves. */
  readonly children: ComponentChildren;
  /** The charts that it moves a marker on. */
  readonly charts: ComponentChildren;
}

/** The slider with all that it moves, and the choice of the image. */
export function SqueezePanel(props: SqueezePanelProps) {
  const { run, families, family, width, widest, pixels, stops, errors, onWidth, children, charts } = props;
  const words = widthsMessages();
  const choices = families.filter(({ codecs }) => codecs.length > 1);
  return (
    <section class="panel" aria-label={words.width}>
      <WidthSlider {...{ width, widest, pixels, stops, onWidth }} hintId="widths-keys" />
      {family !== undefined && choices.length > 1 && (
        <Choice
          label={words.family}
          options={choices.map(({ form }) => ({ value: form, text: familyName(form) }))}
          value={family.form}
          onChoose={(form) => {
            setParams({ family: form });
          }}
        />
      )}
      {errors.length > 0 && (
        <Notice tone="error">
          <ul>
            {errors.map((error) => (
              <li key={error}>{error}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="widths-stage">
        <div class="widths-pictures">
          {children}
          <div class="widths-notes">
            <ErrorLegend />
            <p class="small quiet">{words.measures}</p>
          </div>
          <div class="row widths-image">
            <TestImagePicker run={run} />
            <ClassifierChoice run={run} />
            <PageLink href={viewAddress('draw')}>{words.draw}</PageLink>
          </div>
          <p class="small quiet widths-keys" id="widths-keys">
            {words.widthHint(formatCount(1), formatCount(widest))}
          </p>
        </div>
        {charts}
      </div>
    </section>
  );
}
