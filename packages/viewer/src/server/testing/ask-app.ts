import type { Hono } from 'hono';
import type { Ask } from './behaviours.ts';

/** Asks an app without a server. */
export function askApp(app: Hono): Ask {
  return async ({ path, method = 'GET', headers = {} }) => {
    const answer = await app.request(`http://localhost${path}`, { method, headers });
    return {
      status: answer.status,
      headers: answer.headers,
      body: Buffer.from(await answer.arrayBuffer()),
    };
  };
}
