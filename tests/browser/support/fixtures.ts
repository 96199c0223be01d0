// What a test gets: a server of its own, and people who each open a browser of their own.
import { test as base, expect } from '@playwright/test';
import { join } from 'node:path';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { openBrowser } from './browser.ts';
import type { Liar } from './liar.ts';
import { Person } from './person.ts';
import { Reception } from './reception.ts';
import { Server } from './server.ts';
import { Words, type Language } from './words.ts';

export { expect };

interface Meeting {
  /** Prepares the browser's profile before it is opened. */
  prepare?: (profile: string) => Promise<void>;
  language?: Language;
  /** Sits between this browser and the server. */
  liar?: Liar;
}
export type Meet = (name: string, meeting?: Meeting) => Promise<Person>;

export const test = base.extend<{ folder: string; server: Server; meet: Meet }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'kith-browser-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  server: async ({ folder }, use) => {
    const server = await Server.start(join(folder, 'server'));
    await use(server);
    await server.stop();
  },

  meet: async ({ folder, server }, use, info) => {
    const people: Person[] = [];
    await use(async (name, { prepare, language = 'en', liar } = {}) => {
      const profile = join(folder, `${people.length}-${name}`);
      await prepare?.(profile);
      const reception = new Reception(server.port, liar);
      await reception.restore();
      const context = await openBrowser(profile, reception, language);
      const page = context.pages()[0] ?? (await context.newPage());
      const person = new Person(name, page, context, reception, server.origin, new Words(language));
      people.push(person);
      return person;
    });
    const failed = info.status !== info.expectedStatus && info.status !== 'skipped';
    for (const { name, page, context, reception } of people) {
      if (failed) {
        await page.screenshot({ path: info.outputPath(`${name}.png`) });
        await writeFile(info.outputPath(`${name}.txt`), await page.locator('body').ariaSnapshot());
      }
      await context.close();
      await reception.cut();
    }
    // Whatever a test is about: the app never fails, and talks to nobody but its server.
    for (const { name, complaints, strangers } of people) {
      expect.soft(complaints, `what ${name}'s browser complained about`).toEqual([]);
      expect.soft(strangers, `whom else ${name}'s app asked`).toEqual([]);
    }
  },
});
