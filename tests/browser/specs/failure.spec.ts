// When the program itself fails: a page that stands in the HTML says that nothing is lost, and the next start goes on.
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

test('a trap of the program shows the page for it, and what was kept is there at the next start', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.page.addInitScript(holdOntoProgram);
  await anna.startCircle('Rose');
  await anna.logNote('Kept before it failed');
  await anna.hasSharedAll();

  await trap(anna);
  await expect(anna.page.getByRole('heading', { name: 'Something in Kith went wrong' })).toBeVisible();
  await expect(anna.main).toBeHidden();
  anna.complaints.length = 0;

  await anna.page.getByRole('link', { name: 'Open Kith again' }).click();
  await anna.openTab('log');
  await expect(anna.row('Kept before it failed')).toBeVisible();
});

interface Held {
  kithProgram: { __wbindgen_malloc(size: number, align: number): number };
}

function holdOntoProgram(): void {
  const load = WebAssembly.instantiateStreaming.bind(WebAssembly);
  WebAssembly.instantiateStreaming = async (source, imports) => {
    const loaded = await load(source, imports);
    Object.assign(window, { kithProgram: loaded.instance.exports });
    return loaded;
  };
}

/** The program is asked for more memory than there is, which ends it as a panic does. */
async function trap(person: Person): Promise<void> {
  await person.page.evaluate(() => {
    setTimeout(() => (window as unknown as Held).kithProgram.__wbindgen_malloc(-1, 1));
  });
}
