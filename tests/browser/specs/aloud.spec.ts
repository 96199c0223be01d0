// For who hears the screen, or has no mouse: people and phones. What comes while one waits is said; where one is, is said first.
import { expect, test } from '../support/fixtures.ts';
import { moveTo, pressByKey } from '../support/keyboard.ts';

test('what comes while one waits for another phone is said, and a no has the focus', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.hasSharedAll();
  const link = await anna.offerDevice();
  await expect(anna.message(anna.say('device-ready'))).toBeAttached();

  const tablet = await meet('tablet');
  await tablet.openLink(link);
  await tablet.pairingWords();
  await expect(tablet.message(tablet.say('second-compare'))).toBeAttached();
  await expect(anna.message(anna.say('device-compare'))).toBeAttached();
  await moveTo(anna, anna.button('device-confirm'));
  await pressByKey(anna, anna.button('device-decline'));
  await expect(tablet.heading(tablet.say('pair-declined'))).toBeFocused();
  await expect(anna.heading(anna.say('devices-heading'))).toBeFocused();
});

test('somebody gets another role and is taken out with the keyboard alone', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));
  await anna.openTab('circle');

  await pressByKey(anna, anna.main.getByRole('button', { name: /^Joan/ }));
  await expect(anna.heading('Joan')).toBeFocused();
  await pressByKey(anna, anna.button('role-change'));
  await expect(anna.heading(anna.say('role-change-heading', { name: 'Joan' }))).toBeFocused();
  const roles = anna.page.getByRole('group', { name: anna.say('invite-role'), exact: true });
  await moveTo(anna, roles.getByRole('radio', { checked: true }));
  await anna.page.keyboard.press('ArrowUp');
  await expect(roles.getByRole('radio', { name: anna.say('role-professional'), exact: true })).toBeChecked();
  await pressByKey(anna, anna.button('role-change'));
  await expect(anna.heading('Joan')).toBeFocused();
  await expect(joan.message(joan.say('notice-role-more', { role: 'Professional' }))).toBeVisible();

  await pressByKey(anna, anna.button('remove-button', { name: 'Joan' }));
  await expect(anna.heading(anna.say('remove-heading', { name: 'Joan' }))).toBeFocused();
  await pressByKey(anna, anna.button('remove-button', { name: 'Joan' }));
  await expect(anna.heading(anna.say('tab-circle'))).toBeFocused();
  await expect(joan.heading(joan.say('ended-removed', { person: 'Rose' }))).toBeFocused();
});
