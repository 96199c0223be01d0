// Invitation links: what each kind of broken one says, and that the secret does not stay where others can read it.
import { expect, test } from '../support/fixtures.ts';
import { containing } from '../support/words.ts';

test('a link is for one person; the next one hears that it was used', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.invite('helper');

  const joan = await meet('Joan');
  await joan.joinAtOnce(link);
  await anna.openTab('circle');
  await expect(anna.row('Joan')).toBeVisible();

  const tom = await meet('Tom');
  await tom.openLink(link);
  await expect(tom.heading(tom.say('link-used'))).toBeVisible();
  await expect(tom.main).toContainText(tom.say('link-used-detail'));
});

test('a link that was taken back says so', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.invite('helper');
  await anna.press('cancel-invite');
  await expect(anna.message(anna.say('notice-invite-cancelled'))).toBeVisible();
  await anna.openTab('today');
  await anna.hasSharedAll();

  const joan = await meet('Joan');
  await joan.openLink(link);
  await expect(joan.heading(joan.say('link-cancelled'))).toBeVisible();
});

test('what is no link, and a link that was cut off, can be mended where they were pasted', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.invite('helper');

  const joan = await meet('Joan');
  await joan.visit('/');
  await joan.press('welcome-invited');
  const field = joan.field('paste-link');
  const paste = async (text: string) => {
    await field.fill(text);
    await joan.press('paste-button');
  };

  await paste('Hello Joan, here is the link');
  await expect(field).toHaveAccessibleDescription(new RegExp(joan.say('link-malformed')));
  await expect(field).toBeFocused();
  await paste(link.slice(0, -5));
  await expect(field).toHaveAccessibleDescription(new RegExp(joan.say('link-cut-off')));
  await paste(link.slice(0, link.indexOf('#')));
  await expect(field).toHaveAccessibleDescription(new RegExp(joan.say('link-cut-off')));

  await paste(`  ${link}\n`);
  await expect(joan.heading(joan.say('join-heading', { inviter: 'Anna', person: 'Rose' }))).toBeVisible();
});

test('a link of a circle that this server does not know', async ({ meet }) => {
  const joan = await meet('Joan');
  const id = 'A'.repeat(22);
  const secret = 'A'.repeat(43);
  await joan.openLink(`${joan.origin}/i/${id}#${secret}`);
  await expect(joan.heading(joan.say('link-unknown'))).toBeVisible();
});

test('the secret leaves the address bar, and the invitation outlives a reload', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.invite('helper');
  const secret = link.slice(link.indexOf('#') + 1);

  const joan = await meet('Joan');
  const addresses: string[] = [];
  joan.page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
  await joan.openLink(link);
  await expect(joan.field('start-name')).toBeVisible();
  await expect(joan.page).not.toHaveURL(/#/);
  await joan.reload();
  await expect(joan.heading(joan.say('join-heading', { inviter: 'Anna', person: 'Rose' }))).toBeVisible();
  await joan.field('start-name').fill('Joan');
  await joan.page.getByRole('button', { name: joan.words.like('join-button') }).click();
  await expect(joan.tab('today')).toHaveAttribute('aria-current', 'page');

  await joan.page.goBack();
  await expect(joan.page).not.toHaveURL(/#/);
  expect(addresses.filter((address) => address.includes(secret)).filter((address) => !address.startsWith(link))).toEqual([]);
  const kept = await joan.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain(secret);
});

test('somebody who has a circle already joins another one, and has both', async ({ meet }) => {
  const anna = await meet('Anna');
  await anna.startCircle('Rose');
  const link = await anna.invite('helper');

  const joan = await meet('Joan');
  await joan.startCircle('Walter');
  await joan.quickLog('drink');
  await joan.joinAtOnce(link);
  await joan.page.getByRole('banner').getByRole('button', { name: containing('Rose') }).click();
  await expect(joan.row('Rose')).toBeVisible();
  await joan.openRow('Walter');
  await joan.openTab('log');
  await expect(joan.row('Drink, 200 ml')).toBeVisible();
});
