import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** From what a person pastes: the whole address that the browser came back to, or the code alone. null: neither. */
export const readPastedCode = (text: string, state: string): { readonly state: string; readonly code: string } | null => {
  const pasted = text.trim();
  const query = URL.parse(pasted)?.searchParams;
  if (query === undefined) return /^[\x21-\x7e]{4,4000}$/.test(pasted) ? { state, code: pasted } : null;
  const code = query.get('code');
  return code === null ? null : { state: query.get('state') ?? state, code };
};

/**
 * Signs a source in with a browser. Where a running API is reachable for the browser, it ends the sign-in by itself; else the address
 * that the browser came back to is pasted here.
 */
export const connectSourceCommand = async ({ services, output, signal }: CommandContext, sourceId: string): Promise<ExitCode> => {
  const { address, state, redirectUri } = await services.signIns.begin(sourceId);
  output.say(
    'signIn',
    { sourceId, address, redirectUri },
    `Open this address and sign in to the CRM:\n\n  ${address}\n\nThe CRM must know ${redirectUri} as an address to come back to.\n` +
      'When the page that you come back to says that the source is signed in, press Enter. Else paste its whole address here:',
  );
  const lines = createInterface({ input: process.stdin });
  try {
    const pasted = await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
    const answer = pasted.trim() === '' ? null : readPastedCode(pasted, state);
    if (answer !== null) await services.signIns.finish(answer, signal);
  } finally {
    lines.close();
  }
  // Whether it works is what counts, whoever ended it.
  const check = await services.sources.check(sourceId, signal);
  output.say('connected', { ...check }, `${sourceId}: signed in, answers in ${check.tookMilliseconds} ms`);
  return exitCodes.done;
};
