import { LineCounter, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import type { GivenValue } from './check-value.ts';
import { nearestName } from './nearest-name.ts';
import { trainOptionList, type OptionKey } from './train-schema.ts';
import { usageError } from './usage-error.ts';

/**
 * Reads a config file's text: YAML 1.2, of which JSON is a part, with one mapping from options to values. Keys are
 * spelled as in the code (`batchSize`); a list may be a list or a text with commas.
 *
 * @param path names the file in errors.
 * @throws ExpectedError (exit code 2) for text that is no YAML, no mapping, or has a key twice or an unknown one.
 */
export function readConfig(text: string, path: string): Map<OptionKey, GivenValue> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineAt = (offset: number): string => `line ${lineCounter.linePos(offset).line}`;

  const problem = [...document.errors, ...document.warnings].at(0);
  if (problem !== undefined) {
    throw usageError(
      `Cannot read the config file "${path}": it must be YAML or JSON, and ${lineAt(problem.pos[0])} is not: ` +
        `${problem.message.replaceAll(/\s+/g, ' ')}: correct that line.`,
    );
  }
  visit(document, {
    // An alias could make a value that contains itself, and no option is long enough to want one.
    Alias: (_, { source, range }) => {
      throw usageError(
        `Cannot read the config file "${path}": it may not use aliases, ${lineAt(range?.[0] ?? 0)} has "*${source}": ` +
          'write the value out.',
      );
    },
  });
  const { contents } = document;
  if (!isMap(contents)) {
    const found = contents === null ? 'nothing' : isScalar(contents) ? 'a single value' : 'a list';
    throw usageError(
      `Cannot read the config file "${path}": it must hold options with their values, this one holds ${found}: ` +
        'write lines such as "epochs: 20".',
    );
  }

  const options = new Map<string, (typeof trainOptionList)[number]>(
    trainOptionList.map((option) => [option.key, option]),
  );
  const given = new Map<OptionKey, GivenValue>();
  for (const { key: keyNode, value: valueNode } of contents.items) {
    const key = isScalar(keyNode) ? String(keyNode.value) : String(keyNode);
    const line = lineAt(keyNode.range[0]);
    const option = options.get(key);
    if (option === undefined) throw unknownKey(key, `"${path}", ${line}`);
    const value: unknown = isNode(valueNode) ? valueNode.toJS(document) : null;
    given.set(option.key, {
      value:
        option.kind === 'list' && typeof value === 'string'
          ? value.split(',').map((item) => item.trim())
          : value,
      name: `"${key}" ("${path}", ${line})`,
      spell: (example) => `${key}: ${example}`,
    });
  }
  return given;
}

function unknownKey(key: string, place: string): Error {
  const keys = trainOptionList.map((option) => option.key);
  const nearest = nearestName(
    key.replaceAll(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    keys,
  );
  const fix = nearest === undefined ? `the options are ${keys.join(', ')}.` : `did you mean "${nearest}"?`;
  return usageError(`Cannot use "${key}" (${place}): train has no such option: ${fix}`);
}
