/** The web servers of the environment, and which of them a request goes to (send-parallel-requests.md, "Server affinity"). */
import { createHash } from 'node:crypto';
import type { Random } from '../../random.ts';
import type { LimitSettings } from './settings.ts';

export interface WebServer {
  /** From 1 on. */
  readonly number: number;
  /** What names it in the affinity cookie. */
  readonly affinity: string;
  /** Requests under way, of all users. */
  running: number;
}

export interface WebServers {
  /** `cookies` is the request's whole Cookie header. */
  choose(cookies: string | undefined): { readonly server: WebServer; readonly isByCookie: boolean };
}

export function createWebServers(
  { webServers: count, placement }: Pick<LimitSettings, 'webServers' | 'placement'>,
  random: Random,
): WebServers {
  const nameOf = (number: number) => createHash('sha256').update(`web server ${number}`).digest('hex');
  const servers = Array.from({ length: count }, (_, index): WebServer => ({ number: index + 1, affinity: nameOf(index + 1), running: 0 }));
  let turn = 0;

  function fewestRequests(): WebServer {
    const inTurn = [...servers.slice(turn), ...servers.slice(0, turn)];
    const chosen = inTurn.reduce((best, server) => (server.running < best.running ? server : best));
    turn = chosen.number % count;
    return chosen;
  }

  return {
    choose(cookies) {
      const wanted = affinityOf(cookies);
      const known = wanted === null ? undefined : servers.find((server) => server.affinity === wanted);
      if (known !== undefined) return { server: known, isByCookie: true };
      const anyOf = (): WebServer => servers[random.below(count)] ?? fewestRequests();
      return { server: placement === 'random' ? anyOf() : fewestRequests(), isByCookie: false };
    },
  };
}

function affinityOf(cookies: string | undefined): string | null {
  return /(?:^|;\s*)ARRAffinity=([0-9a-f]+)/i.exec(cookies ?? '')?.[1] ?? null;
}

/** Without `secure`, which Azure adds: the sandbox is reached by http, and a browser would keep the cookie to itself. */
export const affinityCookie = (server: WebServer): string => `ARRAffinity=${server.affinity}; path=/; HttpOnly`;
