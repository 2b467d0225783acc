// @ts-check
'use strict';
// What all stand-in servers are as programs: one line {"port":N} when ready, an end on SIGTERM or, if so told, with the parent.

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/**
 * Listens on the loopback interface and answers the port.
 * @param {import('node:net').Server} server @param {number} port 0 = a free one @returns {Promise<number>}
 */
function listen(server, port) {
  return new Promise((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
      resolve(address.port);
    }),
  );
}

/**
 * Opens a server and runs it to its end.
 * @param {() => Opened | Promise<Opened>} open @param {{ port: number, withParent?: boolean }} options
 * @typedef {{ listen(port: number): Promise<number>, close(): void }} Opened
 */
async function serve(open, { port, withParent }) {
  const server = await open();
  const end = () => {
    server.close();
    process.exit(0);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (withParent) process.stdin.on('end', end).on('error', end).resume();
  process.stdout.write(`${JSON.stringify({ port: await server.listen(port) })}\n`);
}

module.exports = { fail, listen, run: (open, options) => serve(open, options).catch(error => fail(error.stack)) };
