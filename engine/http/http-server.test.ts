import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { isForgeError } from '#contract/client.ts';
import { silentLogger } from '#core/ports/logger.ts';
import { createDoorToken } from './door.ts';
import { createHttpServer, type HttpServer, type ListeningAddress } from './http-server.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const token = createDoorToken();
const wrongToken = '0'.repeat(48);

describe('the engine’s HTTP server behind its door', () => {
  let server: HttpServer;
  let address: ListeningAddress;
  before(async () => {
    server = createHttpServer({ port: 0, token, logger: silentLogger });
    server.app.get('/', () => 'inside');
    server.app.post('/fail', () => {
      throw new TypeError('a secret');
    });
    server.app.server.on('upgrade', (request, socket) => {
      const refusal = server.door.judgeUpgrade(request);
      socket.end(
        `HTTP/1.1 ${refusal === null ? 101 : refusal.status} x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
      );
    });
    address = await server.listen();
  });
  after(() => server.close());

  const ask = (path: string, headers: OutgoingHttpHeaders = {}, method = 'GET') =>
    send(address, { path, headers, method });
  const upgrade = (headers: OutgoingHttpHeaders) =>
    send(address, {
      path: '/rpc',
      method: 'GET',
      headers: { connection: 'Upgrade', upgrade: 'websocket', ...headers },
    });

  test('without a token the answer is 401, with the sentence and the remedy', async () => {
    const { status, body, headers } = await ask('/');
    assert.deepEqual(
      { status, body: JSON.parse(body), challenge: headers['www-authenticate'] },
      {
        status: 401,
        body: {
          error: {
            code: 'engine.not-authorised',
            message: 'The engine refused the connection: the token is missing or wrong.',
            remedy: 'Open the address that `forge ui` printed, with its token.',
          },
        },
        challenge: 'Bearer realm="Forge"',
      },
    );
  });

  test('a browser gets the same as a page', async () => {
    const { headers, body } = await ask('/', { accept: 'text/html' });
    assert.match(headers['content-type'] ?? '', /^text\/html/);
    assert.match(body, /forge ui/);
  });

  test('a wrong token is 403 however it is given', async () => {
    const answers = [
      await ask('/', { authorization: `Bearer ${wrongToken}` }),
      await ask('/', { authorization: 'Basic xyz' }),
      await ask(`/?token=${wrongToken}`),
      await ask('/', { cookie: `forge-${address.port}=${wrongToken}` }),
    ];
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [403, 403, 403, 403],
    );
  });

  test('a good token in the address becomes a strict cookie named after the port, and leaves the address', async () => {
    const { status, headers } = await ask(`/runs?token=${token}&tab=loss`);
    assert.deepEqual(
      { status, location: headers.location, cookie: headers['set-cookie'] },
      {
        status: 303,
        location: '/runs?tab=loss',
        cookie: [`forge-${address.port}=${token}; HttpOnly; SameSite=Strict; Path=/`],
      },
    );
  });

  test('the redirect never leaves this server', async () => {
    const answers = await Promise.all(
      ['//evil.example/', '/.//evil.example/', '/\\evil.example/'].map((path) => ask(`${path}?token=${token}`)),
    );
    const faulty = answers.filter(
      ({ headers }) => headers.location !== undefined && !/^\/(?![/\\])/.test(headers.location),
    );
    assert.deepEqual(faulty, []);
  });

  test('the cookie and the bearer token open the door', async () => {
    const byCookie = await ask('/', { cookie: `other=1; forge-${address.port}=${token}` });
    const byBearer = await ask('/', { authorization: `Bearer ${token}` });
    assert.deepEqual([byCookie.body, byBearer.body], ['inside', 'inside']);
  });

  test('a cookie of an engine on another port does not', async () => {
    assert.equal((await ask('/', { cookie: `forge-${address.port + 1}=${token}` })).status, 401);
  });

  test('a foreign Host is 403 even with the token, and so is a malformed one', async () => {
    const hosts = ['evil.example', `evil.example:${address.port}`, '127.0.0.1.evil.example', 'localhost@evil.example'];
    const answers = await Promise.all(hosts.map((host) => ask('/', { host, authorization: `Bearer ${token}` })));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      hosts.map(() => 403),
    );
  });

  test('loopback names are known on any port, so that a tunnel works', async () => {
    const hosts = ['localhost:9000', '127.0.0.1', `[::1]:${address.port}`, 'LOCALHOST'];
    const answers = await Promise.all(hosts.map((host) => ask('/', { host, authorization: `Bearer ${token}` })));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      hosts.map(() => 200),
    );
  });

  test('a page of another origin is 403 with a good cookie, also one on another port of this machine', async () => {
    const cookie = `forge-${address.port}=${token}`;
    const statuses = [];
    for (const origin of ['http://evil.example', 'http://127.0.0.1:1', 'null', address.url]) {
      statuses.push((await ask('/', { cookie, origin })).status);
    }
    assert.deepEqual(statuses, [403, 403, 403, 200]);
  });

  test('an upgrade needs the token, and a browser its own origin', async () => {
    const cookie = `forge-${address.port}=${token}`;
    const statuses = {
      nothing: (await upgrade({})).status,
      bearer: (await upgrade({ authorization: `Bearer ${token}` })).status,
      wrongBearer: (await upgrade({ authorization: `Bearer ${wrongToken}` })).status,
      ownOrigin: (await upgrade({ cookie, origin: address.url })).status,
      foreignOrigin: (await upgrade({ cookie, origin: 'http://evil.example' })).status,
      cookieWithoutOrigin: (await upgrade({ cookie })).status,
      foreignHost: (await upgrade({ authorization: `Bearer ${token}`, host: 'evil.example' })).status,
    };
    assert.deepEqual(statuses, {
      nothing: 401,
      bearer: 101,
      wrongBearer: 403,
      ownOrigin: 101,
      foreignOrigin: 403,
      cookieWithoutOrigin: 403,
      foreignHost: 403,
    });
  });

  test('every answer carries the protecting headers, refusals and errors too', async () => {
    const inside = { authorization: `Bearer ${token}` };
    const answers = [
      await ask('/'),
      await ask('/', inside),
      await ask('/nowhere', inside),
      await ask('/fail', inside, 'POST'),
    ];
    for (const { headers } of answers) {
      assert.match(String(headers['content-security-policy']), /script-src 'self';/);
      assert.deepEqual(
        [
          headers['x-content-type-options'],
          headers['referrer-policy'],
          headers['cross-origin-opener-policy'],
          headers['cross-origin-embedder-policy'],
        ],
        ['nosniff', 'no-referrer', 'same-origin', 'require-corp'],
      );
    }
  });

  test('an unknown address is 404 only for who is inside, and a bug shows nothing of itself', async () => {
    const inside = { authorization: `Bearer ${token}` };
    assert.deepEqual([(await ask('/nowhere')).status, (await ask('/nowhere', inside)).status], [401, 404]);
    const failed = await ask('/fail', inside, 'POST');
    assert.deepEqual([failed.status, failed.body.includes('a secret')], [500, false]);
  });

  test('a port that is taken is an expected error', async () => {
    const second = createHttpServer({ port: address.port, token, logger: silentLogger });
    const error = isForgeError(await second.listen().catch((thrown: unknown) => thrown));
    await second.close();
    assert.deepEqual([error?.code, error?.detail], ['engine.port-taken', { port: address.port, host: '127.0.0.1' }]);
  });
});

function send(
  to: ListeningAddress,
  options: { path: string; method: string; headers: OutgoingHttpHeaders },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answer = (message: { statusCode?: number | undefined; headers: IncomingHttpHeaders }, body: string) =>
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body });
    const request = httpRequest({ host: to.host, port: to.port, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => answer(response, body));
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      answer(response, '');
    });
    request.on('error', reject);
    request.end();
  });
}
