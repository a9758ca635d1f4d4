export { start as default } from './run.mjs';
