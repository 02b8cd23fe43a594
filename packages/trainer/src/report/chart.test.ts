import { dot, text } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { chart, responsiveChart } from './chart.ts';
import { html } from './html.ts';
import { placeLabels } from './place-labels.ts';
import { seriesStyle } from '@narrows/shared';
import { seriesLegend } from './series-legend.ts';

function parse(content: { html: string }): Document {
  return parseHTML(`<!doctype html><html><body>${content.html}</body></html>`).document;
}

test('a chart says what it shows, has no style of its own, and keeps the page’s colours', () => {
  const drawn = chart({
    ariaLabel: 'Two <dots>',
    width: 200,
    height: 100,
    marks: [dot([{ x: 0.1234567, y: 1 }], { x: 'x', y: 'y', fill: 'var(--series-0)' })],
  });
  const svg = parse(drawn).querySelector('svg')!;
  expect(svg.getAttribute('aria-label')).toBe('Two <dots>');
  expect(svg.getAttribute('role')).toBe('img');
  expect(svg.getAttribute('viewBox')).toBe('0 0 200 100');
  expect(svg.querySelector('style')).toBeNull();
  expect(drawn.html).toContain('fill="var(--series-0)"');
});

test('places are rounded, labels are not', () => {
  const drawn = chart({
    ariaLabel: null,
    width: 200,
    height: 100,
    x: { domain: [0, 3] },
    marks: [text([1], { x: (x: number) => x, text: () => '0.1234567' })],
  });
  expect(drawn.html).toContain('>0.1234567<');
  expect(drawn.html.replaceAll('0.1234567', '')).not.toMatch(/"[^"]*\.\d{3,}[^"]*"/);
  expect(parse(drawn).querySelector('svg')!.getAttribute('aria-hidden')).toBe('true');
});

test('a chart is drawn for wide and for narrow screens', () => {
  const widths: number[] = [];
  const { document } = parseHTML(
    responsiveChart((width) => {
      widths.push(width);
      return html`<p>${width}</p>`;
    }).html,
  );
  expect(document.querySelector('.when-wide p')!.textContent).toBe(String(widths[0]));
  expect(document.querySelector('.when-narrow p')!.textContent).toBe(String(widths[1]));
  expect(widths[1]).toBeLessThan(360);
});

test('a legend names each symbol', () => {
  const legend = parse(
    seriesLegend([
      { name: '<a>', style: seriesStyle(0) },
      { name: 'b', style: seriesStyle(1), hollow: true },
    ]),
  );
  expect([...legend.querySelectorAll('li')].map((item) => item.textContent.trim())).toEqual(['<a>', 'b']);
  expect(legend.body.innerHTML).toContain('fill="var(--series-0)"');
  expect(legend.body.innerHTML).toContain('stroke="var(--series-1)"');
});

test('labels of close dots do not cover each other', () => {
  const points = [
    { x: 1, y: 1, name: 'first' },
    { x: 1.05, y: 1, name: 'second' },
    { x: 9.9, y: 5, name: 'third' },
  ];
  const options = {
    width: 400,
    height: 300,
    marginLeft: 40,
    marginRight: 20,
    x: { domain: [0, 10] },
    y: { domain: [0, 10] },
  };
  const marks = placeLabels(points, options, { x: ({ x }) => x, y: ({ y }) => y, text: ({ name }) => name });
  const drawn = parse(chart({ ...options, ariaLabel: 'labels', marks }));
  const labels = [...drawn.querySelectorAll('[aria-label=text]')].map((group) => {
    const [, dx = 0, dy = 0] =
      /translate\(([-\d.]+),([-\d.]+)\)/.exec(group.getAttribute('transform') ?? '') ?? [];
    const place = group.querySelector('text')!;
    const [, x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(place.getAttribute('transform')!)!;
    return {
      name: place.textContent,
      anchor: group.getAttribute('text-anchor'),
      x: Number(x) + Number(dx),
      y: Number(y) + Number(dy),
    };
  });
  expect(labels.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  const boxes = labels.map(({ name, anchor, x, y }) => {
    const width = 7 * name.length;
    return { left: anchor === 'end' ? x - width : x, right: anchor === 'end' ? x : x + width, y };
  });
  for (const [i, a] of boxes.entries()) {
    expect(a.left).toBeGreaterThanOrEqual(0);
    expect(a.right).toBeLessThanOrEqual(400);
    for (const b of boxes.slice(i + 1)) {
      expect(a.right <= b.left || b.right <= a.left || Math.abs(a.y - b.y) >= 15).toBe(true);
    }
  }
});
