import { formatCount } from '../../i18n/number-format.ts';
import { latentMessages } from './latent-messages.ts';

/** Classes with their colours; each can be hidden on the map. */
export function ClassLegend({
  classNames,
  colours,
  counts,
  hidden,
  onHide,
}: {
  classNames: readonly string[];
  /** As CSS has them. */
  colours: readonly string[];
  /** Images of each on the map. */
  counts: readonly number[];
  hidden: ReadonlySet<number>;
  onHide: (hidden: ReadonlySet<number>) => void;
}) {
  const words = latentMessages();
  return (
    <fieldset class="latent-legend">
      <legend class="visually-hidden">{words.classes}</legend>
      {classNames.map((name, label) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={!hidden.has(label)}
            onChange={({ currentTarget }) => {
              const next = new Set(hidden);
              if (currentTarget.checked) next.delete(label);
              else next.add(label);
              onHide(next);
            }}
          />
          <i aria-hidden="true" ref={(dot) => dot?.style.setProperty('background', colours[label])} />
          <span>
            {name}
            <span class="visually-hidden">{words.countOf(formatCount(counts[label]))}</span>
          </span>
        </label>
      ))}
      <button
        type="button"
        class="latent-link"
        onClick={() => {
          onHide(hidden.size > 0 ? new Set() : new Set(classNames.keys()));
        }}
      >
        {hidden.size > 0 ? words.all : words.none}
      </button>
    </fieldset>
  );
}
