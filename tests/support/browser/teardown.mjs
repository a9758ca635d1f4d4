export { stop as default } from './run.mjs';
