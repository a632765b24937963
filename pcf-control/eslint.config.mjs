// Used by pcf-scripts: the rules of the Solution checker, so that an import into a managed environment is not refused.
// The house's own rules (.house/eslint.config.mjs) are checked by `npm run check`.
import microsoftPowerApps from '@microsoft/eslint-plugin-power-apps';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/generated/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [microsoftPowerApps.configs.paCheckerHosted, ...tseslint.configs.recommended],
    languageOptions: { globals: { ...globals.browser, ComponentFramework: true } },
    plugins: { '@microsoft/power-apps': microsoftPowerApps, 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'react-dom',
              message: 'Not a platform library: it would be bundled (120 KB) beside the host’s own. Use Fluent’s Layer or Callout.',
            },
          ],
        },
      ],
    },
  },
);
