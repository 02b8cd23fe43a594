import { expect, it } from 'vitest';
import { parseBenchDocument } from './bench-document.ts';
import { sittingOf, stepsOf } from './testing/made-up-sitting.ts';

const sitting = sittingOf(stepsOf('narrows', 1), stepsOf('pytorch', 'not there'));

it('reads what it wrote', () => {
  expect(parseBenchDocument(JSON.stringify(sitting), 'training.json')).toEqual(sitting);
});

it('says where a file is wrong', () => {
  const broken = JSON.stringify(sitting).replace('"cores":2', '"cores":"two"');
  expect(() => parseBenchDocument(broken, 'training.json')).toThrow(
    /Cannot read "training.json" as a bench's results: machine.cores: /,
  );
});

it('says what is no results at all', () => {
  expect(() => parseBenchDocument('{"format":2', 'training.json')).toThrow(
    /^Cannot read "training.json" as a bench's results: it is no JSON: make it anew by/,
  );
});
