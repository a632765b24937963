import { compilePath } from '../expression/compile.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';
import { lintRequest, lintTemplates, type Rule } from './lint-requests.ts';
import type { Manifest } from './schema/manifest.ts';
import type { WebhooksBody } from './schema/webhook.ts';
import type { ChangeBody, InstallBody, ResourceBody } from './schema/webhook-install.ts';
import { textsIn } from './settings-used.ts';

const always: Rule['allowed'] = ['settings', 'address', 'source'];
const withItem: Rule['allowed'] = [...always, 'item'];
const withCurrent: Rule['allowed'] = [...withItem, 'current'];

/** The names of `match` and `same` are paths, which the schema does not read. */
const lintPaths = (members: Readonly<Record<string, unknown>> | undefined, at: YamlPath): readonly YamlProblem[] =>
  Object.keys(members ?? {}).flatMap((name) => {
    try {
      compilePath(name);
      return [];
    } catch (error) {
      return [{ path: [...at, name], problem: error instanceof Error ? error.message : String(error) }];
    }
  });

/** A secret of ours may be told to the CRM, which signs with it; never in an address. */
const lintChange = (manifest: Manifest, { body, ...rest }: ChangeBody, at: YamlPath, allowed: Rule['allowed']): readonly YamlProblem[] => [
  ...lintRequest(manifest, { method: 'POST', ...rest }, at, { allowed }),
  ...lintTemplates(manifest, textsIn(body, [...at, 'body']), { allowed, maySignIn: true }),
];

const lintResource = (manifest: Manifest, { verify }: WebhooksBody, resource: ResourceBody, at: YamlPath): readonly YamlProblem[] => {
  const { list, match, same, create, update, remove, secret, only, each, eachField = [] } = resource;
  const problems: YamlProblem[] = [
    ...lintRequest(manifest, list, [...at, 'list'], { allowed: always }),
    ...lintPaths(match, [...at, 'match']),
    ...lintPaths(same, [...at, 'same']),
    ...lintTemplates(manifest, textsIn([match, same], at), { allowed: withItem }),
    ...lintChange(manifest, create, [...at, 'create'], withItem),
    ...(update === undefined ? [] : lintChange(manifest, update, [...at, 'update'], withCurrent)),
    ...lintChange(manifest, remove, [...at, 'remove'], withCurrent),
  ];
  const say = (problem: string, ...member: readonly string[]) => problems.push({ path: [...at, ...member], problem });
  for (const { table } of eachField) if (manifest.tables[table] === undefined) say(`this manifest has no table ${table}`, 'eachField');
  if (only === true && (each !== undefined || eachField.length > 0))
    say('“only” means that there is one: leave “each” and “eachField” out', 'only');
  if (secret === undefined) return problems;
  problems.push(...lintRequest(manifest, secret, [...at, 'secret'], { allowed: [...always, 'current'] }));
  const names = 'secret' in verify ? [verify.secret].flat() : [];
  if (!names.includes(secret.setting))
    say(`“${secret.setting}” is no secret of “verify”, so nothing would be accepted by it`, 'secret', 'setting');
  return problems;
};

/** That the parts of an `install` fit each other, the webhook, and the manifest. */
export const lintInstall = (manifest: Manifest, webhooks: WebhooksBody, install: InstallBody, at: YamlPath): readonly YamlProblem[] => {
  const { steps = [], resources = [], auth, scope, needs = [], sample = {} } = install;
  const settings = manifest.connection.settings ?? {};
  const plain: Rule = { allowed: always };
  return [
    ...lintTemplates(manifest, textsIn(steps, [...at, 'steps']), plain),
    ...resources.flatMap((resource, position) => lintResource(manifest, webhooks, resource, [...at, 'resources', position])),
    ...lintTemplates(manifest, textsIn(auth ?? {}, [...at, 'auth']), { allowed: ['settings'], maySignIn: true }),
    ...lintTemplates(manifest, textsIn(scope ?? '', [...at, 'scope']), { allowed: ['settings'] }),
    ...needs.flatMap((name, position) =>
      settings[name]?.optional === true
        ? []
        : [{ path: [...at, 'needs', position], problem: `there is no optional setting “${name}” under connection.settings` }],
    ),
    ...lintTemplates(manifest, textsIn(sample, [...at, 'sample']), { allowed: ['settings', 'id'] }),
    ...Object.keys(sample).flatMap((table) =>
      Object.hasOwn(manifest.tables, table) ? [] : [{ path: [...at, 'sample', table], problem: `this manifest has no table ${table}` }],
    ),
  ];
};
