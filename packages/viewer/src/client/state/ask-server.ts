import type { ApiError } from '../../contract/api.ts';

/**
 * Asks the server for JSON.
 * @throws Error of one line: the server's own where it gave one, else what happened.
 */
export async function askServer<Answer>(address: string): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new Error(`Cannot reach the server for ${address}: is it running?`, { cause: error });
  }
  if (response.ok) return (await response.json()) as Answer;
  const answer = (await response.json().catch(() => undefined)) as ApiError | undefined;
  throw new Error(answer?.error ?? `The server answers ${response.status} to ${address}.`);
}
