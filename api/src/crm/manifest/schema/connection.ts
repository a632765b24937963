import Type, { type Static } from 'typebox';
import { choice, flag, listOf, mapping, regex, template, text, urlTemplate } from './parts.ts';

const Setting = mapping(
  {
    type: choice(
      ['text', 'url', 'host', 'secret', 'choice', 'number', 'boolean'],
      'How it is asked for and checked. A secret is kept apart and never shown.',
    ),
    title: text('What the admin sees.', 'API key'),
    help: Type.Optional(text('Where the admin finds it.', 'In the CRM under Settings, API keys.')),
    example: Type.Optional(text('Shown in the empty field.', 'https://crm.example.com')),
    pattern: Type.Optional(
      regex('Regular expression that the whole value must match. For an address: unless it is inside the admin’s own network.'),
    ),
    choices: Type.Optional(listOf(text('One of the values.', 'eu'), 'For type choice.', 100)),
    default: Type.Optional(Type.String({ description: 'Used when the admin leaves it out. Not for secrets.', examples: ['v2'] })),
    optional: Type.Optional(flag('May be left out.')),
  },
  'One value that the admin gives when connecting the CRM.',
);

export const Connection = mapping(
  {
    settings: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), Setting, {
        additionalProperties: false,
        description: 'What the admin is asked for; used elsewhere as {{settings.name}}.',
        examples: [{ apiKey: { type: 'secret', title: 'API key' } }],
      }),
    ),
    baseUrl: urlTemplate('What every path of this manifest is put behind.', '{{settings.address}}/api/v1'),
    hosts: Type.Optional(
      Type.Array(template('A host such as api.example.com, or *.example.com for all below it.', 'api.example.com', '*.example.com'), {
        maxItems: 20,
        description:
          'Further hosts that requests and links may go to. The host of baseUrl, and for sign-in that of tokenUrl, are always allowed, all others are refused.',
      }),
    ),
  },
  'Where the CRM is and what the admin must give to reach it.',
);

export type ConnectionBody = Static<typeof Connection>;
export type SettingBody = Static<typeof Setting>;
