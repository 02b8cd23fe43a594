/** A message of a stream of server-sent events. */
export interface ServerEvent {
  readonly event?: string;
  readonly retryMs?: number;
  readonly data?: unknown;
  /** It is only a sign of life. */
  readonly isComment?: boolean;
}

/** Reads one after the other. */
export interface EventReader {
  /** @throws Error where the stream ends instead. */
  readonly next: () => Promise<ServerEvent>;
  /** Waits for the end of the stream. */
  readonly end: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

/** Reads a stream of server-sent events whose data are JSON. */
export function readEvents(stream: ReadableStream<Uint8Array>): EventReader {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let isOver = false;

  async function readMore(): Promise<void> {
    const { done, value } = await reader.read();
    isOver = done;
    text += decoder.decode(value, { stream: !done });
  }

  return {
    async next() {
      while (!text.includes('\n\n')) {
        if (isOver) throw new Error('The stream has ended.');
        await readMore();
      }
      const end = text.indexOf('\n\n');
      const message = text.slice(0, end);
      text = text.slice(end + 2);
      return parseMessage(message);
    },
    async end() {
      while (!isOver) await readMore();
    },
    leave: () => reader.cancel(),
  };
}

function parseMessage(message: string): ServerEvent {
  const fields = new Map(
    message.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const [event, retry, data] = [fields.get('event'), fields.get('retry'), fields.get('data')];
  return {
    ...(event === undefined ? {} : { event }),
    ...(retry === undefined ? {} : { retryMs: Number(retry) }),
    ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
    ...(fields.has('') ? { isComment: true } : {}),
  };
}
