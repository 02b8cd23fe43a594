import { formatPercent } from '../../i18n/number-format.ts';
import { latentMessages } from './latent-messages.ts';

/** What the classifier takes an image for, and how sure it is. */
export function JudgedClass({
  name,
  share,
  isWrong = false,
}: {
  /** Name of the class. */
  name: string;
  /** Its probability, in [0, 1]. */
  share: number;
  /** Whether it is known to be another class. */
  isWrong?: boolean;
}) {
  const words = latentMessages();
  return (
    <span class={`latent-verdict ${isWrong ? 'wrong' : ''}`}>
      <b>{name}</b> {formatPercent(share, share > 0.9995 ? 0 : 1)}
      {isWrong && <span> ({words.wrong})</span>}
    </span>
  );
}
