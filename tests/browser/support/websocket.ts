// A WebSocket as it goes through a tunnel (RFC 6455): cut into messages on the way, which may be heard and bent.
import { Transform, type TransformCallback } from 'node:stream';

const BINARY = 2;
const END_OF_HEAD = '\r\n\r\n';

interface Cut {
  /** Bytes of the frame on the wire. */
  length: number;
  /** The whole of a binary message, unmasked; undefined for what only keeps the connection. */
  message: Buffer | undefined;
}

/** The first frame, once all of it is there. Messages are not spread over several frames on either side. */
function cut(bytes: Buffer): Cut | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = bytes[1]! & 0x80 ? 4 : 0;
  const start = 2 + extended + mask;
  if (bytes.length < start) return undefined;
  const size = extended === 2 ? bytes.readUInt16BE(2) : extended === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + size) return undefined;
  const message = Buffer.from(bytes.subarray(start, start + size));
  const key = bytes.subarray(start - mask, start);
  if (mask) message.forEach((byte, index) => (message[index] = byte ^ key[index % 4]!));
  return { length: start + size, message: (bytes[0]! & 0x0f) === BINARY ? message : undefined };
}

/** A binary message as a server sends it. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(message.length < 126 ? 2 : message.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | BINARY;
  if (head.length === 2) head[1] = message.length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(message.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(message.length), 2);
  }
  return Buffer.concat([head, message]);
}

/** One direction of a tunnel. What `bend` answers takes the message's place; without an answer it goes on as it came. */
export class Messages extends Transform {
  private rest = Buffer.alloc(0);
  private open = false;

  constructor(private readonly bend: (message: Buffer) => Buffer[] | undefined) {
    super();
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    if (!this.open) {
      const end = this.rest.indexOf(END_OF_HEAD);
      if (end < 0) return done();
      this.pass(end + END_OF_HEAD.length);
      this.open = true;
    }
    for (let first = cut(this.rest); first; first = cut(this.rest)) {
      const bent = first.message && this.bend(first.message);
      if (!bent) this.pass(first.length);
      else {
        this.rest = this.rest.subarray(first.length);
        for (const message of bent) this.push(frame(message));
      }
    }
    done();
  }

  private pass(length: number): void {
    this.push(this.rest.subarray(0, length));
    this.rest = this.rest.subarray(length);
  }
}
