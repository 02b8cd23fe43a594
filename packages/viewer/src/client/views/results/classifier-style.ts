import { seriesStyle, type SeriesStyle } from '@narrows/shared';

/** How the classifier at this place is drawn: in the text's colour, for the colours are the codecs'. */
export function classifierStyle(index: number): SeriesStyle {
  return { colour: 'var(--ink)', symbol: seriesStyle(index).symbol };
}
