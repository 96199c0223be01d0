// One person's way to the server: an HTTP proxy that only leads there, and that can be cut. Playwright's own offline
// mode reaches neither WebSockets nor service workers; a proxy that is gone reaches everything. A liar may sit in it.
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Liar } from './liar.ts';
import { Messages } from './websocket.ts';

const HOST = '127.0.0.1';

export class Reception {
  private readonly proxy = createServer();
  private readonly open = new Set<Duplex>();
  private port = 0;

  /** Sockets do not get through, as in some networks; requests do. */
  withoutSockets = false;

  constructor(
    private readonly target: number,
    private readonly liar?: Liar,
  ) {
    this.proxy.on('connection', (socket: Socket) => this.track(socket));
    this.proxy.on('request', (asked: IncomingMessage, answer: ServerResponse) => this.forward(asked, answer));
    this.proxy.on('connect', (asked: IncomingMessage, socket: Duplex, head: Buffer) => this.tunnel(asked, socket, head));
  }

  /** Up again, at the same address as before. */
  async restore(): Promise<void> {
    this.proxy.listen(this.port, HOST);
    await once(this.proxy, 'listening');
    this.port = (this.proxy.address() as AddressInfo).port;
  }

  /** Nothing gets through any more, and whatever was open breaks. */
  async cut(): Promise<void> {
    if (!this.proxy.listening) return;
    const closed = once(this.proxy, 'close');
    this.proxy.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  get flags(): string[] {
    return [`--proxy-server=http://${HOST}:${this.port}`, '--proxy-bypass-list=<-loopback>'];
  }

  private leadsHome(host: string): boolean {
    return host === `${HOST}:${this.target}`;
  }

  private forward(asked: IncomingMessage, answer: ServerResponse): void {
    const url = new URL(asked.url ?? '/', `http://${asked.headers.host}`);
    // Chromium itself asks its makers for this and that.
    if (!this.leadsHome(url.host)) {
      answer.writeHead(502).end();
      return;
    }
    const { method, headers } = asked;
    const path = url.pathname + url.search;
    if (path.startsWith('/v1/')) this.liar?.hearRequest();
    const onward = request({ host: HOST, port: this.target, method, path, headers, agent: false }, (reply) => {
      if (this.liar && path === '/v1/sync' && reply.statusCode === 200) return void bend(this.liar, reply, answer);
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.on('socket', (socket) => this.track(socket));
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }

  private tunnel(asked: IncomingMessage, near: Duplex, head: Buffer): void {
    if (!this.leadsHome(asked.url ?? '') || this.withoutSockets) {
      near.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const { liar } = this;
    const up = new Messages((message) => liar?.hear(message));
    const down = new Messages((message) => liar?.bend(message));
    const far = connect(this.target, HOST, () => {
      near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (liar) {
        up.write(head);
        near.pipe(up).pipe(far).pipe(down).pipe(near);
      } else {
        far.write(head);
        near.pipe(far).pipe(near);
      }
    });
    this.track(far);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }

  private track(socket: Duplex): void {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket));
    socket.on('error', () => socket.destroy());
  }
}

async function bend(liar: Liar, reply: IncomingMessage, answer: ServerResponse): Promise<void> {
  const body = Buffer.concat(await reply.toArray());
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = reply.headers;
  answer.writeHead(200, headers).end(liar.bendAll(body));
}
