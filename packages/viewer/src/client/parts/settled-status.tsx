import { useEffect, useRef, useState } from 'preact/hooks';

/** What has not changed for so long has come to rest. */
const restMs = 700;

/**
 * Reads a text out each time it has changed and come to rest, for those who do not see what a slider moves. Nothing is
 * read out at first, when it is part of the page as it is, nor anything while the text is empty.
 */
export function SettledStatus({ text }: { text: string }) {
  const [settled, setSettled] = useState('');
  const isFirst = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (!isFirst.current) setSettled(text);
      else if (text !== '') isFirst.current = false;
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return (
    <p class="visually-hidden" role="status">
      {settled}
    </p>
  );
}
