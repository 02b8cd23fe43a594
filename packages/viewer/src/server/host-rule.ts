/** Whether an address or name means this machine alone: `localhost`, `127.…`, `::1`, also in brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i.test(host);
}

/**
 * For which hosts to answer.
 *
 * A server that listens on this machine alone answers for it alone: else any page could have its own name point here (DNS
 * rebinding) and read the runs. One that listens for others answers for any name, or for those that are listed.
 *
 * @param listensOn the address that the server listens on
 * @param allowedHosts names that are answered for, beside this machine's
 * @returns the rule, for names as they are in an address without the port
 */
export function hostRule(listensOn: string, allowedHosts: readonly string[]): (hostname: string) => boolean {
  if (!isLoopback(listensOn) && allowedHosts.length === 0) return () => true;
  const allowed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  return (hostname) => isLoopback(hostname) || allowed.has(hostname.toLowerCase());
}
