// Puts a screen into another look, as the settings do, without leaving it.
import type { Person } from './person.ts';

export const LOOKS = ['light', 'dark', 'night'] as const;
export type LookName = (typeof LOOKS)[number];

/** The settings write these attributes; specs/a11y.spec.ts holds that they do. */
export async function dress(person: Person, look: LookName, textPercent = 100): Promise<void> {
  await person.page.evaluate(
    ([look, percent]) => {
      const root = document.documentElement;
      root.dataset.theme = look;
      root.style.fontSize = `${percent}%`;
      root.toggleAttribute('data-large', percent > 125);
    },
    [look, textPercent] as const,
  );
}

export async function undress(person: Person): Promise<void> {
  await dress(person, 'light');
  await person.page.evaluate(() => document.documentElement.removeAttribute('data-theme'));
}
