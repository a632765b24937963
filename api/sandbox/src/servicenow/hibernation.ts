import type { FastifyInstance } from 'fastify';
import type { Settings } from '../crm-kit/settings-routes.ts';
import type { ServiceNowSettings } from './settings.ts';

const page = '<html><head><title>Instance Hibernating page</title></head><body><h1>Your instance is hibernating</h1></body></html>';

/** A developer instance that nobody used answers every request with a page, and with 200. */
export const hibernateOnRequest = (app: FastifyInstance, settings: Settings<ServiceNowSettings>): void => {
  app.addHook('onRequest', async (_request, reply) => {
    if (!settings.current.isHibernating) return undefined;
    return reply.status(200).type('text/html; charset=utf-8').send(page);
  });
};
