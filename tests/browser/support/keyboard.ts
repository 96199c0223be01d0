// The keyboard alone.
import { expect, type Locator } from '@playwright/test';
import type { Person } from './person.ts';

/** Presses Tab until this has the focus, as somebody without a mouse would. */
export async function moveTo(person: Person, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let n = 0; n < 60; n += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await person.page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

/** Goes there and presses it. */
export async function pressByKey(person: Person, wanted: Locator): Promise<void> {
  await moveTo(person, wanted);
  await person.page.keyboard.press('Enter');
}
