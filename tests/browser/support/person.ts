// Somebody with a browser: what they do and see, by roles and names, never by how it is drawn.
import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Reception } from './reception.ts';
import { Words, containing, literally } from './words.ts';

export type Role = 'caregiver' | 'professional' | 'helper' | 'friend';
/** What the Log button is called for who hears the screen; web/src/words.rs. */
const LOG = { en: 'Log what happened', fr: 'Noter ce qui s’est passé' };

export type Tab = 'today' | 'log' | 'tasks' | 'circle';

export class Person {
  /** What the browser complained about: panics, errors that nobody caught. */
  readonly complaints: string[] = [];
  /** Requests of the app to anybody but its server. */
  readonly strangers: string[] = [];

  constructor(
    readonly name: string,
    readonly page: Page,
    readonly context: BrowserContext,
    readonly reception: Reception,
    readonly origin: string,
    readonly words: Words,
  ) {
    this.listenTo(page);
  }

  // ---- What is on the screen

  get main(): Locator {
    return this.page.getByRole('main');
  }

  get sheet(): Locator {
    return this.page.getByRole('dialog');
  }

  say(key: string, args?: Record<string, string | number>): string {
    return this.words.say(key, args);
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }

  button(key: string, args?: Record<string, string | number>): Locator {
    return this.page.getByRole('button', { name: this.say(key, args), exact: true });
  }

  field(key: string): Locator {
    return this.page.getByRole('textbox', { name: this.say(key), exact: true });
  }

  /** A row or any other item of a list that says this. */
  row(text: string): Locator {
    return this.main.getByRole('listitem').filter({ hasText: containing(text) });
  }

  tab(tab: Tab): Locator {
    return this.page.getByRole('navigation').getByRole('button', { name: this.say(`tab-${tab}`), exact: true });
  }

  /** What the app says under the thumb: that something was kept, or could not be. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('status').filter({ hasText: text });
  }

  /** The sharing line as it is seen, on the screen of a tab. */
  get sharing(): Locator {
    return this.page.getByRole('banner');
  }

  async seesSharing(key: string, args?: Record<string, string | number>): Promise<void> {
    await expect(this.sharing.getByText(this.say(key, args), { exact: true })).toBeVisible();
  }

  async hasSharedAll(): Promise<void> {
    await this.seesSharing('sharing-all');
  }

  // ---- Moving about

  async visit(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.origin).href);
  }

  async press(key: string, args?: Record<string, string | number>): Promise<void> {
    await this.button(key, args).click();
  }

  /** Goes to a tab, and back first from screens whose own button stands in the place of the tabs. */
  async openTab(tab: Tab): Promise<void> {
    const back = this.button('back');
    await expect(this.tab(tab).or(back).first()).toBeVisible();
    while (!(await this.tab(tab).isVisible())) {
      const here = this.page.url();
      await back.click();
      await expect(this.page).not.toHaveURL(here);
    }
    await this.tab(tab).click();
    await expect(this.tab(tab)).toHaveAttribute('aria-current', 'page');
  }

  async openRow(text: string): Promise<void> {
    await this.main.getByRole('button', { name: containing(text) }).click();
  }

  // ---- Circles and invitations

  async startCircle(person: string): Promise<void> {
    await this.visit('/');
    await this.press('welcome-start');
    await this.field('start-person').fill(person);
    await this.field('start-name').fill(this.name);
    await this.press('start-button');
    await expect(this.tab('today')).toHaveAttribute('aria-current', 'page');
  }

  /** Makes an invitation for one person and gives its link, as it stands under the code. */
  async invite(role: Role): Promise<string> {
    await this.openTab('circle');
    await this.press('invite');
    await this.choose('invite-role', `role-${role}`);
    await this.choose('invite-uses', 'invite-uses-one');
    await this.press('invite-button');
    return this.linkShown();
  }

  /** Makes an invitation for so many helpers, and gives its link. */
  async inviteFamily(count: number): Promise<string> {
    await this.openTab('circle');
    await this.press('invite');
    await this.choose('invite-uses', 'invite-uses-family');
    await this.page.getByRole('spinbutton', { name: this.say('invite-count') }).or(this.field('invite-count')).fill(String(count));
    await this.choose('invite-lasts', 'invite-lasts-day');
    await this.press('invite-button');
    return this.linkShown();
  }

  /** The link under the code. */
  private async linkShown(): Promise<string> {
    const link = this.page.getByRole('figure').getByText(/\/[id]\/.+#/);
    await expect(link).toBeVisible();
    return link.innerText();
  }

  async openMember(name: string): Promise<void> {
    await this.openTab('circle');
    await this.openRow(name);
    await expect(this.heading(name)).toBeVisible();
  }

  /** On a member's screen; what is said before it happens can be looked at. */
  async changeRole(role: Role | 'coordinator', before: string[] = []): Promise<void> {
    await this.press('role-change');
    await expect(this.page).toHaveURL(/\/role$/);
    await this.choose('invite-role', `role-${role}`);
    for (const sentence of before) await expect(this.main).toContainText(sentence);
    await this.press('role-change');
    await expect(this.page).not.toHaveURL(/\/role$/);
  }

  async openDevices(): Promise<void> {
    await this.openTab('today');
    await this.press('settings');
    await this.openRow(this.say('devices-heading'));
    await expect(this.heading(this.say('devices-heading'))).toBeVisible();
  }

  /** Opens a pairing and gives its link. */
  async offerDevice(): Promise<string> {
    await this.openDevices();
    await this.press('device-add');
    return this.linkShown();
  }

  /** Makes a kit, writes its words down and types back the three that are asked for. */
  async makeKit(): Promise<string[]> {
    await this.openDevices();
    await this.press('kit-make');
    await this.press('kit-make');
    const listed = this.main.getByRole('listitem');
    await expect(listed).toHaveCount(18);
    const words = await listed.allInnerTexts();
    await this.press('kit-written');
    await expect(this.heading(this.say('kit-check-heading'))).toBeVisible();
    for (const [index, word] of words.entries()) {
      const field = this.page.getByRole('textbox', { name: this.say('kit-check-word', { n: index + 1 }), exact: true });
      if (await field.isVisible()) await field.fill(word);
    }
    await this.press('kit-check-button');
    await expect(this.message(this.say('notice-kit-kept'))).toBeVisible();
    return words;
  }

  async openLink(link: string): Promise<void> {
    await this.page.goto(link);
  }

  async join(link: string): Promise<void> {
    await this.openLink(link);
    await this.field('start-name').fill(this.name);
    await this.page.getByRole('button', { name: this.words.like('join-button') }).click();
  }

  /** Joins as somebody who need not be let in. */
  async joinAtOnce(link: string): Promise<void> {
    await this.join(link);
    await this.isIn();
  }

  /** The app opens Today by itself once somebody is in. */
  async isIn(): Promise<void> {
    await expect(this.tab('today')).toHaveAttribute('aria-current', 'page');
  }

  /** The words to compare, on the screen of who waits. */
  async fourWords(): Promise<string[]> {
    await expect(this.heading(this.say('waiting-heading'))).toBeVisible();
    await expect(this.main.getByRole('listitem')).toHaveCount(4);
    return this.main.getByRole('listitem').allInnerTexts();
  }

  /** The four words of a new phone of somebody who is in already. */
  async pairingWords(): Promise<string[]> {
    await expect(this.main.getByRole('listitem')).toHaveCount(4);
    return this.main.getByRole('listitem').allInnerTexts();
  }

  /** Lets in the one who waits, if the words are the same on both screens. */
  async letIn(name: string, words: string[]): Promise<void> {
    await this.openTab('circle');
    await expect(this.main.getByText(this.say('admit-title', { name }))).toBeVisible();
    const shown = this.main.getByRole('list').filter({ hasText: new RegExp(`^${words.map(literally).join('\\s*')}$`) });
    await expect(shown.getByRole('listitem')).toHaveText(words);
    await this.press('admit');
  }

  // ---- The log

  /** The button under the thumb; the tab is another. */
  get logButton(): Locator {
    return this.page.getByRole('button', { name: LOG[this.words.language], exact: true });
  }

  /** Opens the sheet. */
  async openQuickLog(): Promise<Locator> {
    await this.logButton.click();
    await expect(this.sheet.getByRole('heading', { level: 1 })).toBeFocused();
    return this.sheet;
  }

  async tapKind(kind: string): Promise<void> {
    const sheet = await this.openQuickLog();
    await sheet.getByRole('button', { name: new RegExp(`^${literally(this.say(`kind-${kind}`))}(\\s|$)`) }).click();
  }

  /** Two taps. */
  async quickLog(kind: 'drink' | 'meal'): Promise<void> {
    await this.tapKind(kind);
    await this.seesKept();
  }

  async logNote(text: string): Promise<void> {
    await this.tapKind('note');
    await this.field('field-note-note').fill(text);
    await this.press('keep');
    await this.seesKept();
  }

  async seesKept(): Promise<void> {
    await expect(this.message(this.words.like('kept'))).toBeVisible();
  }

  // ---- Tasks

  async addTask(title: string, note = ''): Promise<void> {
    await this.openTab('tasks');
    await this.press('task-add');
    await this.field('task-title').fill(title);
    await this.field('task-note').fill(note);
    await this.press('keep');
    await expect(this.message(this.say('kept-task', { what: title }))).toBeVisible();
  }

  async openTask(title: string): Promise<void> {
    await this.openTab('tasks');
    await this.openRow(title);
    await expect(this.heading(title)).toBeVisible();
  }

  async claim(title: string): Promise<void> {
    await this.openTab('tasks');
    await this.row(title).getByRole('button', { name: this.say('task-claim'), exact: true }).click();
    await expect(this.message(this.say('kept-claimed', { what: title }))).toBeVisible();
  }

  /** Writes another text into a field of the task or entry on the screen. */
  async change(field: string, text: string): Promise<void> {
    await this.press('edit');
    await this.field(field).fill(text);
    await this.press('keep');
    await expect(this.message(this.words.like('kept-changed'))).toBeVisible();
  }

  async choose(group: string, option: string): Promise<void> {
    const choices = this.page.getByRole('group', { name: this.say(group), exact: true });
    const said = this.say(option);
    const label = said.charAt(0).toUpperCase() + said.slice(1);
    await choices.getByRole('radio', { name: label, exact: true }).check();
  }

  // ---- Reception

  /** Into the cellar. The app is on the device first, as it is after a moment with reception. */
  async loseReception(): Promise<void> {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await this.reception.cut();
    await this.context.setOffline(true);
  }

  async findReception(): Promise<void> {
    await this.reception.restore();
    await this.context.setOffline(false);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  // ---- Another tab of the same browser

  async newTab(): Promise<Person> {
    const page = await this.context.newPage();
    const tab = new Person(this.name, page, this.context, this.reception, this.origin, this.words);
    await tab.visit('/');
    return tab;
  }

  private listenTo(page: Page): void {
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== this.origin) this.strangers.push(url.host);
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // That nobody answers is no fault of the app, which says so in its sharing line.
      const unanswered = message.text().includes('net::ERR_');
      // A phone that waits to be let in asks until it is; the browser notes each "not yet".
      const notYet = /status of 40[34]/.test(message.text()) && message.location().url.includes('/v1/');
      if (message.type() === 'error' && !unanswered && !notYet) this.complaints.push(message.text());
    });
  }
}
