/** A JSON object as a test looks into it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface JsonRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends and reads JSON; throws, with status and body, when the answer is not a 2xx. Empty answers give `{}`. */
export const requestJson = async <Body = JsonObject>(
  url: string,
  { method = 'GET', headers = {}, body }: JsonRequest = {},
): Promise<Body> => {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`);
  return (text === '' ? {} : JSON.parse(text)) as Body;
};
