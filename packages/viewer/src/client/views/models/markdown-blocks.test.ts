import { expect, test } from 'vitest';
import { parseMarkdown } from './markdown-blocks.ts';

test('blocks of a card: headings, lines, lists, tables and code, each to its end', () => {
  const card = [
    '# PCA',
    '',
    '*A card*, of `pca-8`',
    '',
    '- **Kind:** principal components',
    '- **Sizes:** latent 8',
    '',
    '| file | images |',
    '| --- | ---: |',
    '| `a.onnx` | 1 |',
    '| b \\| c | 2 |',
    '```js',
    'const a = [1];',
    '',
    '- no list',
    '```',
    'The end',
  ].join('\n');
  const text = (content: string) => ({ kind: 'text', text: content });
  expect(parseMarkdown(card)).toEqual([
    { kind: 'heading', level: 1, content: [text('PCA')] },
    {
      kind: 'paragraph',
      content: [{ kind: 'emphasis', text: 'A card' }, text(', of '), { kind: 'code', text: 'pca-8' }],
    },
    {
      kind: 'list',
      items: [
        [{ kind: 'strong', text: 'Kind:' }, text(' principal components')],
        [{ kind: 'strong', text: 'Sizes:' }, text(' latent 8')],
      ],
    },
    {
      kind: 'table',
      head: [[text('file')], [text('images')]],
      isNumeric: [false, true],
      rows: [
        [[{ kind: 'code', text: 'a.onnx' }], [text('1')]],
        [[text('b | c')], [text('2')]],
      ],
    },
    { kind: 'code', text: 'const a = [1];\n\n- no list' },
    { kind: 'paragraph', content: [text('The end')] },
  ]);
});

test('signs after a backslash are text', () => {
  expect(parseMarkdown('float32 \\[N, 28\\] \\*not\\* *so \\* is*')).toEqual([
    {
      kind: 'paragraph',
      content: [
        { kind: 'text', text: 'float32 [N, 28] *not* ' },
        { kind: 'emphasis', text: 'so * is' },
      ],
    },
  ]);
});

test('code without an end goes to the end of the text', () => {
  expect(parseMarkdown('```\nx\ny')).toEqual([{ kind: 'code', text: 'x\ny' }]);
});

test('what looks like HTML stays text', () => {
  expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
    { kind: 'paragraph', content: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] },
  ]);
});
