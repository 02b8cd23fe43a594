import { signal } from '@preact/signals';
import { viewNames, viewPath, type ViewName } from '../../contract/api.ts';

/** Where the visitor is. Everything that a link should bring back is in `params`. */
export interface Route {
  readonly view: ViewName | 'unknown';
  readonly params: URLSearchParams;
}

/** Reads an address. */
export function parseRoute({ pathname, search }: { pathname: string; search: string }): Route {
  const path = pathname.replace(/\/+$/, '') || '/';
  const view = viewNames.find((known) => viewPath(known) === path) ?? 'unknown';
  return { view, params: new URLSearchParams(search) };
}

/** The address of a view with these parameters. */
export function routeAddress(view: ViewName, params: URLSearchParams): string {
  // Both may stand in a query as they are (RFC 3986, section 3.4), and are easier to read so.
  const query = params.toString().replaceAll('%7E', '~').replaceAll('%2C', ',');
  return viewPath(view) + (query === '' ? '' : `?${query}`);
}

/** Where the visitor is now. */
export const route = signal<Route>(parseRoute(location));

/** Parameters that hold for all views, and so go along with every step to another. */
const carried = ['run', 'codecs', 'test', 'ink'] as const;

/** The address of another view that keeps the run, the codecs and the image at hand. */
export function viewAddress(view: ViewName, { params } = route.value): string {
  const kept = new URLSearchParams();
  for (const name of carried) {
    const value = params.get(name);
    if (value !== null) kept.set(name, value);
  }
  return routeAddress(view, kept);
}

/** Goes to an address within the page, as a link would. */
export function navigate(address: string): void {
  finishWriting();
  history.pushState(null, '', address);
  route.value = parseRoute(location);
  scrollTo({ top: 0 });
}

/**
 * Sets parameters of the address in place, with no step in the history; `undefined` takes one away. What drags or types
 * calls it as often as it likes: browsers refuse more than some 100 changes in 10 s, so it waits for a moment's quiet.
 */
export function setParams(changes: Readonly<Record<string, string | undefined>>): void {
  const params = new URLSearchParams(route.value.params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) params.delete(name);
    else params.set(name, value);
  }
  if (params.toString() === route.value.params.toString()) return;
  route.value = { ...route.value, params };
  clearTimeout(writing);
  writing = setTimeout(writeAddress, 150);
}

let writing: ReturnType<typeof setTimeout> | undefined;

function writeAddress(): void {
  writing = undefined;
  const { view, params } = route.value;
  if (view !== 'unknown') history.replaceState(null, '', routeAddress(view, params));
}

/** Writes what still waits, before the visitor is elsewhere. */
function finishWriting(): void {
  if (writing === undefined) return;
  clearTimeout(writing);
  writeAddress();
}

addEventListener('pagehide', finishWriting);

addEventListener('popstate', () => {
  clearTimeout(writing);
  writing = undefined;
  route.value = parseRoute(location);
});
