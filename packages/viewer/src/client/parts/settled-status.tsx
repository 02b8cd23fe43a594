import { useEffect, useRef, useState } from 'preact/hooks';

/** What has not changed for so long has come to rest. */
const restMs = 700;

export interface SettledStatusProps {
  readonly text: string;
  /** Whether more of the text is still to come. */
  readonly isPartial: boolean;
}

/**
 * Reads a text out each time it has changed, is whole and has come to rest, for those who do not see what a slider moves.
 * Nothing is read out at first, when it is part of the page as it is, nor anything while the text is empty.
 */
export function SettledStatus({ text, isPartial }: SettledStatusProps) {
  const [settled, setSettled] = useState('');
  const isFirst = useRef(true);
  useEffect(() => {
    if (isPartial) return;
    const timer = setTimeout(() => {
      if (!isFirst.current) setSettled(text);
      else if (text !== '') isFirst.current = false;
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [text, isPartial]);
  return (
    <p class="visually-hidden" role="status">
      {settled}
    </p>
  );
}
