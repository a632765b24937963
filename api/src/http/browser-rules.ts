import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

export interface BrowserRules {
  /** Origins whose pages may call the API: the Dataverse environments with the control. */
  readonly allowedOrigins: readonly string[];
  /** The sign-in page's address; the panel fetches its tokens there. */
  readonly signInAuthority: string;
}

/** What a browser may do with our answers. */
export const addBrowserRules = async (app: FastifyInstance, { allowedOrigins, signInAuthority }: BrowserRules): Promise<void> => {
  const signInOrigin = URL.parse(signInAuthority)?.origin;
  const self = "'self'";
  const selfAndSignIn = signInOrigin === undefined ? [self] : [self, signInOrigin];

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: [self],
        baseUri: [self],
        objectSrc: ["'none'"],
        frameAncestors: [self],
        formAction: selfAndSignIn,
        // Entra's silent sign-in runs in a hidden frame.
        frameSrc: selfAndSignIn,
        connectSrc: selfAndSignIn,
        imgSrc: [self, 'data:'],
        fontSrc: [self, 'data:'],
        scriptSrc: [self],
        // Fluent UI 8 writes its styles into the page while it runs (merge-styles).
        styleSrc: [self, "'unsafe-inline'"],
      },
    },
    // Entra's sign-in window must be able to answer the page that opened it.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });

  await app.register(cors, {
    origin: [...allowedOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'last-event-id'],
    exposedHeaders: ['x-request-id', 'location', 'retry-after'],
    credentials: false,
    maxAge: 600,
  });
};
