import type { Catalogue } from '../contract/api.ts';

/** Streams of server-sent events about runs, fed by one look at the folders for all of them. */
export interface LiveFeed {
  /**
   * Begins a stream: the catalogue and the progress of every live run at once, then whatever changes.
   *
   * @returns `undefined` where there are as many streams as are allowed.
   */
  readonly connect: () => ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
}

/** How long a look at the folders holds. */
const lookEveryMs = 1000;
/** Something must be said now and then, or proxies take the connection for dead. */
const heartbeatEveryMs = 15_000;
/** When a browser whose stream has ended asks for another. */
const retryMs = 2000;
const mostListeners = 32;
/** Events that wait for a reader who doesn't read; then its stream ends, and it may ask for another. */
const mostWaiting = 64;

/** A stream that somebody listens to. */
interface Listener {
  readonly stream: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** What it was told last, by the key of the news. */
  told: ReadonlyMap<string, string>;
  saidAtMs: number;
}

/** Something to tell. */
interface News {
  /** What it is about; of the same key only the latest counts. */
  readonly key: string;
  /** Differs from that of the last news of this key if there is something new to tell. */
  readonly state: string;
  readonly event: string;
}

/**
 * Makes streams of the events `catalogue` and `progress`, see the contract's `/api/live`.
 *
 * The folders are looked at only while somebody listens.
 *
 * @param options.catalogue what to tell
 * @param options.closing ends all streams
 * @param options.report is told why a look at the folders failed; the next comes as ever
 */
export function createLiveFeed({
  catalogue,
  closing,
  report,
}: {
  readonly catalogue: () => Promise<Catalogue>;
  readonly closing: AbortSignal;
  readonly report: (error: unknown) => void;
}): LiveFeed {
  const listeners = new Set<Listener>();
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLooking = false;

  function end(listener: Listener): void {
    if (listeners.delete(listener)) listener.stream.close();
  }

  function tell(listener: Listener, news: readonly News[]): void {
    const fresh = news.filter(({ key, state }) => listener.told.get(key) !== state);
    const isDue = performance.now() - listener.saidAtMs >= heartbeatEveryMs;
    if (fresh.length === 0 && !isDue) return;
    const text = fresh.length === 0 ? ': still here\n\n' : fresh.map(({ event }) => event).join('');
    listener.told = new Map(news.map(({ key, state }) => [key, state]));
    listener.saidAtMs = performance.now();
    listener.stream.enqueue(encoder.encode(text));
    if ((listener.stream.desiredSize ?? 0) <= -mostWaiting) end(listener);
  }

  /** Looks at the folders and tells what is new, again and again while somebody listens. */
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    clearTimeout(timer);
    try {
      const news = newsOf(await catalogue());
      for (const listener of listeners) tell(listener, news);
    } catch (error) {
      report(error);
    }
    isLooking = false;
    if (listeners.size > 0) timer = setTimeout(() => void look(), lookEveryMs);
  }

  closing.addEventListener('abort', () => {
    clearTimeout(timer);
    for (const listener of listeners) end(listener);
  });

  return {
    connect() {
      if (listeners.size >= mostListeners || closing.aborted) return undefined;
      let own: Listener;
      return new ReadableStream({
        start(stream) {
          own = { stream, told: new Map(), saidAtMs: 0 };
          listeners.add(own);
          stream.enqueue(encoder.encode(`retry: ${retryMs}\n\n`));
          void look();
        },
        cancel() {
          listeners.delete(own);
          if (listeners.size === 0) clearTimeout(timer);
        },
      });
    },
  };
}

function newsOf(catalogue: Catalogue): readonly News[] {
  const live = catalogue.live.map(({ id, state }) => ({ id, state }));
  return [
    // How far runs are is told by their own events.
    {
      key: 'catalogue',
      state: JSON.stringify({ ...catalogue, live }),
      event: eventText('catalogue', catalogue),
    },
    ...catalogue.live.map((run) => ({
      key: `progress ${run.id}`,
      state: JSON.stringify(run),
      event: eventText('progress', run),
    })),
  ];
}

/** JSON has no line breaks of its own, so one `data` line holds it. */
function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
