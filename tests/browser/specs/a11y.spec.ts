// For everybody: axe on every screen in all three looks, the focus, the keyboard, large text, and what is said aloud.
import { AxeBuilder } from '@axe-core/playwright';
import { PHONE } from '../support/browser.ts';
import { expect, test } from '../support/fixtures.ts';
import { moveTo } from '../support/keyboard.ts';
import { dress, LOOKS, undress } from '../support/looks.ts';
import { tour } from '../support/tour.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

test('axe finds nothing on any screen, in light, dark and night', async ({ meet }) => {
  test.setTimeout(900_000);
  await tour(meet, 'en', async (name, person) => {
    // Tall enough for all of it: what lies under the bar at the bottom would count as too small to hit.
    await person.page.setViewportSize({ ...PHONE, height: 2400 });
    for (const look of LOOKS) {
      await dress(person, look);
      const axe = new AxeBuilder({ page: person.page });
      // Only colours change with the look.
      const { violations } = await (look === 'light' ? axe.withTags(RULES) : axe.withRules(['color-contrast'])).analyze();
      const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html.slice(0, 160)) }));
      expect.soft(found, `${name} in ${look}`).toEqual([]);
    }
    await undress(person);
    await person.page.setViewportSize(PHONE);
  });
});

test('on a small phone with the largest text nothing is wider than the screen', async ({ meet }) => {
  test.setTimeout(900_000);
  await tour(meet, 'fr', async (name, person) => {
    await person.page.setViewportSize({ width: 320, height: 640 });
    await dress(person, 'light', 200);
    const wide = await person.page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const sticksOut = (element: Element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > room + 1 || box.left < -1) && !element.closest('svg');
      };
      const all = [...document.body.querySelectorAll('main *, dialog *, nav *, header *')];
      return all.filter(sticksOut).map((element) => `${element.tagName} ${element.textContent?.slice(0, 40)}`);
    });
    expect.soft(wide, name).toEqual([]);
    await undress(person);
    await person.page.setViewportSize(PHONE);
  });
});

test('a change of screen moves the focus to its heading, and the title says where one is', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.visit('/');
  await anna.press('welcome-start');
  await expect(anna.heading(anna.say('start-heading'))).toBeFocused();
  await expect(anna.page).toHaveTitle(new RegExp(anna.say('start-heading')));
  await anna.startCircle('Rose');
  await anna.tab('log').click();
  await expect(anna.heading(anna.say('log-heading'))).toBeFocused();
  await expect(anna.page).toHaveTitle(new RegExp(anna.say('log-heading')));
  await anna.quickLog('drink');
  await anna.openRow('Drink, 200 ml');
  await expect(anna.heading('Drink, 200 ml')).toBeFocused();
  await anna.page.goBack();
  await expect(anna.heading(anna.say('log-heading'))).toBeFocused();
});

test('a drink is logged and taken back with the keyboard alone', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.openTab('log');

  await moveTo(anna, anna.logButton);
  await anna.page.keyboard.press('Enter');
  await expect(anna.sheet.getByRole('heading', { level: 1 })).toBeFocused();
  await moveTo(anna, anna.sheet.getByRole('button', { name: /^Drink/ }));
  await anna.page.keyboard.press('Enter');
  await anna.seesKept();
  await expect(anna.sheet).toHaveCount(0);
  await expect(anna.row('Drink, 200 ml')).toBeVisible();

  await moveTo(anna, anna.button('undo'));
  await anna.page.keyboard.press('Enter');
  await expect(anna.row('Drink, 200 ml')).toHaveCount(0);
  await expect(anna.page.locator(':focus'), 'the focus is not lost with the button').toBeVisible();
});

test('Escape closes the sheet, and the focus goes back to the button that opened it', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.openTab('tasks');
  await anna.openQuickLog();
  await anna.page.keyboard.press('Escape');
  await expect(anna.sheet).toHaveCount(0);
  await expect(anna.logButton).toBeFocused();
});

test('the sharing line is said when its kind changes, not with every number in it', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const said = anna.page.getByRole('status').first();
  await expect(said).toHaveText(anna.say('sharing-all'));
  await anna.loseReception();
  await expect(said).toHaveText(anna.say('sharing-offline'));
  await anna.quickLog('drink');
  await anna.quickLog('drink');
  await anna.seesSharing('sharing-offline-waiting', { n: 2 });
  await expect(said).toHaveText(anna.say('sharing-offline'));
  await anna.findReception();
  await expect(said).toHaveText(anna.say('sharing-all'));
});

test('days are headings, and a row is one label', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.quickLog('drink');
  await anna.openTab('log');
  await expect(anna.page.getByRole('heading', { level: 2, name: /^Today, / })).toBeVisible();
  const row = anna.main.getByRole('listitem').getByRole('button');
  await expect(row).toHaveCount(1);
  await expect(row).toHaveAccessibleName(/^\d\d:\d\d, Drink, 200 ml\. Anna/);
});

test('look, text size and language are chosen once and stay', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.press('settings');
  const root = anna.page.locator('html');
  const choose = (group: string, option: string) =>
    anna.page.getByRole('group', { name: anna.say(group) }).getByRole('button', { name: option, exact: true }).click();
  await choose('settings-theme', anna.say('theme-night'));
  await expect(root).toHaveAttribute('data-theme', 'night');
  await choose('settings-text-size', anna.say('text-size-percent', { n: 200 }));
  await expect(root).toHaveCSS('font-size', '32px');
  await choose('settings-language', anna.say('language-fr-FR'));
  await expect(root).toHaveAttribute('lang', /^fr/);
  await expect(anna.heading('Réglages')).toBeVisible();

  await anna.reload();
  await expect(root).toHaveAttribute('data-theme', 'night');
  await expect(root).toHaveCSS('font-size', '32px');
  await expect(anna.heading('Réglages')).toBeVisible();
});
