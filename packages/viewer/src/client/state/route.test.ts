import { expect, test, vi } from 'vitest';

// The module reads the browser's address when it is loaded.
vi.stubGlobal('location', { pathname: '/', search: '' });
vi.stubGlobal('addEventListener', () => undefined);
const routes = await import('./route.ts');

test.each([
  ['/', 'draw'],
  ['/latent', 'latent'],
  ['/latent/', 'latent'],
  ['/nowhere', 'unknown'],
])('%s is the view %s', (pathname, view) => {
  expect(routes.parseRoute({ pathname, search: '' }).view).toBe(view);
});

test('another view keeps run, codecs and image, and nothing that belongs to one view', () => {
  const at = routes.parseRoute({ pathname: '/widths', search: '?run=~study&width=8&test=5' });
  expect(routes.viewAddress('latent', at)).toBe('/latent?run=~study&test=5');
  expect(routes.viewAddress('draw', at)).toBe('/?run=~study&test=5');
});
