import { seriesOnDark, seriesOnLight } from '@narrows/shared';
import { negativeColour, positiveColour } from './pixel-images.ts';

const series = (colours: readonly string[]): string =>
  colours.map((colour, i) => `--series-${i}: ${colour};`).join(' ');

const light = `--ground: #fdfdfb; --ink: #1c1e22; --quiet: #5b606a; --line: #dddcd6; --faint: #f2f1ec; --link: #2347c5; --wrong: #a8321c; --right: #1e6e4a; --heat: #e0620d; ${series(seriesOnLight)}`;
const dark = `--ground: #15171b; --ink: #e7e6e1; --quiet: #a5a9b2; --line: #383b42; --faint: #1e2126; --link: #9db4ff; --wrong: #ff9a80; --right: #7fd1a8; --heat: #d8661c; ${series(seriesOnDark)}`;

/** The report's style sheet. Charts and heat maps take their colours from its variables. */
export const pageStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.6 Charter, 'Bitstream Charter', 'Sitka Text', Cambria, 'Noto Serif', Georgia, serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem); line-height: 1.18; letter-spacing: -0.015em; font-weight: 600; margin: 0 0 1.5rem; text-wrap: balance; max-width: 24em; }
h2 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; font-weight: 600; margin: 4rem 0 1rem; text-wrap: balance; }
p { margin: 0 0 1rem; max-width: 40rem; text-wrap: pretty; }
a { color: var(--link); }
b { font-weight: 650; }
code { font-size: 0.86em; font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
header .run { margin: 0 0 0.75rem; color: var(--quiet); }
header > p:not(.run) { font-size: 1.1875rem; line-height: 1.55; }
nav, header .run, table, figure, .facts dt, .facts dd { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif; }
nav, table, figure, .facts { font-size: 0.875rem; line-height: 1.45; }
nav { max-width: 60rem; margin: 0 auto; padding: 1.25rem 1.25rem 0; }
nav p { margin: 0 0 0.25rem; font-weight: 650; }
nav ol { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; }
nav a { color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; }
.facts { margin: 2rem 0 0; padding: 1rem 0; border: solid var(--line); border-width: 1px 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 0.9rem 2rem; }
section .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); }
.facts dt { color: var(--quiet); font-size: 0.8125rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0 0 1.25rem; padding: 0.9rem 1.1rem; font-size: 0.9375rem; line-height: 1.35; background: var(--faint); overflow-x: auto; border-radius: 4px; max-height: 24rem; }
.scroll { overflow-x: auto; margin: 1.75rem 0 2rem; }
table { border-collapse: collapse; min-width: min(100%, 34rem); }
caption { text-align: left; padding: 0 0 0.6rem; caption-side: top; }
caption > span { display: block; position: sticky; left: 0; max-width: min(46rem, calc(100vw - 2.5rem)); }
caption, figcaption { color: var(--quiet); text-wrap: pretty; }
figcaption { max-width: 46rem; }
caption b, figcaption b { color: var(--ink); }
th, td { padding: 0.32rem 1.15rem 0.32rem 0; text-align: left; vertical-align: baseline; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr > :last-child { padding-right: 0.25rem; }
thead th { font-weight: 400; color: var(--quiet); border-bottom: 1px solid var(--ink); white-space: normal; vertical-align: bottom; line-height: 1.25; }
tbody th { font-weight: 400; }
td:not(.number) { white-space: normal; min-width: 9rem; text-wrap: balance; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.number { text-align: right; }
figure { margin: 2rem 0 2.75rem; }
figcaption { margin-top: 0.9rem; }
details { margin-top: 0.5rem; color: var(--quiet); }
details .scroll { margin: 0.75rem 0; color: var(--ink); }
summary { cursor: pointer; width: fit-content; }
summary:hover { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
svg.chart { display: block; max-width: 100%; height: auto; overflow: visible; }
svg.chart text { white-space: pre; }
svg.heat { display: block; width: 100%; height: auto; }
.when-narrow { display: none; }
.multiples { display: grid; gap: 1.75rem 1.5rem; }
.multiples > * { min-width: 0; }
.multiples h3, .strips h3, .cases h3, .cards h3 { font-size: 0.875rem; font-weight: 650; line-height: 1.35; margin: 0 0 0.4rem; }
.multiples h3 span, .strips h3 span, .cases h3 span, .cards h3 span { font-weight: 400; color: var(--quiet); font-variant-numeric: tabular-nums; }
.of-three { grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr)); }
.of-two { grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; margin: 0 0 0.8rem; padding: 0; list-style: none; align-items: center; }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.legend svg { flex: none; overflow: visible; }
.scale { display: flex; align-items: center; gap: 0.6rem; margin: 0.8rem 0 0; font-variant-numeric: tabular-nums; }
.scale i { width: 9rem; height: 0.7rem; border: 1px solid var(--line); background: linear-gradient(90deg, ${negativeColour}, transparent, ${positiveColour}); }
.scale.unsigned i { background: linear-gradient(90deg, transparent, ${positiveColour}); }
.pixels { display: block; height: auto; image-rendering: pixelated; }
.strips { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.85rem 1.1rem; align-items: center; }
.strips h3 { margin: 0; max-width: 11rem; }
.strips h3 svg, .cases h3 svg, .cards h3 svg, .multiples h3 svg { display: inline-block; vertical-align: -2px; margin-right: 0.35rem; }
.strips h3 span { display: block; }
.strips .pixels { width: 100%; }
.strips .pixels + .pixels { margin-top: 3px; }
.columns { display: grid; text-align: center; color: var(--quiet); overflow: hidden; }
.columns span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 0 1px; }
.cases { display: grid; gap: 1.4rem; }
.cases > div > div { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.8rem 1.6rem; }
.cases p { margin: 0.3rem 0 0; color: var(--quiet); font-variant-numeric: tabular-nums; line-height: 1.3; }
.cases .pixels { width: 100%; }
.cases .pixels + .pixels { margin-top: 3px; }
.cards { display: grid; gap: 1.4rem; }
.cards ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 0.9rem 0.75rem; grid-template-columns: repeat(auto-fill, minmax(4.5rem, 1fr)); }
.cards.pairs ul { grid-template-columns: repeat(auto-fill, minmax(6.4rem, 1fr)); }
.cards .pixels { width: 100%; max-width: 5.25rem; }
.cards.pairs .pixels { max-width: 8rem; }
.cards li > span { display: block; line-height: 1.3; margin-top: 0.25rem; font-variant-numeric: tabular-nums; font-size: 0.8125rem; }
.cards li > span + span { margin-top: 0; color: var(--quiet); }
.right { color: var(--right); }
.wrong { color: var(--wrong); font-weight: 650; }
.components { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 0.9rem 0.8rem; max-width: 52rem; }
.components .pixels { width: 100%; border: 1px solid var(--line); }
.components span { display: block; margin-top: 0.2rem; color: var(--quiet); font-size: 0.75rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.map { display: block; width: 100%; height: auto; }
.map text { font: 600 15px system-ui, sans-serif; fill: var(--ink); stroke: var(--ground); stroke-width: 4px; paint-order: stroke; stroke-linejoin: round; text-anchor: middle; dominant-baseline: central; }
@media screen and (min-width: 76rem) {
  body { display: grid; grid-template-columns: 13rem minmax(0, 60rem); justify-content: center; column-gap: 2rem; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 3.3rem 0 2rem 1.25rem; margin: 0; }
  nav ol { display: block; }
  nav li { margin: 0.4rem 0; line-height: 1.35; }
  main { margin: 0; width: 100%; }
}
@media screen and (max-width: 50rem) {
  main { padding-top: 2rem; }
  .when-wide { display: none; }
  .when-narrow { display: block; }
  .strips { grid-template-columns: minmax(0, 1fr); gap: 0.3rem; }
  .strips h3 { max-width: none; margin-top: 0.9rem; }
  .strips h3 span { display: inline; }
  .strips > :empty { display: none; }
  .components { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .cases > div > div { gap: 0.6rem 0.9rem; }
  .cards ul { grid-template-columns: repeat(auto-fill, minmax(4rem, 1fr)); }
  h2 { margin-top: 3rem; }
}
@media print {
  @page { margin: 17mm 16mm; }
  :root { color-scheme: light; ${light} --ground: #fff; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  /* All other sizes follow this one. */
  html { font-size: 8.6pt; }
  body { display: block; }
  main { max-width: none; padding: 0; }
  nav, details { display: none; }
  .when-wide { display: block; }
  .when-narrow { display: none; }
  .scroll { overflow: visible; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; }
  h2 { margin-top: 2rem; break-after: avoid; }
  figure, tr, .multiples > *, .cases > *, .cards > * { break-inside: avoid; }
  figure:has(.multiples, .cases, .cards) { break-inside: auto; }
  caption, figcaption { break-inside: avoid; }
  figcaption { break-before: avoid; }
  thead { display: table-header-group; }
}
`;
