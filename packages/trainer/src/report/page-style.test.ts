import { describe, expect, test } from 'vitest';
import { pageStyle } from './page-style.ts';
import { strongestHeat } from './sections/confusion-section.ts';
import { blend, contrast } from '@narrows/shared';

/** The variables of the first theme, light, and of the one for dark. */
const themes = [...pageStyle.matchAll(/:root \{ ([^}]*) \}/g)]
  .slice(0, 2)
  .map(([, text]) =>
    Object.fromEntries([...text.matchAll(/--([\w-]+): (#\w{6})/g)].map(([, name, value]) => [name, value])),
  );

describe.each([
  ['light', themes[0]],
  ['dark', themes[1]],
])('in the %s theme', (_, colours) => {
  test('text has the contrast that WCAG asks for', () => {
    for (const name of ['ink', 'quiet', 'link', 'wrong', 'right']) {
      expect(contrast(colours[name], colours['ground']), name).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(colours['ink'], colours['faint'])).toBeGreaterThanOrEqual(4.5);
  });

  test('counts can be read on the strongest heat, and on the grey of what is right', () => {
    const heat = blend(colours['heat'], colours['ground'], strongestHeat);
    expect(contrast(colours['ink'], heat)).toBeGreaterThanOrEqual(4.5);
    const grey = blend(colours['ink'], colours['ground'], 0.06);
    expect(contrast(colours['quiet'], grey)).toBeGreaterThanOrEqual(4.5);
  });

  test('series show as graphics', () => {
    for (let i = 0; i < 10; i++) {
      expect(contrast(colours[`series-${i}`], colours['ground'])).toBeGreaterThanOrEqual(3);
    }
  });
});

test('every variable that is used is set in both themes', () => {
  const used = new Set([...pageStyle.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name));
  expect(used.size).toBeGreaterThan(4);
  for (const colours of themes) expect(Object.keys(colours)).toEqual(expect.arrayContaining([...used]));
});
