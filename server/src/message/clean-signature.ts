import { cleanHtml, htmlProblem } from './clean-html';

/** A signature cannot embed pictures yet: it shows only pictures from the web. */
const NO_PICTURES: ReadonlySet<string> = new Set();

/** Cleans the HTML of a signature; returns '' for HTML that no message can hold. */
export const cleanSignature = async (html: string): Promise<string> =>
  htmlProblem(html) === null ? cleanHtml(html, NO_PICTURES) : '';
