import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';

type Axe = typeof axe;

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules of WCAG 2.0 to 2.2, levels A and AA, and what axe holds for good practice beyond them. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Lets axe look at the page as it is.
 * @returns each violation as `RULE: what it says (element, …)`; none where all is well.
 */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // The content policy lets no script in by a tag; the debugger's evaluation is not subject to it.
  await page.evaluate(source);
  const violations = await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    });
    return violations;
  }, tags);
  return violations.map(describeViolation);
}

function describeViolation({ id, help, nodes }: axe.Result): string {
  const elements = nodes.slice(0, 5).map(({ html, any }) => {
    const detail = any.at(0)?.message;
    return detail === undefined ? html.slice(0, 160) : `${html.slice(0, 160)}: ${detail}`;
  });
  return `${id}: ${help} (${elements.join(', ')}${nodes.length > 5 ? `, and ${nodes.length - 5} more` : ''})`;
}
