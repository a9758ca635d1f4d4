import { cleanOnce } from '../../../server/src/message/clean-once';

const cids = (...ids: string[]): Set<string> => new Set(ids);

describe('HTML of a message', () => {
  it('is cleaned once for the same images', async () => {
    const first = await cleanOnce('<p>Hello<script>alert(1)</script></p>', cids('a', 'b'));
    expect(first.html).toBe('<p>Hello</p>');
    expect(await cleanOnce('<p>Hello<script>alert(1)</script></p>', cids('b', 'a'))).toBe(first);
  });

  it('is cleaned again for other images', async () => {
    const html = '<img src="cid:a" alt="A">';
    expect((await cleanOnce(html, cids('a'))).html).toBe('<img src="cid:a" alt="A" />');
    expect((await cleanOnce(html, cids())).html).not.toContain('cid:a');
  });

  it('is not confused with HTML that differs in a lone surrogate', async () => {
    const first = await cleanOnce('<p>\ud800</p>', cids());
    expect(await cleanOnce('<p>\ud801</p>', cids())).not.toBe(first);
  });
});
