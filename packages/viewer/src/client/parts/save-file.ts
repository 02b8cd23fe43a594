/**
 * Has the browser save a text as a file.
 * @param options.type of media, such as `text/csv`
 */
export function saveFile(name: string, { text, type }: { text: string; type: string }): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The download has its own hold on it once it has begun.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}
