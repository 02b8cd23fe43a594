const nobody = 65534;

/**
 * Does some work without the rights of root, for whom permissions don't count, where the tests run as root. On Windows,
 * which has no such thing, it just does it.
 */
export function withoutRoot(work: () => void): void {
  if (process.geteuid?.() !== 0) {
    work();
    return;
  }
  process.seteuid!(nobody);
  try {
    work();
  } finally {
    process.seteuid!(0);
  }
}
