import { defineMessages } from '../i18n/define-messages.ts';
import { chooseCodecs, chosenCodecs, modelKey, modelStates } from '../state/models.ts';
import { codecStyle, type OpenRun } from '../state/run.ts';
import { SeriesMark } from './codec-name.tsx';

const pickerMessages = defineMessages({
  en: { codecs: 'Codecs to compare', loading: 'loading …', failed: 'failed' },
  el: { codecs: 'Κωδικοποιητές προς σύγκριση', loading: 'φόρτωση …', failed: 'απέτυχε' },
});

/** Which of the run's codecs are compared, and how far each is on its way. */
export function CodecPicker({ run }: { run: OpenRun }) {
  const words = pickerMessages();
  const chosen = chosenCodecs.value;
  return (
    <fieldset class="codec-picker">
      <legend>{words.codecs}</legend>
      {run.codecs.map(({ id, title }) => {
        const state = modelStates.value.get(modelKey(run.id, id));
        const isChosen = chosen.includes(id);
        return (
          <label key={id} title={state?.kind === 'failed' ? state.message : undefined}>
            <input
              type="checkbox"
              checked={isChosen}
              onChange={() => {
                chooseCodecs(isChosen ? chosen.filter((other) => other !== id) : [...chosen, id]);
              }}
            />
            <SeriesMark style={codecStyle(run, id)} />
            <span>{title}</span>
            {isChosen && state?.kind === 'loading' && <span class="quiet">{words.loading}</span>}
            {isChosen && state?.kind === 'failed' && <span class="wrong">{words.failed}</span>}
          </label>
        );
      })}
    </fieldset>
  );
}
