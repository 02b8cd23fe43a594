import { defineMessages } from '../i18n/define-messages.ts';
import { formatPercent, formatSeconds } from '../i18n/number-format.ts';

const progressMessages = defineMessages({
  en: { left: (time: string) => `${time} left` },
  el: { left: (time: string) => `απομένουν ${time}` },
});

/** How far long work is: a bar, the share, and the time left where there is telling. */
export function ProgressBar({
  label,
  fraction,
  etaSeconds,
}: {
  label: string;
  /** From 0 to 1. */
  fraction: number;
  etaSeconds: number | undefined;
}) {
  const text = [
    formatPercent(fraction, 0),
    ...(etaSeconds === undefined ? [] : [progressMessages().left(formatSeconds(etaSeconds))]),
  ].join(', ');
  return (
    <div class="progress">
      <div class="slider-head">
        <span>{label}</span>
        <span class="quiet">{text}</span>
      </div>
      <div
        class="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * fraction)}
        aria-valuetext={text}
      >
        <i ref={(bar) => bar?.style.setProperty('width', `${100 * fraction}%`)} />
      </div>
    </div>
  );
}
