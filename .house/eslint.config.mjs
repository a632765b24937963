import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/out/**', '**/dist/**', '**/generated/**', '**/coverage/**', '**/*.cjs'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Types are cut out of the line, the line stays: `import { type T } from 'a-library'` loads the library, in every process.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // Interfaces of the ports are async whether or not an implementation waits.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-new-func': 'error',
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
    },
  },
  {
    files: ['api/connectors/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'A driver reaches its CRM by the HTTP that it is handed, and needs nothing else.' }] },
      ],
      'no-restricted-globals': ['error', 'fetch', 'WebSocket', 'process'],
    },
  },
  {
    // These run inside a ServiceNow instance, whose engine and classes they have; business rules and script actions are given these names.
    files: ['api/connectors/servicenow/crm-side/**/*.js'],
    languageOptions: {
      ecmaVersion: 5,
      sourceType: 'script',
      globals: Object.fromEntries(
        [
          'Class',
          'CrmSync',
          'GlideCertificateEncryption',
          'GlideDateTime',
          'GlideRecord',
          'current',
          'event',
          'gs',
          'previous',
          'sn_cc',
          'sn_ws',
        ].map((name) => [name, 'writable']),
      ),
    },
    rules: { 'no-unused-vars': ['error', { args: 'none', caughtErrors: 'none', varsIgnorePattern: '^CrmSync$' }], 'no-redeclare': 'off' },
  },
  {
    // jest's asymmetric matchers (expect.stringContaining …) are of type any.
    files: ['tests/**/*.ts', 'tests/**/*.tsx'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-argument': 'off' },
  },
);
