// Exactly one tab writes. The other says so, can take over, and nothing is lost on the way.
import { expect, test } from '../support/fixtures.ts';

test('a second tab says that Kith is open already, takes over, and hands back', async ({ meet }) => {
  const first = await meet('Anna');
  await first.startCircle('Rose');
  await first.logNote('Written in the first tab');

  const second = await first.newTab();
  await expect(second.heading(second.say('elsewhere-heading'))).toBeVisible();
  await second.press('take-over');
  await second.openTab('log');
  await expect(second.row('Written in the first tab')).toBeVisible();
  await expect(first.heading(first.say('taken-over-heading'))).toBeVisible();

  await second.logNote('Written in the second tab');
  await second.hasSharedAll();
  await first.press('take-over-back');
  await first.openTab('log');
  await expect(first.row('Written in the first tab')).toBeVisible();
  await expect(first.row('Written in the second tab')).toBeVisible();
  await expect(second.heading(second.say('taken-over-heading'))).toBeVisible();
});

test('when the first tab is closed, the second one works at its next opening', async ({ meet }) => {
  const first = await meet('Anna');
  await first.startCircle('Rose');
  await first.quickLog('drink');
  const second = await first.newTab();
  await expect(second.heading(second.say('elsewhere-heading'))).toBeVisible();
  await first.page.close();
  await second.page.reload();
  await second.openTab('log');
  await expect(second.row('Drink, 200 ml')).toBeVisible();
});
