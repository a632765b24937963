/** `YYYY-MM-DD HH:MM:SS` in UTC, without saying so; nothing smaller than a second. */
export const glideTime = (at: Date | string): string => {
  const iso = typeof at === 'string' ? at : at.toISOString();
  return iso.slice(0, 19).replace('T', ' ');
};

export const isGlideTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$/.test(text) &&
  !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`.replace(/^([\d-]{10})Z$/, '$1T00:00:00Z')));

/** The same moment as a clock on that wall shows it. */
export const inTimeZone = (utc: string, timeZone: string): string => {
  // Swedish writes times as ServiceNow does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(new Date(`${utc.replace(' ', 'T')}Z`));
};

/** What a clock on that wall shows, in UTC. */
export const fromTimeZone = (local: string, timeZone: string): string => {
  const asUtc = Date.parse(`${local.replace(' ', 'T')}Z`);
  const shown = Date.parse(`${inTimeZone(local, timeZone).replace(' ', 'T')}Z`);
  return glideTime(new Date(asUtc + (asUtc - shown)));
};
