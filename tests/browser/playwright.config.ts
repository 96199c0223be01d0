// Real Chromium against the real server. See support/fixtures.ts for what a test gets.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  // Each person of a test is a browser process of their own; more at once only makes all of them slow.
  workers: 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  // Pictures are taken on request only: `cargo xtask screenshots`.
  grepInvert: process.env.KITH_SCREENSHOTS ? undefined : /@screenshots/,
});
