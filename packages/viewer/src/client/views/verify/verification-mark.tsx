/** A tick or a cross, and the word for it. */
export function VerificationMark({ isRight, text }: { isRight: boolean; text: string }) {
  return (
    <span class={isRight ? 'verify-mark right' : 'verify-mark wrong'}>
      <span aria-hidden="true">{isRight ? '✓' : '✗'}</span> {text}
    </span>
  );
}
