import { language, languages } from '../i18n/language.ts';
import { PageLink } from '../parts/page-link.tsx';
import { catalogue, liveRuns } from '../state/catalogue.ts';
import { viewNames } from '../../contract/api.ts';
import { route, viewAddress } from '../state/route.ts';
import { chooseRun, chosenRunId } from '../state/run.ts';
import { theme, themes } from '../state/settings.ts';
import { shellMessages, viewTitles } from './shell-messages.ts';

/** Name, navigation, choice of the run, and settings. */
export function Header() {
  const words = shellMessages();
  const running = liveRuns.value.find(({ state }) => state === 'running');
  return (
    <header class="shell-header">
      <div class="shell-bar">
        <PageLink class="brand" href={viewAddress('draw')}>
          <Mark />
          Narrows
        </PageLink>
        <div class="shell-choices">
          <RunChoice />
          <label class="field">
            <span class="visually-hidden">{words.theme}</span>
            <select
              class="select"
              value={theme.value}
              onChange={({ currentTarget }) => {
                theme.value = themes.find((name) => name === currentTarget.value)!;
              }}
            >
              {themes.map((name) => (
                <option key={name} value={name}>
                  {words.themes[name]}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span class="visually-hidden">{words.language}</span>
            <select
              class="select"
              value={language.value}
              onChange={({ currentTarget }) => {
                language.value = languages.find(({ tag }) => tag === currentTarget.value)!.tag;
              }}
            >
              {languages.map(({ tag, name }) => (
                <option key={tag} value={tag} lang={tag}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
      <nav class="shell-nav" aria-label={words.views}>
        <ul>
          {viewNames.map((name) => (
            <li key={name}>
              <PageLink href={viewAddress(name)} isCurrent={route.value.view === name}>
                {viewTitles()[name]}
                {name === 'results' && running !== undefined && (
                  <span class="live-dot" title={words.training(running.progress.name)}>
                    <span class="visually-hidden">{words.training(running.progress.name)}</span>
                  </span>
                )}
              </PageLink>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function RunChoice() {
  const words = shellMessages();
  const runs = catalogue.value?.runs ?? [];
  const chosen = chosenRunId.value;
  if (runs.length === 0) return null;
  const group = (isDemo: boolean) => runs.filter((run) => run.isDemo === isDemo);
  return (
    <label class="field">
      <span>{words.run}</span>
      <select
        class="select"
        value={chosen}
        onChange={({ currentTarget }) => {
          chooseRun(currentTarget.value);
        }}
      >
        {/* An address may name a run that there is not. */}
        {runs.every(({ id }) => id !== chosen) && <option value={chosen}>{chosen}</option>}
        {[false, true]
          .filter((isDemo) => group(isDemo).length > 0)
          .map((isDemo) => (
            <optgroup key={String(isDemo)} label={isDemo ? words.demoRuns : words.ownRuns}>
              {group(isDemo).map(({ id, name, dataset }) => (
                <option key={id} value={id}>
                  {words.runs(name, dataset)}
                </option>
              ))}
            </optgroup>
          ))}
      </select>
    </label>
  );
}

/** The narrows themselves: two banks and what gets through. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M6 4c0 7 6.5 8 6.5 12S6 21 6 28M26 4c0 7-6.5 8-6.5 12S26 21 26 28" />
      <circle cx="16" cy="16" r="1.9" />
    </svg>
  );
}
