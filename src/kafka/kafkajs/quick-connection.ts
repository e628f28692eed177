import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { DriverError } from '../driver.ts';
import { allocate } from '../record-batch/index.ts';
import { Frames } from './frames.ts';
import type { RawCall } from './internals.ts';

/** What of a connection of kafkajs the quick way needs. */
export interface QuickConnection {
  readonly clientId: string;
  readonly sasl?: unknown;
  readonly authHandlers: unknown;
  readonly requestQueue: {
    push(request: QueuedRequest): void;
    fulfillRequest(answer: { readonly correlationId: number; readonly payload: Buffer; readonly size: number }): void;
    maybeThrottle(ms: number): void;
  };
  socket?: Socket;
  send(call: RawCall): Promise<unknown>;
  processData(piece: Buffer): void;
  isAuthenticated(): boolean;
  authenticate(): Promise<void>;
  failIfNotConnected(): void;
  nextCorrelationId(): number;
  rejectRequests(error: Error): void;
}

interface Answer {
  readonly payload: Buffer;
}

interface QueuedRequest {
  readonly entry: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    resolve(answer: Answer): void;
    reject(error: Error): void;
  };
  readonly expectResponse: boolean;
  readonly requestTimeout: number;
  sendRequest(): void;
}

const READ_BYTES = 256 * 1024;
const KEEP_ALIVE_MS = 60_000;

/** Sockets that read much at a time, always into the same memory: who listens to `data` copies what it keeps. */
export const quickSockets: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket: Socket = ssl ? secure(host, port, ssl, onConnect) : plain(host, port, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
};

function plain(host: string, port: number, onConnect: () => void): Socket {
  const callback = (bytes: number, buffer: Uint8Array): boolean => socket.emit('data', buffer.subarray(0, bytes));
  const socket: Socket = connect({ host, port, onread: { buffer: allocate(READ_BYTES), callback } }, onConnect);
  return socket;
}

const secure = (host: string, port: number, ssl: object, onConnect: () => void): Socket =>
  connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect);

/**
 * Lets a connection send and receive without kafkajs's copies: a request goes out in the parts it consists of, and an
 * answer is put together once. Time-outs, throttling and the order of requests stay with kafkajs's queue.
 */
export function quicken(connection: QuickConnection): void {
  const send = connection.send.bind(connection);
  connection.send = (call) => (call.request.parts === undefined ? send(call) : sendParts(connection, call, call.request.parts()));
  const process = connection.processData.bind(connection);
  let frames: Frames | undefined;
  let socket: Socket | undefined;
  let answered = false;
  const whole = (frame: Buffer) => {
    answered = true;
    fulfil(connection, frame);
  };
  connection.processData = (piece) => {
    // A login without requests of its own reads what comes, in whatever pieces.
    if (connection.authHandlers) return process(Buffer.from(piece));
    if (frames === undefined || socket !== connection.socket) {
      frames = new Frames(whole);
      answered = false;
    }
    socket = connection.socket;
    try {
      frames.push(piece);
    } catch (cause) {
      // What has answered as a broker is one: its connection has broken, and another may be whole.
      const error = answered ? new DriverError('retriable', (cause as Error).message, { cause }) : (cause as Error);
      connection.rejectRequests(error);
      connection.socket?.destroy(error);
    }
  };
}

const fulfil = ({ requestQueue }: QuickConnection, frame: Buffer): void =>
  requestQueue.fulfillRequest({ correlationId: frame.readInt32BE(0), payload: frame.subarray(4), size: frame.length });

async function sendParts(connection: QuickConnection, call: RawCall, parts: readonly Uint8Array[]): Promise<unknown> {
  if (connection.sasl && !connection.isAuthenticated()) await connection.authenticate();
  connection.failIfNotConnected();
  const { request, response, requestTimeout } = call;
  const { apiKey, apiName, apiVersion } = request;
  const expectResponse = request.expectResponse();
  const left = Promise.withResolvers<void>();
  const answer = await new Promise<Answer>((resolve, reject) => {
    const correlationId = connection.nextCorrelationId();
    const sendRequest = () => {
      const all = [header(connection.clientId, request, correlationId, parts), ...parts];
      if (expectResponse) write(connection, all);
      else writeOut(connection, all, requestTimeout).then(left.resolve, left.reject);
    };
    const entry = { apiKey, apiName, apiVersion, correlationId, resolve, reject };
    connection.requestQueue.push({ entry, expectResponse, requestTimeout, sendRequest });
  });
  if (!expectResponse) return left.promise;
  const decoded = await response.decode(answer.payload);
  connection.requestQueue.maybeThrottle(decoded.clientSideThrottleTime);
  return response.parse(decoded);
}

function header(clientId: string, { apiKey, apiVersion }: RawCall['request'], correlationId: number, parts: readonly Uint8Array[]): Buffer {
  const name = Buffer.from(clientId);
  const bytes = Buffer.allocUnsafe(14 + name.length);
  const size = parts.reduce((sum, part) => sum + part.length, bytes.length - 4);
  let at = bytes.writeInt32BE(size, 0);
  at = bytes.writeInt16BE(apiKey, at);
  at = bytes.writeInt16BE(apiVersion, at);
  at = bytes.writeInt32BE(correlationId, at);
  name.copy(bytes, bytes.writeInt16BE(name.length, at));
  return bytes;
}

/** In one call of the system. */
function write({ socket }: QuickConnection, parts: readonly Uint8Array[], written?: (error?: Error | null) => void): void {
  socket?.cork();
  for (const [at, part] of parts.entries()) socket?.write(part, at === parts.length - 1 ? written : undefined);
  socket?.uncork();
}

/** What is not answered counts as sent when the system has taken all of it: until then its memory is held, and a lost connection loses it. */
function writeOut(connection: QuickConnection, parts: readonly Uint8Array[], timeoutMs: number): Promise<void> {
  const { socket } = connection;
  const lost = new DriverError('retriable', 'The connection was lost before a request was written to it.');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket?.destroy(lost);
      reject(lost);
    }, timeoutMs);
    write(connection, parts, (error) => {
      clearTimeout(timer);
      if (error || socket?.destroyed) reject(lost);
      else resolve();
    });
  });
}
