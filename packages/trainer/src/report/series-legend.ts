import { dot } from '@observablehq/plot';
import { chart } from './chart.ts';
import { html, type Html } from './html.ts';
import type { SeriesStyle } from '@narrows/shared';

/** What a symbol in a chart stands for. */
export interface LegendEntry {
  readonly name: string;
  readonly style: SeriesStyle;
  /** Drawn as an outline. */
  readonly hollow?: boolean;
}

/** The symbols of a chart with their names. */
export function seriesLegend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend">
    ${entries.map((entry) => html`<li>${seriesMark(entry)}${entry.name}</li>`)}
  </ul>`;
}

/** A codec's symbol as it is in charts, for a place beside its name. */
export function seriesMark({ style, hollow = false }: Omit<LegendEntry, 'name'>): Html {
  return chart({
    ariaLabel: null,
    width: 14,
    height: 14,
    margin: 0,
    x: { axis: null, domain: [-1, 1] },
    y: { axis: null, domain: [-1, 1] },
    marks: [
      dot([[0, 0]], {
        symbol: style.symbol,
        r: 4.5,
        stroke: style.colour,
        fill: hollow ? 'var(--ground)' : style.colour,
      }),
    ],
  });
}
