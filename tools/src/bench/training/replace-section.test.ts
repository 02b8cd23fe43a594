import { expect, it } from 'vitest';
import { replaceSection } from './replace-section.ts';

const text = 'before\n\n<!-- bench -->\n\nold\n\n<!-- /bench -->\n\nafter\n';

it('replaces what is between the two comments and nothing else, however often', () => {
  const once = replaceSection(text, { name: 'bench', content: 'new\n' });
  expect(once).toBe('before\n\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\n\nafter\n');
  expect(replaceSection(once, { name: 'bench', content: 'new' })).toBe(once);
});

it.each(['nothing', '<!-- bench -->', '<!-- /bench --> <!-- bench -->'])(
  'refuses a text without a place: %s',
  (bad) => {
    expect(() => replaceSection(bad, { name: 'bench', content: '' })).toThrow(
      /needs the lines "<!-- bench -->"/,
    );
  },
);
