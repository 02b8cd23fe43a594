import { effect, signal } from '@preact/signals';
import type { CollectionId } from '../../../contract/api.ts';
import { lab } from '../../lab.ts';
import { openRun } from '../../state/run.ts';
import { runtime } from '../../state/runtime.ts';
import type { Verification, WorkProgress } from '../../worker/lab-api.ts';

/** How far the verification of the run at hand is. */
export type VerificationState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress: WorkProgress | undefined; readonly isStopping: boolean }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly verification: Verification };

/** Kept while the visitor looks at other views; another run, one made anew under its id or another device begins anew. */
export const verificationState = signal<VerificationState>({ kind: 'none' });

/** What the worker is at, which may be a verification that nobody waits for any more. */
let underWay: Promise<void> = Promise.resolve();
/** Tells the verification that counts from those before it. */
let latest = 0;

/** Begins to verify a run; how it goes is in `verificationState`. */
export function startVerification(runId: CollectionId): void {
  const mine = ++latest;
  const set = (state: VerificationState): void => {
    if (mine === latest) verificationState.value = state;
  };
  set({ kind: 'running', progress: undefined, isStopping: false });
  // The worker takes one at a time, so one that is being stopped comes to its end first.
  underWay = underWay.then(async () => {
    if (mine !== latest) return;
    try {
      const verification = await lab.verify(runId, (progress) => {
        const state = verificationState.peek();
        if (state.kind === 'running') set({ ...state, progress });
      });
      set({ kind: 'done', verification });
    } catch (error) {
      const state = verificationState.peek();
      const isStopped = state.kind === 'running' && state.isStopping;
      set(isStopped ? { kind: 'stopped' } : { kind: 'failed', message: (error as Error).message });
    }
  });
}

/** Ends the verification that is under way. */
export function stopVerification(): void {
  const state = verificationState.peek();
  if (state.kind !== 'running') return;
  verificationState.value = { ...state, isStopping: true };
  void lab.stopVerifying();
}

let subject: string | undefined;

effect(() => {
  const { device, threads } = runtime.value ?? {};
  const run = openRun.value;
  const next = `${run?.id} ${run?.manifest.finishedAt} ${device} ${threads}`;
  if (subject !== undefined && subject !== next) drop();
  subject = next;
});

function drop(): void {
  latest++;
  if (verificationState.peek().kind === 'running') void lab.stopVerifying();
  verificationState.value = { kind: 'none' };
}
