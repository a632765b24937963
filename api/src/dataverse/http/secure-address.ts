import { AppError } from '../../errors/app-error.ts';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);

/** Tokens and secrets travel over https only; plain http is for a sandbox on this very machine. */
export const readSecureAddress = (address: string, what: string): URL => {
  if (!URL.canParse(address)) throw new AppError('dataverse.address_refused', { what, problem: 'it is not an address' });
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    throw new AppError('dataverse.address_refused', { what, problem: 'it holds a user name or password' });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new AppError('dataverse.address_refused', {
    what,
    problem: `${url.protocol}//${url.host} is not encrypted; only https is accepted, or http on this machine itself`,
  });
};
