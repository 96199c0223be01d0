// A server that lies: what a person then reads, that nothing of theirs is lost, that nothing more is sent, and how it heals.
import { expect, test, type Meet } from '../support/fixtures.ts';
import { Liar, type Lie } from '../support/liar.ts';
import type { Person } from '../support/person.ts';

const BEFORE = 'Bring groceries';
const OWN = 'Water the roses';
const LIED = 'Fetch the prescription';
const NEXT = 'Ring the hospice';
const AFTER = 'Written after it stopped';

interface Circle {
  anna: Person;
  joan: Person;
  liar: Liar;
}

/** Anna's circle, with Joan as a helper behind a server that tells the truth so far. */
async function circle(meet: Meet): Promise<Circle> {
  const liar = new Liar();
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const joan = await meet('Joan', { liar });
  await joan.joinAtOnce(await anna.invite('helper'));
  await anna.addTask(BEFORE);
  await joan.openTab('tasks');
  await expect(joan.row(BEFORE)).toBeVisible();
  await joan.addTask(OWN);
  await joan.hasSharedAll();
  await anna.openTab('tasks');
  await expect(anna.row(OWN)).toBeVisible();
  return { anna, joan, liar };
}

async function dialsAgain(person: Person, somethingWaits = false): Promise<void> {
  await person.loseReception();
  await (somethingWaits ? person.seesSharing('sharing-offline-waiting', { n: 1 }) : person.seesSharing('sharing-offline'));
  await person.findReception();
}

/** What is read wherever one looks first, and what stands behind it. */
async function readsThatItStopped(joan: Person): Promise<void> {
  await joan.openTab('today');
  await joan.seesSharing('sharing-stopped');
  await expect(joan.main).toContainText(joan.say('sharing-stopped-explain'));
}

async function hasEverything(joan: Person, tasks: string[]): Promise<void> {
  await joan.openTab('tasks');
  for (const task of tasks) await expect(joan.row(task)).toBeVisible();
}

test('an altered entry: it is said at once, one goes on writing, and nothing more is sent', async ({ meet }) => {
  const { anna, joan, liar } = await circle(meet);
  liar.tell('alter');
  await anna.addTask(LIED);
  await readsThatItStopped(joan);
  await hasEverything(joan, [BEFORE, OWN]);
  await expect(joan.row(LIED)).toHaveCount(0);

  const sent = liar.heard;
  await joan.addTask(AFTER);
  await joan.openTask(OWN);
  await joan.change('task-note', 'The red ones too');
  await joan.reload();
  await hasEverything(joan, [BEFORE, OWN, AFTER]);
  liar.tellTruth();
  await dialsAgainWithoutALine(joan);
  await readsThatItStopped(joan);
  await joan.sharing.getByRole('button', { name: joan.say('sharing-stopped'), exact: true }).click();
  await expect(joan.heading(joan.say('sharing-stopped'))).toBeVisible();
  await expect(joan.main).toContainText(joan.say('sharing-stopped-do'));
  await expect(joan.main).toContainText(joan.words.like('sharing-evidence'));
  expect(liar.heard, 'nothing is asked or sent any more').toBe(sent);
  await hasEverything(anna, [BEFORE, OWN, LIED]);
  await expect(anna.row(AFTER)).toHaveCount(0);

  await test.step('a new link brings her back in, and what she wrote meanwhile is still there to copy', async () => {
    await anna.openMember('Joan');
    await anna.press('fresh-link', { name: 'Joan' });
    const link = await anna.page.getByRole('figure').getByText(/\/i\/.+#/).innerText();
    await joan.joinAtOnce(link);
    await hasEverything(joan, [BEFORE, OWN, LIED]);
    await joan.hasSharedAll();
    await joan.visit('/circles');
    await expect(joan.row('Rose')).toHaveCount(2);
    await joan.main.getByRole('listitem').filter({ hasText: 'Rose' }).filter({ hasNotText: joan.say('circle-here') }).getByRole('button').click();
    await readsThatItStopped(joan);
    await hasEverything(joan, [AFTER]);
  });
});

/** Without the sharing line, which says that it stopped. */
async function dialsAgainWithoutALine(joan: Person): Promise<void> {
  await joan.loseReception();
  await joan.findReception();
  await joan.reload();
}

const NOTICED: [Lie, string][] = [
  ['again', 'an old entry in the place of a new one'],
  ['swap', 'two entries in each other’s place'],
];
for (const [lie, what] of NOTICED) {
  test(`${what}: it is said, and what was there stays`, async ({ meet }) => {
    const { anna, joan, liar } = await circle(meet);
    liar.tell(lie);
    await anna.addTask(LIED);
    await anna.addTask(NEXT);
    await readsThatItStopped(joan);
    await hasEverything(joan, [BEFORE, OWN]);
    await expect(joan.row(BEFORE)).toHaveCount(1);
    await joan.addTask(AFTER);
    await joan.reload();
    await hasEverything(joan, [BEFORE, OWN, AFTER]);
  });
}

test('another past: it is said as soon as it is shown', async ({ meet }) => {
  const { joan, liar } = await circle(meet);
  await joan.openTab('today');
  liar.tell('other-past');
  await joan.loseReception();
  await joan.findReception();
  await readsThatItStopped(joan);
  await hasEverything(joan, [BEFORE, OWN]);
});

test('an older state: nothing goes from the phone, and all is there again with the truth', async ({ meet }) => {
  const { anna, joan, liar } = await circle(meet);
  await joan.openTab('today');
  liar.tell('old-state');
  await dialsAgain(joan);
  await joan.addTask(NEXT);
  await joan.openTab('today');
  await joan.seesSharing('sharing-now');
  await hasEverything(joan, [BEFORE, OWN, NEXT]);
  await joan.reload();
  await hasEverything(joan, [BEFORE, OWN, NEXT]);

  liar.tellTruth();
  await joan.openTab('today');
  await dialsAgain(joan, true);
  await joan.hasSharedAll();
  await hasEverything(anna, [BEFORE, OWN, NEXT]);
});

test('the newest entries withheld: one sees when each person was last heard from, and the truth brings all', async ({ meet }) => {
  const { anna, joan, liar } = await circle(meet);
  liar.tell('withhold');
  await anna.addTask(LIED);
  await anna.hasSharedAll();
  await laterBy(joan, 100);
  await joan.openMember('Anna');
  await expect(joan.row(joan.say('member-heard'))).toContainText(/\d min ago/);
  await hasEverything(joan, [BEFORE, OWN]);
  await joan.addTask(NEXT);
  await joan.reload();
  await hasEverything(joan, [BEFORE, OWN, NEXT]);
  await expect(joan.row(LIED)).toHaveCount(0);

  liar.tellTruth();
  await joan.openTab('today');
  await dialsAgain(joan, true);
  await joan.hasSharedAll();
  await hasEverything(joan, [BEFORE, OWN, LIED, NEXT]);
  await hasEverything(anna, [NEXT]);
  await anna.addTask(AFTER);
  await joan.openMember('Anna');
  await expect(joan.row(joan.say('member-heard'))).toContainText(joan.say('ago-now'));
});

test('without sockets it is noticed as well', async ({ meet }) => {
  const { anna, joan, liar } = await circle(meet);
  joan.reception.withoutSockets = true;
  await joan.openTab('today');
  await dialsAgain(joan);
  await joan.hasSharedAll();
  liar.tell('alter');
  await anna.addTask(LIED);
  await anna.hasSharedAll();
  // What is sent brings what is new.
  await joan.addTask(NEXT);
  await readsThatItStopped(joan);
  await hasEverything(joan, [BEFORE, OWN]);
  // The browser notes each socket that does not open.
  joan.complaints.length = 0;
});

/** Time goes by for a browser, in seconds; by less than two minutes, or its clock would count as wrong. */
async function laterBy(person: Person, seconds: number): Promise<void> {
  await person.page.evaluate((ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
  }, seconds * 1000);
}
