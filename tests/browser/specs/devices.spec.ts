// One's own phones: a second one by a link and four words, the kit on paper, the lost one taken out.
import { expect, test } from '../support/fixtures.ts';

test('a second phone comes in by a link and four words', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.quickLog('drink');
  await anna.hasSharedAll();
  const link = await anna.offerDevice();

  const tablet = await meet('tablet');
  await tablet.visit('/');
  await tablet.press('welcome-second');
  await tablet.field('second-link').fill(link);
  await tablet.press('second-button');
  const words = await tablet.pairingWords();
  await expect(anna.main.getByRole('listitem')).toHaveText(words);
  await anna.press('device-confirm');
  await tablet.isIn();
  await tablet.openTab('log');
  await expect(tablet.row('Drink, 200 ml')).toBeVisible();
  await tablet.quickLog('meal');
  await expect(anna.heading(anna.say('devices-heading'))).toBeVisible();
  await expect(anna.row('Phone 2')).toBeVisible();
  await anna.openTab('log');
  await expect(anna.row('Meal')).toContainText('Anna');
});

test('a link that is declined adds nothing, and says so', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.hasSharedAll();
  const link = await anna.offerDevice();
  const stranger = await meet('stranger');
  await stranger.openLink(link);
  await stranger.pairingWords();
  await expect(anna.button('device-confirm')).toBeVisible();
  await anna.press('device-decline');
  await expect(anna.row('Phone 1')).toBeVisible();
  await expect(anna.row('Phone 2')).toHaveCount(0);
  await expect(stranger.heading(stranger.say('pair-declined'))).toBeVisible();
});

test('the kit on paper brings everything back, and the lost phone is taken out', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.quickLog('drink');
  await anna.hasSharedAll();
  const words = await anna.makeKit();
  await expect(anna.row(anna.say('device-kit'))).toBeVisible();

  const found = await meet('Anna again');
  await found.visit('/');
  await found.press('welcome-restore');
  const field = found.field('restore-words');
  await field.fill(words.with(4, 'qwertz').join(' '));
  await found.press('restore-button');
  await expect(field).toHaveAccessibleDescription(new RegExp(found.say('kit-fault-word', { n: 5, word: 'qwertz' })));
  await field.fill(words.slice(1).join(' '));
  await found.press('restore-button');
  await expect(field).toHaveAccessibleDescription(new RegExp(found.say('kit-fault-count', { n: 17 })));
  await field.fill(words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('\n'));
  await found.press('restore-button');
  await found.isIn();
  await found.openTab('log');
  await expect(found.row('Drink, 200 ml')).toContainText('Anna');

  await found.openDevices();
  await found.openRow('Phone 1');
  await expect(found.heading(found.say('revoke-own-heading', { device: 'Phone 1' }))).toBeVisible();
  await found.press('revoke-button');
  // The kit stays, and says that the lost phone had added it.
  await expect(found.row('Phone 1').filter({ hasNotText: found.say('device-kit') })).toHaveCount(0);
  await expect(found.main.getByText(found.say('devices-by-gone'))).toBeVisible();
  await expect(anna.heading(anna.say('ended-device', { person: 'Rose' }))).toBeVisible();
});
