// Every screen of the app, one after the other, with a circle that has lived a little: for axe and for pictures.
import { expect } from '@playwright/test';
import type { Meet } from './fixtures.ts';
import { Liar } from './liar.ts';
import type { Person } from './person.ts';
import type { Language } from './words.ts';

/** Called on each screen, once it is there; the name is good for a file. */
export type Look = (name: string, person: Person) => Promise<void>;

const STORIES = {
  en: {
    note: 'Restless until three, then quiet with the radio on',
    visit: 'The hospice nurse will ring on Monday',
    task: 'Drive to the hospice clinic',
    place: 'St Columba’s, door B',
    own: 'Keep her company on Thursday',
    notes: ['She likes the blue blanket', 'Blanket is in the wash, take the quilt', 'I will read to her after lunch'],
  },
  fr: {
    note: 'Agitée jusqu’à trois heures, puis calme avec la radio',
    visit: 'L’infirmière rappellera lundi',
    task: 'La conduire à la clinique',
    place: 'Saint-Colomban, porte B',
    own: 'Lui tenir compagnie jeudi',
    notes: ['Elle aime la couverture bleue', 'La couverture est au lavage, prends l’édredon', 'Je lui lirai après le déjeuner'],
  },
} as const;

/** Kinds of entries, each with a form of its own. */
const KINDS = ['drink', 'meal', 'dose', 'symptom', 'sleep', 'mood', 'visit', 'note'];

export async function tour(meet: Meet, language: Language, look: Look): Promise<void> {
  const story = STORIES[language];
  const anna = await meet('Anna', { language });
  await beginning(anna, look);
  await logging(anna, look, story);
  await taskForms(anna, look, story);
  const joan = await meet('Joan', { language });
  await inviting(anna, joan, look, story);
  await twoVersions(anna, joan, look, story);
  const marie = await meet('Marie', { language });
  await fourWords(anna, marie, look);
  await settings(anna, look);
  await people(anna, joan, look, story);
  await ownPhones(meet, language, anna, look);
  await lastThings(meet, language, anna, look, story);
}

type Story = (typeof STORIES)[Language];

async function beginning(anna: Person, look: Look): Promise<void> {
  await anna.visit('/');
  await expect(anna.button('welcome-start')).toBeVisible();
  await look('welcome', anna);
  await anna.press('welcome-invited');
  await anna.press('paste-button');
  await expect(anna.field('paste-link')).toBeFocused();
  await look('paste-fault', anna);
  await anna.press('back');
  await anna.press('welcome-start');
  await anna.press('start-button');
  await expect(anna.field('start-person')).toBeFocused();
  await look('start-fault', anna);
  await anna.startCircle('Rose');
  await anna.hasSharedAll();
  await look('today-first', anna);
  for (const tab of ['log', 'tasks', 'circle'] as const) {
    await anna.openTab(tab);
    await look(`${tab}-empty`, anna);
  }
}

async function logging(anna: Person, look: Look, story: Story): Promise<void> {
  await anna.openTab('today');
  await anna.openQuickLog();
  await look('quick-log', anna);
  await anna.page.keyboard.press('Escape');
  await expect(anna.sheet).toHaveCount(0);
  for (const kind of KINDS) {
    await anna.visit(`/log/new/${kind}`);
    await expect(anna.heading(anna.say(`kind-${kind}`))).toBeVisible();
    await look(`form-${kind}`, anna);
  }
  await anna.visit('/today');
  await anna.quickLog('drink');
  await look('kept', anna);
  await anna.quickLog('meal');
  await anna.logNote(story.note);
  await anna.tapKind('symptom');
  await anna.press('keep');
  await expect(anna.main.getByText(anna.say('fault-choose')).or(anna.main.getByText(anna.say('required-missing'))).first()).toBeVisible();
  await look('form-fault', anna);
  await anna.choose('field-symptom-what', 'option-pain');
  await anna.page.getByRole('group', { name: anna.say('field-symptom-score') }).getByRole('radio', { name: '6', exact: true }).check();
  await anna.press('keep');
  await anna.seesKept();
  await anna.tapKind('dose');
  await anna.field('field-dose-medicine').fill('Oramorph');
  await anna.field('field-dose-dose').fill('2.5 ml');
  await anna.press('keep');
  await anna.seesKept();
  await anna.openTab('log');
  await look('log', anna);
  await anna.openRow(story.note);
  await anna.change('field-note-note', `${story.note}.`);
  await look('entry', anna);
  await anna.press('edit');
  await look('entry-edit', anna);
  await anna.visit('/today');
}

async function taskForms(anna: Person, look: Look, story: Story): Promise<void> {
  await anna.openTab('tasks');
  await anna.press('task-add');
  await anna.field('task-title').fill(story.task);
  await anna.field('task-place').fill(story.place);
  await look('task-form', anna);
  await anna.press('keep');
  await expect(anna.message(anna.say('kept-task', { what: story.task }))).toBeVisible();
  await look('tasks', anna);
}

async function inviting(anna: Person, joan: Person, look: Look, story: Story): Promise<void> {
  await anna.openTab('circle');
  await anna.press('invite');
  await look('invite-form', anna);
  await anna.choose('invite-uses', 'invite-uses-family');
  await look('invite-family', anna);
  const link = await anna.invite('helper');
  await look('invitation', anna);

  await joan.openLink(link);
  await expect(joan.field('start-name')).toBeVisible();
  await look('join', joan);
  await joan.field('start-name').fill('Joan');
  await joan.page.getByRole('button', { name: joan.words.like('join-button') }).click();
  await joan.isIn();
  await joan.hasSharedAll();
  await look('today-helper', joan);
  await joan.claim(story.task);
  await joan.hasSharedAll();
  await look('tasks-claimed', joan);
  await joan.openTask(story.task);
  await look('task-mine', joan);
  await joan.press('task-hand-over');
  await look('hand-over', joan);
  await joan.addTask(story.own, story.notes[0]);
  await anna.openTab('circle');
  await expect(anna.row('Joan')).toBeVisible();
  await look('circle', anna);
}

async function twoVersions(anna: Person, joan: Person, look: Look, story: Story): Promise<void> {
  for (const person of [anna, joan]) {
    await person.openTask(story.own);
    await person.loseReception();
  }
  await anna.change('task-note', story.notes[1]);
  await anna.openTab('tasks');
  await look('tasks-without-reception', anna);
  await joan.change('task-note', story.notes[2]);
  for (const person of [anna, joan]) await person.findReception();
  await anna.openTask(story.own);
  await expect(anna.button('choose-this')).toHaveCount(2);
  await look('task-two-versions', anna);
  await anna.openTab('today');
  await look('today', anna);
}

async function fourWords(anna: Person, marie: Person, look: Look): Promise<void> {
  await marie.join(await anna.invite('caregiver'));
  const words = await marie.fourWords();
  await look('waiting', marie);
  await anna.openTab('circle');
  await expect(anna.main.getByText(anna.say('admit-title', { name: 'Marie' }))).toBeVisible();
  await look('circle-waiting', anna);
  await anna.letIn('Marie', words);
  await marie.openTab('today');
  await marie.hasSharedAll();
  await look('today-carer', marie);
  await anna.openMember('Marie');
  await look('member-admitted', anna);
}

async function settings(anna: Person, look: Look): Promise<void> {
  for (const [path, heading] of [
    ['settings', 'settings'],
    ['settings/circle', 'settings-circle'],
    ['settings/sharing', 'sharing-all'],
    ['settings/not-shared', 'not-shared-heading'],
    ['settings/about', 'about-heading'],
    ['circles', 'circles-heading'],
    ['log/nowhere', 'not-found-heading'],
  ] as const) {
    await anna.visit(`/${path}`);
    await expect(anna.heading(anna.say(heading))).toBeVisible();
    await look(path.replace('/', '-'), anna);
  }
}

async function people(anna: Person, joan: Person, look: Look, story: Story): Promise<void> {
  await joan.openTab('today');
  await anna.openMember('Joan');
  await look('member', anna);
  await anna.press('fresh-link', { name: 'Joan' });
  await expect(anna.page.getByRole('figure')).toBeVisible();
  await look('fresh-link', anna);
  await anna.openMember('Joan');
  await anna.press('role-change');
  await anna.choose('invite-role', 'role-caregiver');
  await look('member-role', anna);
  await anna.press('role-change');
  await expect(joan.tab('log')).toBeVisible();
  await look('role-more', joan);
  await anna.openMember('Joan');
  await anna.loseReception();
  await anna.changeRole('professional');
  await look('member-wish', anna);
  await anna.press('take-back');
  await anna.findReception();
  await anna.press('remove-button', { name: 'Joan' });
  await expect(anna.main).toContainText(anna.say('remove-read'));
  await look('member-remove', anna);
  await joan.loseReception();
  await joan.logNote(story.note);
  await anna.press('remove-button', { name: 'Joan' });
  await anna.openTab('circle');
  await expect(anna.row('Joan')).toHaveCount(0);
  await joan.findReception();
  await expect(joan.heading(joan.say('ended-removed', { person: 'Rose' }))).toBeVisible();
  await look('ended', joan);
  await joan.press('erase');
  await look('erase', joan);
  for (const [path, heading] of [['settings/leave', 'leave-heading'], ['settings/erase', 'erase-heading']] as const) {
    await anna.visit(`/${path}`);
    await expect(anna.heading(anna.say(heading, { person: 'Rose' }))).toBeVisible();
    await look(path.replace('/', '-'), anna);
  }
}

async function ownPhones(meet: Meet, language: Language, anna: Person, look: Look): Promise<void> {
  await anna.openTab('today');
  await anna.hasSharedAll();
  const link = await anna.offerDevice();
  await look('device-code', anna);
  const second = await meet('second', { language });
  await second.visit('/');
  await second.press('welcome-second');
  await look('second-phone', second);
  await second.field('second-link').fill(link);
  await second.press('second-button');
  await second.pairingWords();
  await look('second-words', second);
  await expect(anna.button('device-confirm')).toBeVisible();
  await look('device-words', anna);
  await anna.press('device-confirm');
  await second.isIn();
  await look('devices', anna);
  await anna.press('kit-make');
  await look('kit-about', anna);
  await anna.press('kit-make');
  await expect(anna.button('kit-written')).toBeVisible();
  await look('kit', anna);
  const kit = await anna.main.getByRole('listitem').allInnerTexts();
  await anna.press('kit-written');
  await anna.press('kit-check-button');
  await look('kit-check-fault', anna);
  for (const [index, word] of kit.entries()) {
    const field = anna.page.getByRole('textbox', { name: anna.say('kit-check-word', { n: index + 1 }), exact: true });
    if (await field.isVisible()) await field.fill(word);
  }
  await anna.press('kit-check-button');
  await expect(anna.message(anna.say('notice-kit-kept'))).toBeVisible();
  await look('devices-kit', anna);
  await anna.openRow(anna.say('device-kit'));
  await look('kit-stands', anna);
  await anna.visit('/settings/devices');
  await anna.main.getByRole('button', { name: new RegExp(anna.say('device-phone', { n: 2 })) }).click();
  await look('device-revoke', anna);
  await second.visit('/restore');
  await second.press('restore-button');
  await look('restore-fault', second);
  await anna.visit('/today');
}

async function lastThings(meet: Meet, language: Language, anna: Person, look: Look, story: Story): Promise<void> {
  const tom = await meet('Tom', { language });
  const link = await anna.invite('helper');
  await anna.press('cancel-invite');
  await anna.openTab('today');
  await anna.hasSharedAll();
  await tom.openLink(link);
  await expect(tom.heading(tom.say('link-cancelled'))).toBeVisible();
  await look('link-cancelled', tom);

  const liar = new Liar();
  const tess = await meet('Tess', { language, liar });
  await tess.joinAtOnce(await anna.invite('helper'));
  await tess.hasSharedAll();
  liar.tell('alter');
  await anna.addTask(story.visit);
  await tess.seesSharing('sharing-stopped');
  await look('stopped', tess);
  await tess.visit('/settings/sharing');
  await expect(tess.main).toContainText(tess.say('sharing-stopped-do'));
  await look('sharing-stopped', tess);

  await anna.visit('/settings/server');
  await expect(anna.field('server-address')).toBeVisible();
  await look('settings-server', anna);
  await anna.visit('/settings/circle/closing');
  await anna.choose('closing-wait', 'closing-wait-week');
  await look('closing', anna);
  await anna.press('closing-announce');
  await expect(anna.button('closing-keep-open')).toBeVisible();
  await look('closing-announced', anna);
  await anna.openTab('today');
  await look('today-closing', anna);

  const second = await anna.newTab();
  await expect(second.heading(anna.say('elsewhere-heading'))).toBeVisible();
  await look('elsewhere', second);
}
