// A browser that stores nothing, and one that has no room: said in words, and nothing is lost.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

test('a browser that refuses to store anything is told so, before anything could be written', async ({ meet }) => {
  const anna = await meet('Anna', { prepare: blockAllStorage });
  await anna.visit('/');
  await expect(anna.heading(anna.say('refused-heading'))).toBeVisible();
  await expect(anna.main).toContainText(anna.say('refused-lead'));
  await expect(anna.button('try-again')).toBeVisible();
  // It is the browser's refusal, which the browser may report as it likes.
  anna.complaints.length = 0;
});

test('when the room runs out, what was kept stays, what was typed stays, and it is kept once there is room', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  await anna.logNote('Kept while there was room');
  await anna.hasSharedAll();

  await leaveRoom(anna, false);
  await anna.tapKind('note');
  await anna.field('field-note-note').fill('Typed without room');
  await anna.press('keep');
  await expect(anna.message(anna.say('storage-full'))).toBeVisible();
  await expect(anna.field('field-note-note')).toHaveValue('Typed without room');

  await leaveRoom(anna, true);
  await anna.press('keep');
  await anna.seesKept();
  await anna.reload();
  await anna.openTab('log');
  await expect(anna.row('Typed without room')).toBeVisible();
  await expect(anna.row('Kept while there was room')).toBeVisible();
  await anna.hasSharedAll();
});

/** As the setting "Don't allow sites to save data on your device". */
async function blockAllStorage(profile: string): Promise<void> {
  await mkdir(join(profile, 'Default'), { recursive: true });
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(blocked));
}

/** Whether there is room on the disk: without it the browser refuses every write as it does when the disk is full. */
async function leaveRoom(person: Person, room: boolean): Promise<void> {
  await person.page.evaluate((room) => {
    const prototype = IDBObjectStore.prototype as IDBObjectStore & { free?: IDBObjectStore['put'] };
    prototype.free ??= prototype.put;
    const full = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
    prototype.put = room ? prototype.free : full;
  }, room);
}
