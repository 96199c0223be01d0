// Every screen of the app, one after the other, with a circle that has lived a little: for axe and for pictures.
import { expect } from '@playwright/test';
import type { Meet } from './fixtures.ts';
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
  await lastThings(anna, joan, look);
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
}

async function settings(anna: Person, look: Look): Promise<void> {
  for (const [path, heading] of [
    ['settings', 'settings'],
    ['settings/circle', 'settings-circle'],
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

async function lastThings(anna: Person, joan: Person, look: Look): Promise<void> {
  const link = await anna.invite('helper');
  await anna.press('cancel-invite');
  await anna.openTab('today');
  await anna.hasSharedAll();
  await joan.openLink(link);
  await expect(joan.heading(joan.say('link-cancelled'))).toBeVisible();
  await look('link-cancelled', joan);

  const second = await anna.newTab();
  await expect(second.heading(anna.say('elsewhere-heading'))).toBeVisible();
  await look('elsewhere', second);
}
