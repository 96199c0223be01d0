// Membership as it changes: a role, somebody who is taken out, a family's link, somebody who leaves.
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

const NOTE = 'She asked for the window to be open';

test('a role that loses the log says so, and keeps what was not shared', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.quickLog('drink');
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));

  await anna.openMember('Joan');
  await expect(anna.main).toContainText(anna.say('sees-not-log-they'));
  await expect(anna.row(anna.say('member-invited-by'))).toContainText('Anna');
  await anna.changeRole('caregiver');
  await joan.openTab('log');
  await expect(joan.row('Drink, 200 ml')).toBeVisible();

  await joan.loseReception();
  await joan.logNote(NOTE);
  await anna.openMember('Joan');
  await anna.changeRole('helper', [anna.say('role-loses-log', { name: 'Joan' }), anna.say('role-stays', { name: 'Joan' })]);
  await anna.openTab('today');
  await anna.hasSharedAll();
  await joan.findReception();
  await expect(joan.tab('log')).toHaveCount(0);
  await expect(joan.message(joan.say('notice-role-less', { role: 'Helper' }))).toBeVisible();
  await joan.page.getByRole('banner').getByRole('button', { name: joan.say('sharing-not-shared', { n: 1 }) }).click();
  await expect(joan.row(NOTE)).toContainText(joan.say('drawer-no-right'));
  await expect(joan.button('offer-again')).toHaveCount(0);
  expect(await copies(joan, NOTE)).toBe(NOTE);
  await anna.openTab('log');
  await expect(anna.row('Drink, 200 ml')).toBeVisible();
  await expect(anna.row(NOTE), 'what was not shared is with nobody else').toHaveCount(0);

  await anna.openMember('Joan');
  await anna.changeRole('caregiver');
  await joan.press('offer-again');
  await expect(joan.heading(joan.say('not-shared-heading'))).toBeVisible();
  await expect(joan.main).toContainText(joan.say('not-shared-empty'));
  await anna.openTab('log');
  await expect(anna.row(NOTE)).toBeVisible();
});

test('who is taken out reads so, keeps what was not shared, and clears the phone', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));
  await anna.addTask('Bring groceries');
  await joan.addTask('Fetch bread');
  await joan.hasSharedAll();
  await joan.loseReception();
  await joan.addTask('Water the roses', 'The red ones too');

  await anna.openMember('Joan');
  await anna.press('remove-button', { name: 'Joan' });
  await expect(anna.main).toContainText(anna.say('remove-read'));
  await anna.press('remove-button', { name: 'Joan' });
  await anna.openTab('circle');
  await expect(anna.row('Joan')).toHaveCount(0);

  await joan.findReception();
  await expect(joan.heading(joan.say('ended-removed', { person: 'Rose' }))).toBeVisible();
  await expect(joan.main).toContainText(joan.say('ended-kept'));
  await expect(joan.row('Water the roses')).toBeVisible();
  await expect(joan.main).not.toContainText('Bring groceries');
  expect(await copies(joan, 'Water the roses')).toBe('Water the roses\nThe red ones too');
  await anna.openTask('Fetch bread');
  await expect(anna.row(anna.say('history-made', { who: 'Joan' })), 'what she shared stays, with her name').toBeVisible();
  await anna.openTab('tasks');
  await expect(anna.row('Water the roses')).toHaveCount(0);
  await joan.reload();
  await expect(joan.row('Water the roses')).toBeVisible();
  await joan.press('erase');
  await expect(joan.heading(joan.say('erase-heading', { person: 'Rose' }))).toBeVisible();
  await joan.press('erase');
  await expect(joan.button('welcome-start')).toBeVisible();
  await joan.reload();
  await expect(joan.button('welcome-start')).toBeVisible();
});

test('what waits for reception says so, and can be taken back', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));
  await anna.openMember('Joan');
  await anna.loseReception();
  await anna.changeRole('friend');
  const wish = anna.main.getByText(anna.say('wish-set-role', { name: 'Joan', role: 'Friend' }));
  await expect(wish).toBeVisible();
  await expect(anna.main).toContainText(anna.say('wish-when-reception'));
  await anna.press('take-back');
  await expect(wish).toHaveCount(0);
  await anna.findReception();
  await anna.openTab('today');
  await anna.hasSharedAll();
  await anna.openTab('circle');
  await expect(anna.row('Joan')).toContainText('Helper');
});

test('a family comes in by one link', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.inviteFamily(2);
  for (const name of ['Tom', 'Tim']) await (await meet(name)).joinAtOnce(link);
  await anna.openTab('circle');
  for (const name of ['Tom', 'Tim']) await expect(anna.row(name)).toBeVisible();
  const late = await meet('Tess');
  await late.openLink(link);
  await expect(late.heading(late.say('link-used'))).toBeVisible();
});

test('a coordinator leaves once there is another', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.addTask('Bring groceries');
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));

  await leaves(anna);
  await expect(anna.main).toContainText(anna.say('leave-last'));
  await anna.openMember('Joan');
  await anna.changeRole('coordinator');
  await expect(joan.tab('log')).toBeVisible();
  await leaves(anna);
  await expect(anna.main).toContainText(anna.say('role-stays-own'));
  await anna.press('leave');
  await expect(anna.heading(anna.say('ended-left', { person: 'Rose' }))).toBeVisible();
  await joan.openTab('circle');
  await expect(joan.row('Anna')).toHaveCount(0);
  await joan.openTab('tasks');
  await expect(joan.row('Bring groceries')).toBeVisible();
});

/** Copies what lies under "Not shared", and gives what can then be pasted elsewhere. */
async function copies(person: Person, what: string): Promise<string> {
  await person.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await person.row(what).getByRole('button', { name: person.say('copy'), exact: true }).click();
  await expect(person.message(person.say('notice-copied'))).toBeVisible();
  return person.page.evaluate(() => navigator.clipboard.readText());
}

async function leaves(person: Person): Promise<void> {
  await person.openTab('today');
  await person.press('settings');
  await person.openRow(person.say('leave-detail'));
  await expect(person.heading(person.say('leave-heading', { person: 'Rose' }))).toBeVisible();
}
