/**
 * Draws docs/logo.png (160 × 160, as Strapi's marketplace requires) from docs/logo.svg.
 *
 *   npm run logo
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const SIZE = 160;
const file = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

const browser = await chromium.launch({
  executablePath: process.env.TEST_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block }</style>${readFileSync(file('logo.svg'), 'utf8')}`
  );
  await page.screenshot({ path: file('logo.png'), omitBackground: true });
} finally {
  await browser.close();
}
