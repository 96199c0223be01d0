// Without reception: the second visit opens, what is written stays, and what was half written too.
import { expect, test } from '../support/fixtures.ts';

test('what is written without reception is there after opening again, and shared later', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.hasSharedAll();
  await anna.loseReception();

  await anna.reload();
  await anna.seesSharing('sharing-offline');
  await anna.logNote('The nurse rang at six');
  await anna.addTask('Fetch the prescription');
  await anna.seesSharing('sharing-offline-waiting', { n: 2 });

  await anna.reload();
  await anna.openTab('log');
  await expect(anna.row('The nurse rang at six')).toBeVisible();
  await anna.seesSharing('sharing-offline-waiting', { n: 2 });

  await anna.findReception();
  await anna.hasSharedAll();
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));
  await joan.openTab('tasks');
  await expect(joan.row('Fetch the prescription')).toBeVisible();
});

test('a circle is started without reception, and an invitation is wished for', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.visit('/');
  await expect(anna.heading(anna.say('welcome-heading'))).toBeVisible();
  await anna.loseReception();

  await anna.startCircle('Rose');
  await anna.quickLog('drink');
  await anna.reload();
  await anna.openTab('log');
  await expect(anna.row('Drink, 200 ml')).toBeVisible();
  await anna.openTab('circle');
  await anna.press('invite');
  await anna.choose('invite-role', 'role-helper');
  await anna.choose('invite-uses', 'invite-uses-one');
  await anna.press('invite-button');
  await expect(anna.main).toContainText(anna.say('invitation-offline'));

  await anna.findReception();
  await expect(anna.page.getByRole('figure')).toContainText('/i/');
  await anna.openTab('today');
  await anna.hasSharedAll();
});

test('what was half written is still in the form: after leaving it, and after the phone died', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.tapKind('note');
  const note = anna.field('field-note-note');
  await note.fill('She asked for');
  await note.pressSequentially(' her sister');
  await anna.openTab('today');
  await anna.tapKind('note');
  await expect(note).toHaveValue('She asked for her sister');
  await anna.reload();
  await expect(note).toHaveValue('She asked for her sister');
  await anna.press('keep');
  await anna.openTab('log');
  await expect(anna.row('She asked for her sister')).toBeVisible();
  await anna.tapKind('note');
  await expect(note, 'what was kept is no draft any more').toHaveValue('');
});

test('a link that is opened without reception opens by itself when there is some', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.invite('helper');

  const joan = await meet('Joan');
  await joan.visit('/');
  await expect(joan.heading(joan.say('welcome-heading'))).toBeVisible();
  await joan.loseReception();
  await joan.openLink(link);
  await expect(joan.main).toContainText(joan.say('join-offline'));
  await joan.findReception();
  await expect(joan.heading(joan.say('join-heading', { inviter: 'Anna', person: 'Rose' }))).toBeVisible();
});
