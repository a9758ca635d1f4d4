import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { SEVERITY } from './scripts/lint/habits.cjs';
import plainWords from './scripts/lint/plain-words.cjs';

/** Impure expressions: a pure file takes time and chance as arguments (CONTRIBUTING.md, "Rules"). */
const PURE = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time is an argument.',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Chance is an argument.' },
];

const IMPURE_GLOBALS = ['process', 'crypto', 'performance', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'].map(
  (name) => ({ name, message: 'domain does no input or output: take it as an argument.' })
);

/** A controller parses, calls one service, sets the status and shapes the body. */
const PLAIN_CONTROLLER = [
  { selector: 'TryStatement', message: 'The refusals middleware answers for errors.' },
  {
    selector: ':matches(ForStatement, ForInStatement, ForOfStatement, WhileStatement)',
    message: 'Loops belong to a service.',
  },
  { selector: ":matches(MemberExpression[property.name='db'])", message: 'Queries belong to a repository.' },
];

const IGNORED = {
  ignores: [
    'node_modules/',
    'dist/',
    'coverage/',
    'tests/tmp/',
    '**/.strapi/',
    '**/.cache/',
    '**/.tmp/',
    '**/build/',
    '**/types/generated/',
  ],
};

/** How comments, titles of tests and messages are worded (CONTRIBUTING.md, "Words"). */
const WORDS = {
  files: ['**/*.{ts,tsx,js,cjs,mjs}'],
  // Its examples are the habits.
  ignores: ['scripts/lint/habits.cjs', 'tests/unit/lint/**'],
  plugins: { 'plain-words': plainWords },
  rules: { 'plain-words/words': SEVERITY, 'plain-words/reason': 'error' },
};

/** For `scripts/lint/words.mjs`: neither types nor other rules. */
export const WORDS_ONLY = [IGNORED, { ...WORDS, languageOptions: { parser: tseslint.parser } }];

export default tseslint.config(
  IGNORED,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Rows of a query builder have no type of their own: saying theirs is no needless assertion.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Finds String(row.column) of a narrowed `unknown` and nothing else here; templates have the rule above.
      '@typescript-eslint/no-base-to-string': 'off',
      // `async` without `await` is how a function promises to reject instead of throwing.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.base],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
    },
  },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unreachable': 'error',
      'no-fallthrough': 'error',
      'no-cond-assign': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-debugger': 'error',
      'no-self-assign': 'error',
      'no-unsafe-finally': 'error',
      'no-control-regex': 'off',
    },
  },
  {
    files: ['server/src/**/*.ts', 'admin/src/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 330, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // knex and Strapi answer `any`; giving it a type where it comes in is how it stops there. Using it untyped stays an error.
    files: ['server/src/**/*.ts'],
    ignores: ['server/src/domain/**', 'server/src/contracts/**'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['server/src/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...PURE],
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
    },
  },
  { files: ['server/src/*/*controller.ts'], rules: { 'no-restricted-syntax': ['error', ...PLAIN_CONTROLLER] } },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Strapi is loaded anew, by path, where a test boots it.
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  WORDS,
  prettier
);
