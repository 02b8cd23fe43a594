import { connect, createServer, type AddressInfo } from 'node:net';

/** A relay before a server, which counts what passes. */
export interface Traffic {
  /** Address to open instead of the server's. */
  readonly origin: string;
  /** Bytes that the server has sent so far, headers included: what goes over the wire. */
  receivedBytes(): number;
  /** Paths that were asked for so far, in order. */
  paths(): readonly string[];
  stop(): void;
}

/**
 * Puts a relay before a server on this machine. It sees the requests of pages, their workers and the service worker alike,
 * each of which a debugger would have to be attached to.
 */
export async function countTraffic(server: string): Promise<Traffic> {
  const { hostname, port } = new URL(server);
  const paths: string[] = [];
  let receivedBytes = 0;
  const relay = createServer((browser) => {
    const upstream = connect(Number(port), hostname);
    browser.on('data', (chunk) => {
      for (const [, path] of chunk.toString('latin1').matchAll(/^GET (\S+) HTTP\/1\.1\r$/gm))
        paths.push(path);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      receivedBytes += chunk.length;
      browser.write(chunk);
    });
    // A side that breaks off ends the other; what it asked for is not missed.
    for (const [one, other] of [
      [browser, upstream],
      [upstream, browser],
    ]) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    receivedBytes: () => receivedBytes,
    paths: () => paths,
    stop: () => {
      relay.close();
    },
  };
}
