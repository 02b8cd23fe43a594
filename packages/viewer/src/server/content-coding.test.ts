import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseCoding } from './content-coding.ts';

const both = { hasBrotli: true, hasIdentity: true };

describe('Accept-Encoding', () => {
  test.each<[string | undefined, ReturnType<typeof chooseCoding>]>([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['BR', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'identity'],
    ['*', 'br'],
    ['br;q=0', 'identity'],
    ['br; q=0.000', 'identity'],
    ['br;Q=0', 'identity'],
    ['br;q=0, *', 'identity'],
    ['*, br;q=0', 'identity'],
    ['identity', 'identity'],
    ['identity;q=0.5, br;q=0.5', 'br'],
    ['identity;q=0.5, br;q=0.4', 'identity'],
    ['br;q=0.001', 'br'],
    ['identity;q=0', 'none'],
    ['identity;q=0, br', 'br'],
    ['*;q=0', 'none'],
    ['identity;q=0, br;q=0', 'none'],
    ['gzip;q=1, *;q=0', 'none'],
    ['br;q=2', 'identity'],
    ['br;q=-1', 'identity'],
    ['br;q=0.0001', 'identity'],
    ['brotli, xbr, br2', 'identity'],
    ['br extra', 'identity'],
    [',, br ,', 'br'],
  ])('%s: %s', (header, coding) => {
    expect(chooseCoding(header, both)).toBe(coding);
  });

  test.each([undefined, '', 'gzip', 'identity', 'br;q=0'])(
    'of a file that is compressed only, %s is given nothing',
    (header) => {
      expect(chooseCoding(header, { ...both, hasIdentity: false })).toBe('none');
    },
  );

  test.each(['br', '*', 'identity, br;q=0.1'])(
    'of a file that is compressed only, %s is given that',
    (header) => {
      expect(chooseCoding(header, { ...both, hasIdentity: false })).toBe('br');
    },
  );

  test('without a compressed form brotli never is the answer', () => {
    const piece = fc.oneof(
      fc.constantFrom('br', 'gzip', 'identity', '*', ';', 'q', '=', ',', ' ', '0', '1', '0.5', '1.000', '0.'),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (header) => {
          expect(chooseCoding(header, { ...both, hasBrotli: false })).not.toBe('br');
          expect(['br', 'identity', 'none']).toContain(chooseCoding(header, both));
        },
      ),
    );
  });

  test('a coding of no weight is never the answer, whatever stands beside it', () => {
    const others = fc.array(
      fc.constantFrom('gzip', 'deflate;q=0.5', '*;q=1', '*', 'zstd;q=0', 'identity;q=0.1'),
    );
    fc.assert(
      fc.property(others, others, (before, after) => {
        expect(chooseCoding([...before, 'br;q=0', ...after].join(', '), both)).not.toBe('br');
      }),
    );
  });
});
