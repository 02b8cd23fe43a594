import { Hono, type Context } from 'hono';
import { viewNames, viewPath, type ApiError } from '../contract/api.ts';
import { answerFile } from './answer-file.ts';
import { openCollections, type FoundCollection } from './collections.ts';
import { createLiveFeed } from './live-feed.ts';
import { mimeTypeOf } from './mime-type.ts';
import { notFoundPage } from './not-found-page.ts';
import { securityHeaders } from './security-headers.ts';
import { UnreadableFile, type ServerIo } from './server-io.ts';

const views: ReadonlySet<string> = new Set(viewNames.map(viewPath));

/**
 * The whole server but for its runtime: answers a web-standard `Request` by the contract in `src/contract/api.ts`.
 *
 * Nothing is given away but the files of the build and those that a run's manifest lists, each found by its exact name.
 * Only GET and HEAD are answered.
 *
 * @example
 * const app = createApp(io);
 * const answer = await app.request('/api/runs');
 */
export function createApp(io: ServerIo): Hono {
  const app = new Hono();
  const collections = openCollections(io);
  const liveFeed = createLiveFeed({ ...io, catalogue: collections.catalogue });

  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
    if (!['GET', 'HEAD'].includes(context.req.method)) {
      context.header('Allow', 'GET, HEAD');
      return refuse(context, 405, `Cannot ${context.req.method}: this server only answers GET and HEAD.`);
    }
    // A page elsewhere may point a name of its own at this machine, and so read what is meant for it alone.
    const { hostname } = new URL(context.req.url);
    if (!io.allowsHost(hostname)) {
      const remedy = `open it as localhost, or allow the name with --allow-host=${hostname}`;
      return refuse(context, 421, `Cannot answer for the host "${hostname}": ${remedy}.`);
    }
    return next();
  });

  app.get('/api/runs', async (context) => {
    context.header('Cache-Control', 'no-cache');
    return context.json(await collections.catalogue());
  });

  for (const kind of ['run', 'sweep'] as const) {
    app.get(`/api/${kind}s/:id`, async (context) => {
      const found = await collections.find(context.req.param('id'));
      if (found?.content.kind !== kind) return refuseCollection(context, kind, found);
      const { document, content } = found;
      return answerFile(context, document, {
        mimeType: mimeTypeOf(`${kind}.json`),
        sha256: content.sha256,
        isImmutable: false,
      });
    });
  }

  app.get('/api/runs/:id/files/:path{.+}', async (context) => {
    const { id, path } = context.req.param();
    const found = await collections.find(id);
    if (found?.content.kind !== 'run') return refuseCollection(context, 'run', found);
    const listed = found.content.files.get(path);
    if (listed === undefined) {
      return refuse(context, 404, `Cannot give "${oneLine(path)}": run.json of "${id}" lists no such file.`);
    }
    const { sha256, sizeBytes } = listed;
    const wanted = context.req.query('sha256');
    if (wanted !== undefined && wanted !== sha256) {
      return refuse(
        context,
        409,
        `Cannot give "${path}" as it was: the run "${id}" was made anew. Reload the page.`,
      );
    }
    const file = await found.findFile(path);
    if (file?.sizeBytes !== sizeBytes) {
      const is = file === undefined ? "isn't there" : `has ${file.sizeBytes} bytes`;
      throw new UnreadableFile(
        `Cannot give "${path}" of the run "${id}": it must have the ${sizeBytes} bytes that run.json says, and ${is}. ` +
          'Restore the file or train again.',
      );
    }
    // Runs may be of others: no file of theirs opens as a page of this server, or is a script to one.
    context.header('Content-Disposition', 'attachment');
    const type = mimeTypeOf(path);
    const mimeType = type.startsWith('text/javascript') ? 'text/plain; charset=utf-8' : type;
    return answerFile(context, file, { mimeType, sha256, isImmutable: wanted !== undefined });
  });

  app.get('/api/live', (context) => {
    // Without a disk nothing is made; this answer tells a browser not to ask again.
    if (io.runs === undefined) return context.body(null, 204);
    context.header('Content-Type', 'text/event-stream; charset=utf-8');
    context.header('Cache-Control', 'no-store');
    if (context.req.method === 'HEAD') return context.body(null);
    const events = liveFeed.connect();
    if (events === undefined) {
      context.header('Retry-After', '10');
      return refuse(
        context,
        503,
        'Cannot open another stream of events: there are as many as are allowed. Close a tab.',
      );
    }
    return context.body(events);
  });

  app.get('*', async (context) => {
    const { pathname } = new URL(context.req.url);
    const view = withoutLastSlashes(pathname) || '/';
    const path = views.has(view) ? 'index.html' : pathname.slice(1);
    const file = await io.client.find(path);
    if (file?.sha256 === undefined) return context.notFound();
    const { sha256, isImmutable = false } = file;
    return answerFile(context, file, { mimeType: mimeTypeOf(path), sha256, isImmutable });
  });

  app.notFound((context) => {
    const isPage =
      !context.req.path.startsWith('/api/') && /\btext\/html\b/.test(context.req.header('Accept') ?? '');
    if (isPage) return context.html(notFoundPage, 404, { 'Cache-Control': 'no-store' });
    return refuse(
      context,
      404,
      `Cannot find "${oneLine(context.req.path)}": there is nothing at this address.`,
    );
  });

  app.onError((error, context) => {
    if (error instanceof UnreadableFile) return refuse(context, 500, error.message);
    io.report(error);
    return refuse(
      context,
      500,
      'Cannot answer: something went wrong in the server, which tells more where it was started.',
    );
  });

  async function refuseCollection(
    context: Context,
    kind: 'run' | 'sweep',
    found: FoundCollection | undefined,
  ): Promise<Response> {
    if (found?.content.kind === 'problem') return refuse(context, 422, found.content.message);
    const catalogue = await collections.catalogue();
    const ids = (kind === 'run' ? catalogue.runs : catalogue.sweeps).map(({ id }) => id);
    const there = ids.length === 0 ? `there are no ${kind}s` : `there are ${ids.slice(0, 20).join(', ')}`;
    const more = ids.length > 20 ? ` and ${ids.length - 20} more` : '';
    return refuse(
      context,
      404,
      `Cannot show the ${kind} "${oneLine(context.req.param('id') ?? '')}": ${there}${more}.`,
    );
  }

  return app;
}

type ErrorStatus = 404 | 405 | 409 | 421 | 422 | 500 | 503;

function refuse(context: Context, status: ErrorStatus, error: string): Response {
  context.header('Cache-Control', 'no-store');
  return context.json({ error } satisfies ApiError, status);
}

/** By a loop: of a pattern, the time grows with the square of how many slashes somebody sends. */
function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** Words of the asker's as they may stand in a message. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 77)}...`;
}
