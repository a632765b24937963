import type { CrmChanger } from '../../crm/conformance/types.ts';
import type { TableName } from '../../crm/types.ts';

const kinds: Readonly<Record<TableName, string>> = { account: 'account (a company)', contact: 'contact (a person)' };

/** A person makes the changes in the CRM. Only in a record that they make for it: nobody's own is touched. */
export const createPersonChanger = (ask: (question: string) => Promise<string>): CrmChanger => ({
  mayChangeAny: false,
  create: async (table) => {
    const id = await ask(
      `Make a new ${kinds[table]} in the CRM, one that nobody needs, and type its id here (it is part of the address of its page).\n` +
        'Later you are asked to change it and to delete it. Press Enter alone to leave these checks out.\nId: ',
    );
    return id === '' ? null : id;
  },
  change: async (table, id) => {
    await ask(`Change anything in ${table} ${id}, save it, and press Enter. `);
  },
  remove: async (table, id) => {
    await ask(`Delete ${table} ${id} in the CRM, and press Enter. `);
  },
});
