// The whole story once: a carer, a helper, a caregiver, three browsers, and a server that learns nothing.
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

const NOTE = 'Restless until three, then quiet';
const NOTE_EDITED = 'Restless until three, then quiet with the radio on';
const MEDICINE = 'Oramorph';
const SHOPPING = 'Bring groceries from Patel';
const COMPANY = 'Keep her company on Thursday';
const CLINIC = 'Drive to the hospice clinic';
const FIRST_NOTE = 'She likes the blue blanket';
const ANNAS_NOTE = 'Blanket is in the wash, take the quilt';
const JOANS_NOTE = 'I will read to her after lunch';
const TYPED = [
  'Rose', 'Anna', 'Joan', 'Marie', NOTE, NOTE_EDITED, MEDICINE, SHOPPING, COMPANY, CLINIC, FIRST_NOTE, ANNAS_NOTE, JOANS_NOTE,
  'Restless', 'groceries', 'company', 'hospice', 'blanket', 'quilt', 'lunch',
];

test('a circle, from its first evening to its third member', async ({ server, meet }) => {
  const anna = await meet('Anna');
  const joan = await meet('Joan');

  await test.step('Anna starts a circle and logs three things', async () => {
    await anna.startCircle('Rose');
    await anna.quickLog('drink');
    await anna.logNote(NOTE);
    await anna.tapKind('dose');
    await anna.field('field-dose-medicine').fill(MEDICINE);
    await anna.press('keep');
    await anna.seesKept();
    await anna.addTask(SHOPPING);
    await anna.addTask(CLINIC);
    await anna.hasSharedAll();
  });

  await test.step('Joan joins by a link as a helper and takes a task', async () => {
    await joan.joinAtOnce(await anna.invite('helper'));
    await expect(joan.tab('log'), 'a helper does not see the log').toHaveCount(0);
    await joan.claim(SHOPPING);
    await joan.addTask(COMPANY, FIRST_NOTE);
    await joan.hasSharedAll();
    await anna.openTab('tasks');
    await expect(anna.row(SHOPPING)).toContainText('Joan has this');
    await expect(anna.row(COMPANY)).toBeVisible();
  });

  await test.step('both lose reception and go on writing', async () => {
    await anna.loseReception();
    await joan.loseReception();

    await anna.openTab('log');
    await anna.openRow(NOTE);
    await anna.change('field-note-note', NOTE_EDITED);
    await anna.openTask(COMPANY);
    await anna.change('task-note', ANNAS_NOTE);
    await anna.openTab('today');
    await anna.seesSharing('sharing-offline-waiting', { n: 2 });

    await joan.openTask(COMPANY);
    await joan.change('task-note', JOANS_NOTE);
    await joan.claim(CLINIC);
    await joan.seesSharing('sharing-offline-waiting', { n: 2 });
  });

  await test.step('both open the page again, still without reception: all is there', async () => {
    await anna.reload();
    await anna.openTab('log');
    await expect(anna.row(NOTE_EDITED)).toBeVisible();
    await anna.openTask(COMPANY);
    await expect(anna.row(ANNAS_NOTE)).toBeVisible();
    await anna.openTab('today');
    await anna.seesSharing('sharing-offline-waiting', { n: 2 });

    await joan.reload();
    await joan.openTask(COMPANY);
    await expect(joan.row(JOANS_NOTE)).toBeVisible();
    await joan.openTab('tasks');
    await expect(joan.row(CLINIC)).toContainText('You have this');
  });

  await test.step('both come back: the same for both, and nothing is lost', async () => {
    await anna.findReception();
    await joan.findReception();
    await anna.hasSharedAll();
    await joan.hasSharedAll();

    for (const person of [anna, joan]) {
      await person.openTask(COMPANY);
      await expect(person.button('choose-this')).toHaveCount(2);
      await expect(version(person, ANNAS_NOTE)).toContainText(/Anna, (just now|\d+ min ago)/);
      await expect(version(person, JOANS_NOTE)).toContainText(/Joan, (just now|\d+ min ago)/);
      await expect(change(person, 'Anna', 'Notes')).toContainText(/just now|min ago/);
      await expect(change(person, 'Joan', 'Notes')).toContainText(/just now|min ago/);
      await person.openTab('tasks');
    }
    await expect(anna.row(CLINIC)).toContainText('Joan has this');
    await expect(joan.row(CLINIC)).toContainText('You have this');

    await anna.openTab('log');
    await anna.openRow(NOTE_EDITED);
    await expect(anna.row('Anna wrote it')).toContainText(/just now|min ago/);
    await expect(change(anna, 'Anna', 'What happened?')).toContainText(/just now|min ago/);
  });

  await test.step('Joan chooses one version, for both', async () => {
    await joan.openTask(COMPANY);
    await version(joan, JOANS_NOTE).getByRole('button', { name: 'Keep this one' }).click();
    await expect(joan.message(joan.say('kept-chosen'))).toBeVisible();
    await joan.openTab('today');
    await joan.hasSharedAll();
    await joan.openTask(COMPANY);
    await anna.openTask(COMPANY);
    for (const person of [anna, joan]) {
      await expect(person.button('choose-this')).toHaveCount(0);
      await expect(person.row(JOANS_NOTE)).toBeVisible();
    }
  });

  const marie = await meet('Marie');
  await test.step('Marie joins as a caregiver, is let in by four words, and sees the log from its first day', async () => {
    await marie.join(await anna.invite('caregiver'));
    const words = await marie.fourWords();
    await anna.letIn('Marie', words);
    await expect(marie.tab('today')).toHaveAttribute('aria-current', 'page');
    await marie.openTab('log');
    for (const entry of ['Drink, 200 ml', NOTE_EDITED, MEDICINE]) await expect(marie.row(entry)).toBeVisible();
    await marie.openRow(NOTE_EDITED);
    await expect(change(marie, 'Anna', 'What happened?')).toBeVisible();
    await marie.openTab('circle');
    for (const name of ['Anna', 'Joan', 'Marie']) await expect(marie.row(name)).toBeVisible();
  });

  await test.step('the server has kept nothing that anybody typed', async () => {
    await server.stop();
    const stored = await server.stored();
    expect(stored.includes('SQLite format 3'), 'the search finds what is there').toBe(true);
    expect(stored.length).toBeGreaterThan(10_000);
    expect(TYPED.filter((word) => stored.includes(word, 0, 'utf8'))).toEqual([]);
  });
});

/** What the history says of somebody's change of a field. */
function change(person: Person, who: string, field: string) {
  const said = person.main.getByRole('listitem').filter({ hasText: person.words.like('history-changed', { who }) });
  return said.filter({ hasText: field });
}

/** The item in which this version of a text is offered. */
function version(person: Person, text: string) {
  return person.row(text).filter({ has: person.button('choose-this') });
}
