import { expect, test } from 'vitest';
import { escapeHtml, html, trustedHtml } from './html.ts';

test('text and numbers are escaped, HTML is not, lists are joined', () => {
  const name = `<b a="1">&'`;
  expect(html`<i title="${name}">${name} ${3}</i>`.html).toBe(
    `<i title="&lt;b a=&quot;1&quot;&gt;&amp;'">&lt;b a=&quot;1&quot;&gt;&amp;' 3</i>`,
  );
  expect(html`${['<', '>'].map((item) => html`<b>${item}</b>`)}`.html).toBe('<b>&lt;</b><b>&gt;</b>');
  expect(html`${trustedHtml('<svg/>')}${['a', ['b', html`<i>c</i>`]]}`.html).toBe('<svg/>ab<i>c</i>');
});

test('what was escaped is escaped again where it is text again', () => {
  expect(escapeHtml(escapeHtml('<'))).toBe('&amp;lt;');
});
