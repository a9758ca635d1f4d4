export * from '../lib/fields';
