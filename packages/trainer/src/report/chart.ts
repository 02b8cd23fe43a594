import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, trustedHtml, type Html } from './html.ts';

/** A chart: what Plot takes, and what is said to those who can't see it; `null` for what only decorates a name. */
export interface ChartOptions extends PlotOptions {
  readonly ariaLabel: string | null;
}

/**
 * Draws a chart as inline SVG. Its colours may be the page's variables (`var(--series-0)`), text and axes are of the
 * current colour, so that it follows the page from light to dark.
 *
 * Legends and titles belong around it: Plot's own would come with a style of their own.
 */
export function chart({ ariaLabel, ...options }: ChartOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({
    ...options,
    document,
    style: { fontSize: '12px', fontFamily: 'inherit' },
  });
  svg.querySelector('style')?.remove();
  svg.setAttribute('class', 'chart');
  if (ariaLabel === null) svg.setAttribute('aria-hidden', 'true');
  else {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', ariaLabel);
  }
  for (const element of [svg, ...svg.querySelectorAll('*')]) roundGeometry(element);
  return trustedHtml(svg.outerHTML);
}

/** Draws a chart twice, for wide and for narrow screens, of which the page shows the one that fits. */
export function responsiveChart(draw: (width: number) => Html): Html {
  return html`<div class="when-wide">${draw(wideChart)}</div>
    <div class="when-narrow">${draw(narrowChart)}</div>`;
}

/** Widths in px of charts for wide and for narrow screens, such as phones of 360 px and more. */
const wideChart = 820;
const narrowChart = 330;

const geometry = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height'];

/** Hundredths of a pixel are plenty, and half of the bytes. */
function roundGeometry(element: Element): void {
  for (const name of geometry) {
    const value = element.getAttribute(name);
    if (value?.includes('.') === true) {
      element.setAttribute(
        name,
        value.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (number) => String(Math.round(100 * Number(number)) / 100)),
      );
    }
  }
}
