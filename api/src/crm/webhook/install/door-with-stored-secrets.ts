import { isAppError } from '../../../errors/app-error.ts';
import type { WebhookDoor, WebhookRequest } from '../types.ts';

/** How long a secret that another process has removed is still believed, at most. */
const trustForMs = 60_000;
/** However many forged deliveries come, the store is asked no more often than this. */
const askAgainAfterMs = 1_000;

/** By the names of the webhooks, then of the settings. */
type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Opened {
  readonly door: WebhookDoor;
  readonly secrets: string;
  readonly readOnMs: number;
}

/**
 * A door whose secrets are in the store, because the CRM made them: this process, or another on the same store, may put one there at any
 * time. A delivery that is refused may be the first that a new secret has signed, so then the store is asked again, and once more judged.
 */
export const createDoorWithStoredSecrets = (options: {
  /** With what is configured alone. */
  readonly door: WebhookDoor;
  readonly open: (stored: Secrets) => WebhookDoor;
  readonly readStored: () => Promise<Secrets>;
}): WebhookDoor => {
  const { door, open, readStored } = options;
  let opened: Opened | null = null;
  let underWay: Promise<Opened> | null = null;

  const read = async (nowMs: number): Promise<Opened> => {
    const stored = await readStored();
    const secrets = JSON.stringify(stored);
    return opened?.secrets === secrets ? { ...opened, readOnMs: nowMs } : { door: open(stored), secrets, readOnMs: nowMs };
  };
  const refresh = (nowMs: number): Promise<Opened> => {
    underWay ??= read(nowMs)
      .then((fresh) => (opened = fresh))
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };

  return {
    ...door,
    verifyWithStored: async (request: WebhookRequest, nowMs: number) => {
      const known = opened !== null && Math.abs(nowMs - opened.readOnMs) < trustForMs ? opened : await refresh(nowMs);
      try {
        return known.door.verify(request, nowMs);
      } catch (error) {
        const isRefused = isAppError(error) && error.code === 'webhook.unauthorised';
        if (!isRefused || Math.abs(nowMs - known.readOnMs) < askAgainAfterMs) throw error;
        const fresh = await refresh(nowMs);
        if (fresh.secrets === known.secrets) throw error;
        return fresh.door.verify(request, nowMs);
      }
    },
  };
};
