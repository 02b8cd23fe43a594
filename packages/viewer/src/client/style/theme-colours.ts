import { seriesOnDark, seriesOnLight } from '@narrows/shared';

/**
 * Sets the colours of the series, `--series-0` and so on, as variables of the page, for light and dark ground alike. They
 * are shared with the report, so that a codec has one colour everywhere.
 */
export function setSeriesColours(root: HTMLElement): void {
  seriesOnLight.forEach((onLight, i) => {
    root.style.setProperty(`--series-${i}`, `light-dark(${onLight}, ${seriesOnDark[i]})`);
  });
}
