import { AppError } from '../errors/app-error.ts';

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Keys that come over plain http can be swapped on the way, and with them who is who. Only this machine is exempt: the sandbox. */
export const trustedAddress = (address: string, what: string): URL => {
  const url = URL.parse(address);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackHosts.has(url.hostname))) return url;
  throw new AppError('config.unreadable', { file: what, problem: 'the address must be https (plain http only on this machine)' });
};
