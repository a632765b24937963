import { DataverseUseSchema } from '../../contract/dataverse-use.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { answer, named } from '../references.ts';

export const dataverseRoutes: Routes = async (app) => {
  app.get(
    '/api/dataverse',
    {
      config: { access: forAdmins },
      schema: {
        operationId: 'getDataverseUse',
        summary: 'Says how fast each application user may go at present, and what of the day’s requests is used',
        tags: ['dataverse'],
        response: { 200: answer(named(DataverseUseSchema), 'The use') },
      },
    },
    () => app.services.dataverseUse(),
  );
};
