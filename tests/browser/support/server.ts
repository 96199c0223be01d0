// The real server, one process a test, on a free port, with its SQLite file in a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// All people of a test come from one address.
const UNLIMITED = ['--requests-per-second', '1000', '--request-burst', '100000', '--lookups-per-hour', '100000'];

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binary = process.env.KITH_SERVER ?? join(root, 'target/debug/kith-server');
const web = process.env.KITH_WEB ?? join(root, 'web/dist');

export class Server {
  private constructor(
    readonly origin: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(folder: string): Promise<Server> {
    await mkdir(folder, { recursive: true });
    const store = `sqlite:${join(folder, 'kith.db')}`;
    const flags = ['--listen', '127.0.0.1:0', '--store', store, '--web', web, '--shutdown-seconds', '1', '--log', 'warn', ...UNLIMITED];
    const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code} before it listened`);
    });
    const line = await Promise.race([once(createInterface(child.stdout!), 'line'), failed]);
    failed.catch(() => {});
    const origin = /^listening on (http:\/\/\S+)$/.exec(String(line))?.[1];
    if (!origin) throw new Error(`the server said: ${line}`);
    return new Server(origin, folder, child);
  }

  get port(): number {
    return Number(new URL(this.origin).port);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  /** All that the server has on its disk: the database and its journal. */
  async stored(): Promise<Buffer> {
    const names = await readdir(this.folder);
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(this.folder, name)))));
  }
}
