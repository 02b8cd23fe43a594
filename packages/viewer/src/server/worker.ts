/**
 * The server on workerd, such as Cloudflare's: the page and the demos from a binding `ASSETS` to the folder `dist`. There
 * is no disk, so there are no runs of the visitor's.
 *
 * The assets need `html_handling: 'none'` and `not_found_handling: 'none'`: else what stands before the files would answer
 * for the page and for what isn't there by rules of its own. Files of more than 25 MiB, which Cloudflare doesn't take, are
 * given away compressed only, as browsers ask for them.
 */
import { builtAssetsSchema, largestCloudflareBytes } from '../contract/built-assets.ts';
import { createApp } from './app.ts';
import { builtTree, type ReadBuilt } from './built-tree.ts';
import { UnreadableFile } from './server-io.ts';

/** What the worker is given. */
interface WorkerEnvironment {
  readonly ASSETS: { readonly fetch: (address: string) => Promise<Response> };
}

type Fetch = (request: Request) => Response | Promise<Response>;

/** The app, once it is made: the environment is the same for all requests. */
let ready: Promise<Fetch> | undefined;

export default {
  async fetch(request: Request, { ASSETS }: WorkerEnvironment): Promise<Response> {
    ready ??= open(ASSETS).catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    const fetch = await ready;
    return asItIs(await fetch(request));
  },
};

async function open(assets: WorkerEnvironment['ASSETS']): Promise<Fetch> {
  const list: unknown = await (await get(assets, 'assets.json')).json();
  const built = builtAssetsSchema.parse(list).assets;
  const readBuilt: ReadBuilt = async (path, sizeBytes, { range }) => {
    const content = new Uint8Array(await (await get(assets, path)).arrayBuffer());
    if (content.length !== sizeBytes) {
      throw new UnreadableFile(
        `Cannot give "${path}": it must have ${sizeBytes} bytes, not ${content.length}. Deploy again.`,
      );
    }
    return range === undefined ? content : content.subarray(range.start, range.end + 1);
  };
  const options = { readBuilt, largestPlainBytes: largestCloudflareBytes };
  const app = createApp({
    client: builtTree(built, 'client', options),
    demo: builtTree(built, 'demo', options),
    runs: undefined,
    allowsHost: () => true,
    now: Date.now,
    closing: new AbortController().signal,
    report: (error) => {
      // eslint-disable-next-line no-console -- the platform keeps what is written here; there is nowhere else
      console.error(error);
    },
  });
  return (request) => app.fetch(request);
}

async function get(assets: WorkerEnvironment['ASSETS'], path: string): Promise<Response> {
  const answer = await assets.fetch(`https://assets.invalid/${path}`);
  if (!answer.ok)
    throw new UnreadableFile(`Cannot give "${path}": it isn't there (${answer.status}). Deploy again.`);
  return answer;
}

/** Tells the platform that a body is compressed already; else it would do so once more. */
function asItIs(answer: Response): Response {
  if (!answer.headers.has('Content-Encoding')) return answer;
  const { status, headers, body } = answer;
  return new Response(body, { status, headers, encodeBody: 'manual' } as ResponseInit);
}
