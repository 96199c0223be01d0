// A circle that is going to be closed: announced on one phone, seen on the other, kept open.
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

async function openClosing(person: Person): Promise<void> {
  await person.openTab('today');
  await person.press('settings');
  await person.openRow(person.say('settings-circle'));
  await person.openRow(person.say('closing-row'));
  await expect(person.heading(person.say('closing-heading', { person: 'Rose' }))).toBeVisible();
}

test('everybody sees that a circle is going to be closed, and a coordinator keeps it open', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const joan = await meet('Joan');
  await joan.joinAtOnce(await anna.invite('helper'));

  await openClosing(anna);
  for (const key of ['closing-what', 'closing-phones', 'closing-seen', 'closing-by-hand', 'closing-undo']) {
    await expect(anna.main).toContainText(anna.say(key));
  }
  await anna.choose('closing-wait', 'closing-wait-week');
  await anna.press('closing-announce');
  const title = { person: 'Rose' };
  await expect(anna.main).toContainText(anna.say('closing-announced-title', title));
  // Nothing is offered before its time.
  await expect(anna.button('closing-keep-open')).toBeVisible();
  await expect(anna.button('closing-close')).toHaveCount(0);

  // Somebody who decides nothing sees it where they look first, and what it means, by the keyboard alone.
  await joan.openTab('today');
  await expect(joan.main).toContainText(joan.say('closing-announced-title', title));
  await expect(joan.main).toContainText('Anna');
  await expect(joan.button('closing-keep-open')).toHaveCount(0);
  await joan.button('closing-look').focus();
  await joan.page.keyboard.press('Enter');
  await expect(joan.heading(joan.say('closing-heading', title))).toBeFocused();
  await expect(joan.main).toContainText(joan.say('closing-object'));
  await joan.reload();
  await expect(joan.main).toContainText(joan.say('closing-announced-title', title));

  // Without reception it waits, and says so.
  await anna.openTab('today');
  await anna.loseReception();
  await anna.press('closing-keep-open');
  await expect(anna.main).toContainText(anna.say('wish-keep-open'));
  await expect(anna.main).toContainText(anna.say('wish-when-reception'));
  await anna.findReception();
  for (const person of [anna, joan]) {
    await person.openTab('today');
    await expect(person.main).not.toContainText(person.say('closing-announced-title', title));
  }
  await anna.openTab('circle');
  await expect(anna.main).not.toContainText(anna.say('closing-announced-title', title));
});

test('in French it is said as well', async ({ meet }) => {
  const anne = await meet('Anne', { language: 'fr' });
  await anne.startCircle('Rose');
  await openClosing(anne);
  await anne.choose('closing-wait', 'closing-wait-month');
  await anne.press('closing-announce');
  await anne.openTab('circle');
  await expect(anne.main).toContainText(anne.say('closing-announced-title', { person: 'Rose' }));
  await anne.press('closing-keep-open');
  await expect(anne.main).not.toContainText(anne.say('closing-announced-title', { person: 'Rose' }));
});
