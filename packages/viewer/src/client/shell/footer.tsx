import { Notice } from '../parts/notice.tsx';
import { catalogue } from '../state/catalogue.ts';
import { runtime, runtimeError } from '../state/runtime.ts';
import { shellMessages } from './shell-messages.ts';

/** What the models run on, and folders that could not be read. */
export function Footer() {
  const words = shellMessages();
  const problems = catalogue.value?.problems ?? [];
  return (
    <footer class="shell-footer">
      <p>
        {runtimeError.value ??
          (runtime.value === undefined
            ? words.starting
            : words.computesOn(runtime.value.device, runtime.value.threads))}{' '}
        {runtime.value?.reason === 'not-isolated' && words.notIsolated}
      </p>
      {problems.length > 0 && (
        <Notice tone="error" title={words.problems(problems.length)}>
          <ul>
            {problems.map(({ id, message }) => (
              <li key={id}>
                <b>{id}</b>: {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </footer>
  );
}
