/** A piece of HTML that is well-formed and escaped: it goes into a page as it is. */
export interface Html {
  readonly html: string;
}

/** What an `html` template takes: text and numbers are escaped, HTML is not, of lists each item. */
export type HtmlPart = string | number | Html | readonly HtmlPart[];

/**
 * Puts HTML together: `` html`<b>${name}</b>` ``. What stands between `${` and `}` is text unless it is `Html` itself, so
 * a class called `<b>` can't become a tag. Attributes must be in double quotes.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { html: strings.reduce((before, text, i) => before + render(parts[i - 1]) + text) };
}

/** Takes text for HTML that was made elsewhere: a chart's SVG, a style sheet. */
export function trustedHtml(text: string): Html {
  return { html: text };
}

/** Text as it must stand in HTML, in an element or a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function render(part: HtmlPart): string {
  if (typeof part === 'object') return 'html' in part ? part.html : part.map(render).join('');
  return escapeHtml(String(part));
}
