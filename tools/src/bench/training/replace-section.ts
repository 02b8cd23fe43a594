/**
 * Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`, each on a line of its own.
 * @throws RangeError if the text hasn't both, one after the other.
 */
export function replaceSection(text: string, { name, content }: { name: string; content: string }): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new RangeError(
      `Cannot write a section: the text needs the lines "${start}" and "${end}", and it lacks one: put them around the place.`,
    );
  }
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
