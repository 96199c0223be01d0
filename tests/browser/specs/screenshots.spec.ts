// Pictures of every screen for a person to look at, in tests/browser/out: `cargo xtask screenshots`.
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { test } from '../support/fixtures.ts';
import { PHONE } from '../support/browser.ts';
import { dress, undress } from '../support/looks.ts';
import type { Person } from '../support/person.ts';
import { tour } from '../support/tour.ts';
import type { Language } from '../support/words.ts';

const out = fileURLToPath(new URL('../out', import.meta.url));
const WIDE = { width: 1280, height: 800 };

for (const language of ['en', 'fr'] as const) {
  test(`every screen in ${language} @screenshots`, async ({ meet }) => {
    test.setTimeout(1_200_000);
    let number = 0;
    await tour(meet, language, async (name, person) => {
      number += 1;
      await takePictures(person, language, `${String(number).padStart(2, '0')}-${name}`);
    });
  });
}

async function takePictures(person: Person, language: Language, name: string): Promise<void> {
  const take = (folder: string) => person.page.screenshot({ path: join(out, language, folder, `${name}.png`) });
  // From the top, with nothing hovered by chance.
  await person.page.mouse.move(0, 0);
  await person.page.evaluate(() => window.scrollTo(0, 0));
  for (const look of ['light', 'dark', 'night'] as const) {
    await dress(person, look);
    await take(look);
  }
  await dress(person, 'light', 200);
  await person.page.setViewportSize({ ...PHONE, height: await height(person) });
  await take('large');
  await dress(person, 'light');
  await person.page.setViewportSize(WIDE);
  await take('wide');
  await person.page.setViewportSize(PHONE);
  await undress(person);
}

/** As high as all that is on the screen. */
function height(person: Person): Promise<number> {
  return person.page.evaluate(() => {
    const sheet = document.querySelector('dialog[open] *');
    return Math.max(844, document.documentElement.scrollHeight, (sheet?.scrollHeight ?? 0) + 64);
  });
}
