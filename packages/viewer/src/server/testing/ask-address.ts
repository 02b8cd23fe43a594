import { request } from 'node:http';
import type { Ask } from './behaviours.ts';

/**
 * Asks a server that listens, each time on a connection of its own, with the path just as it is told: `fetch` would clean
 * it up.
 *
 * @param origin such as `http://127.0.0.1:4317`
 */
export function askAddress(origin: string): Ask {
  const { hostname, port } = new URL(origin);
  return ({ path, method = 'GET', headers = {} }) =>
    new Promise((resolve, reject) => {
      const asking = request({ hostname, port, path, method, headers, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({
            status: answer.statusCode!,
            headers: new Headers(answer.headers as Record<string, string>),
            body: Buffer.concat(chunks),
          });
        });
      });
      asking.on('error', reject);
      asking.end();
    });
}
