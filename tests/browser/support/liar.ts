// A server that lies to one browser, as a layer between it and the true server: what is said to the browser is bent, what
// the browser says is counted. The frames are those of docs/protocol.md, section 11.
import { decode, encode } from 'cborg';

/** In which way. */
export type Lie =
  /** No new entry comes, and all seems to be there. */
  | 'withhold'
  /** A byte of a new entry is another. */
  | 'alter'
  /** An old entry comes again in the place of a new one. */
  | 'again'
  /** Two entries change places. */
  | 'swap'
  /** As after an old backup: what was there is said not to be, and what is given back is thrown away. */
  | 'old-state'
  /** Another past is said to lead to where the browser stands. */
  | 'other-past';

type Frame = [number: number, ...parts: unknown[]];
type Entry = [k: number, a: number, stamp: number, header: Uint8Array, signature: Uint8Array, body: [0 | 1, Uint8Array]];
type Page = [stream: unknown, from: number, entries: Entry[], chain: Uint8Array, more: boolean];
type Cursor = [stream: unknown, k: number, chain: Uint8Array];
type Welcome = [version: number, now: number, heads: Cursor[], waiting: boolean];

const WELCOME = 1;
const ENTRIES = 4;
const SUBMIT = 5;
const HAND_BACK = 11;
const ACCESS = 0;

export class Liar {
  /** So many requests and messages of the browser reached the server. */
  heard = 0;
  private lie: Lie | undefined;
  private readonly last = new Map<string, Entry>();
  private heads: Cursor[] = [];
  private held: Page | undefined;

  /** From now on. */
  tell(lie: Lie): void {
    this.lie = lie;
  }

  /** What was withheld comes when the browser says Hello again. */
  tellTruth(): void {
    this.lie = undefined;
    this.held = undefined;
  }

  /** What the browser is sent in the place of a message. */
  bend(message: Buffer): Buffer[] {
    return this.bendFrame(decode(message)).map((frame) => Buffer.from(encode(frame)));
  }

  /** The same for all the frames in the answer to a request. */
  bendAll(body: Buffer): Buffer {
    const frames: Frame[] = decode(body);
    return Buffer.from(encode(frames.flatMap((frame) => this.bendFrame(frame))));
  }

  /** A message of the browser. An empty answer: the server shall not have it. */
  hear(message: Buffer): Buffer[] | undefined {
    this.heard += 1;
    const [number] = decode(message) as Frame;
    return this.lie === 'old-state' && (number === SUBMIT || number === HAND_BACK) ? [] : undefined;
  }

  hearRequest(): void {
    this.heard += 1;
  }

  private bendFrame(frame: Frame): Frame[] {
    if (frame[0] === WELCOME) return [[WELCOME, this.bendWelcome(frame[1] as Welcome)]];
    if (frame[0] !== ENTRIES) return [frame];
    return this.bendPage(frame[1] as Page).map((page) => [ENTRIES, page]);
  }

  private bendWelcome([version, now, heads, waiting]: Welcome): Welcome {
    const shared = ([stream]: Cursor) => stream !== ACCESS;
    switch (this.lie) {
      case 'old-state':
        // As they stood when somebody was first told the truth.
        return [version, now, [...heads.filter((head) => !shared(head)), ...this.heads], waiting];
      case 'other-past':
        return [version, now, heads.map((head) => (shared(head) ? [head[0], head[1], flipped(head[2])] : head)), waiting];
      default:
        if (this.heads.length === 0) this.heads = heads.filter(shared);
        return [version, now, heads, waiting];
    }
  }

  private bendPage(page: Page): Page[] {
    const [stream, from, entries, chain, more] = page;
    const name = String(stream);
    const before = this.last.get(name);
    // An own entry comes back without its body, and is nothing to say again.
    const newest = entries.findLast(([, , , , , body]) => body[0] === 0);
    switch (this.lie) {
      case 'withhold':
      case 'old-state':
        return [];
      case 'alter':
        return [[stream, from, entries.map(altered), chain, more]];
      case 'again': {
        const [first, ...others] = entries;
        return [first && before ? [stream, from, [inPlaceOf(first, before), ...others], chain, more] : page];
      }
      case 'swap':
        return this.swapped(page);
      default:
        if (newest) this.last.set(name, newest);
        return [page];
    }
  }

  /** Waits for two, as they mostly come one by one. */
  private swapped(page: Page): Page[] {
    const held = this.held;
    if (held && String(held[0]) !== String(page[0])) return [page];
    const entries = [...(held?.[2] ?? []), ...page[2]];
    const [one, two] = entries;
    if (!one || !two) {
      this.held = page;
      return [];
    }
    this.held = undefined;
    const swapped = [inPlaceOf(one, two), inPlaceOf(two, one), ...entries.slice(2)];
    return [[page[0], held?.[1] ?? page[1], swapped, page[3], page[4]]];
  }
}

/** What somebody wrote, at the place where something else was written. */
function inPlaceOf([k, a, stamp]: Entry, [, , , header, signature, body]: Entry): Entry {
  return [k, a, stamp, header, signature, body];
}

/** The sealed bytes with one of them another. */
function altered([k, a, stamp, header, signature, [kind, body]]: Entry): Entry {
  return [k, a, stamp, header, signature, [kind, kind === 0 ? flipped(body) : body]];
}

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
}
