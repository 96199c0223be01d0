// One browser process a person, with a profile of its own that outlives a reload.
import { chromium, type BrowserContext } from '@playwright/test';
import type { Reception } from './reception.ts';
import type { Language } from './words.ts';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A phone that is held in one hand. */
export const PHONE = { width: 390, height: 844 };

export async function openBrowser(profile: string, reception: Reception, language: Language): Promise<BrowserContext> {
  // Chromium does not sandbox for root, as whom CI and containers run.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.KITH_CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, ...root, ...reception.flags],
    viewport: PHONE,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/London',
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  return context;
}
