// The app's own texts, read from the files that the app reads: a test names a button by the key of its text, in any
// language, and stays true when somebody finds a better word.
import { readFileSync } from 'node:fs';

export type Language = 'en' | 'fr';
type Arguments = Record<string, string | number>;

const folder = new URL('../../../shared/src/text/', import.meta.url);
const placeable = /\{ \$([\w-]+) \}/g;

export class Words {
  readonly language: Language;
  private readonly texts = new Map<string, string>();

  constructor(language: Language) {
    this.language = language;
    for (const line of readFileSync(new URL(`${language}.ftl`, folder), 'utf8').split('\n')) {
      const [, key, text] = /^([a-z][\w-]*) = (.+)$/.exec(line) ?? [];
      if (key && text && !text.endsWith('->')) this.texts.set(key, text);
    }
  }

  /** The text of a key, with all of its arguments. */
  say(key: string, args: Arguments = {}): string {
    return this.text(key).replace(placeable, (_, name: string) => {
      const value = args[name];
      if (value === undefined) throw new Error(`${key} wants ${name}`);
      return String(value);
    });
  }

  /** Matches the text of a key, whatever stands in the place of the arguments that are not given. */
  like(key: string, args: Arguments = {}): RegExp {
    const parts = this.text(key).split(placeable);
    const pattern = parts.map((part, index) => {
      if (index % 2 === 0) return literally(part);
      const value = args[part];
      return value === undefined ? '.+' : literally(String(value));
    });
    return new RegExp(pattern.join(''));
  }

  private text(key: string): string {
    const text = this.texts.get(key);
    if (text === undefined) throw new Error(`no text ${key} in ${this.language}.ftl`);
    return text;
  }
}

/** A pattern for exactly this text; any white space is as good as any other. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
}

/** Matches where this text stands. */
export function containing(text: string): RegExp {
  return new RegExp(literally(text));
}
