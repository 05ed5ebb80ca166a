import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { run, runJson } from './host.test-support.ts';
import { parseArguments } from './parse-arguments.ts';
import { plainRequest } from './plain-arguments.ts';
import type { Host } from './host.ts';

const host = { invocation: 'portwright', version: '1.2.3' } as Host;

const gatewayCommands = ['ip', 'status', 'list', 'map 7777', 'unmap 7777'];
const searching = ['discover', ...gatewayCommands];

/** Arguments, and what is wrong with them. */
const misuses: readonly (readonly [argv: string, message: string])[] = [
  ['', 'no command given'],
  ['--json', 'no command given'],
  ['--simulate', 'no command given'],
  ['foo', "unknown command 'foo'"],
  ['mpa 7777', "unknown command 'mpa' (Did you mean map?)"],
  ['--foo', "unknown option '--foo'"],
  ['-x map 7777', "unknown option '-x'"],
  ['help foo', 'no command given'],
  ['map', "missing required argument 'port'"],
  ['unmap', "missing required argument 'port'"],
  ['describe', "missing required argument 'url or file'"],
  ['map 1 2 3', "too many arguments for 'map'. Expected 2 arguments but got 3"],
  ['unmap 1 2', "too many arguments for 'unmap'. Expected 1 argument but got 2"],
  ['describe a b', "too many arguments for 'describe'. Expected 1 argument but got 2"],
  ['demo now', "too many arguments for 'demo'. Expected 0 arguments but got 1"],
  ...['ip', 'status', 'list', 'discover'].map(
    (name) => [`${name} 7777`, `too many arguments for '${name}'. Expected 0 arguments but got 1`] as const,
  ),
  ...['map', 'unmap'].flatMap((name) =>
    ['0', '65536', '-1', '80.5', '0x50', '8O8O', '99999999999999999999', ' 80', 'http'].map(
      (port) => [`${name}\t${port}`, `the port must be a whole number from 1 to 65535, not "${port}"`] as const,
    ),
  ),
  ['map 7777 0', 'the internal port must be a whole number from 1 to 65535, not "0"'],
  ['map 7777 192.168.1.5', 'the internal port must be a whole number from 1 to 65535, not "192.168.1.5"'],
  ...['map', 'unmap'].map(
    (name) => [`${name} 7777 --protocol icmp`, '--protocol must be tcp, udp or both, not "icmp"'] as const,
  ),
  ['map 7777 --lease -1', '--lease must be a whole number from 0 to 4294967295, not "-1"'],
  ['map 7777 --lease 4294967296', '--lease must be a whole number from 0 to 4294967295, not "4294967296"'],
  ['map 7777 --lease 1h', '--lease must be a whole number from 0 to 4294967295, not "1h"'],
  ['map 7777 --description\t ', '--description must not be empty'],
  ...[
    'protocol <tcp|udp|both>',
    'lease <seconds>',
    'description <text>',
    'gateway <url>',
    'interface <name>',
    'timeout <ms>',
  ].map((option) => [`map 7777 --${option.split(' ')[0] as string}`, `option '--${option}' argument missing`] as const),
  ...searching.flatMap((name) => [
    [`${name} --timeout 0`, '--timeout must be a whole number from 1 to 3600000, not "0"'] as const,
    [`${name} --timeout soon`, '--timeout must be a whole number from 1 to 3600000, not "soon"'] as const,
    [`${name} --interface\t`, '--interface must not be empty'] as const,
  ]),
  ...gatewayCommands.flatMap((name) => [
    ...['192.168.1.1', 'https://192.168.1.1/', 'http:///x', 'file:///etc/passwd', 'http://[::1/'].map(
      (url) =>
        [
          `${name} --gateway ${url}`,
          `--gateway must be the http:// URL of a device description, not "${url}"`,
        ] as const,
    ),
    [
      `${name} --gateway http://192.168.1.1/ --ipv6`,
      "option '--gateway <url>' cannot be used with option '--ipv6'",
    ] as const,
    [
      `${name} --interface eth0 --gateway http://192.168.1.1/`,
      "option '--gateway <url>' cannot be used with option '--interface <name>'",
    ] as const,
  ]),
  ['discover --gateway http://192.168.1.1/', "unknown option '--gateway'"],
  ...['ip', 'status', 'list', 'unmap 7777', 'discover'].map(
    (name) => [`${name} --lease 60`, "unknown option '--lease'"] as const,
  ),
  ['ip --protocol tcp', "unknown option '--protocol'"],
  ['describe x --location y', '--location must be the http:// URL of a device description, not "y"'],
  ['describe x --timeout x', '--timeout must be a whole number from 1 to 3600000, not "x"'],
  ['describe x --interface eth0', "unknown option '--interface'"],
  ['demo --timeout 5', "unknown option '--timeout'"],
  ['simulate now', "too many arguments for 'simulate'. Expected 0 arguments but got 1"],
  ['simulate --port 0', '--port must be a whole number from 1 to 65535, not "0"'],
  ['simulate --seed -1', '--seed must be a whole number from 0 to 4294967295, not "-1"'],
  ['simulate --persona\t', '--persona must not be empty'],
  ['simulate --persona igd1 --list', "option '--persona <name>' cannot be used with option '--list'"],
  ['simulate --lease 60', "unknown option '--lease'"],
  ['map 7777 --lese 60', "unknown option '--lese' (Did you mean --lease?)"],
];

/** Words; a tab stands before one that has spaces of its own, or none at all. */
function split(text: string): readonly string[] {
  const [words = '', ...rest] = text.split('\t');
  return [...words.split(' ').filter((word) => word !== ''), ...rest];
}

describe('wrong use', () => {
  it.each(misuses)('%j: %s', async (argv, message) => {
    const command = split(argv).find((word) => !word.startsWith('-')) ?? '';
    const help = `portwright ${command in COMMANDS ? `${command} ` : ''}--help`;
    const text = await run(split(argv).filter((word) => word !== '--json'));
    expect(text).toEqual({ status: 2, stdout: '', stderr: `portwright: ${message}. See: ${help}\n` });

    const { json, ...result } = await runJson(split(argv));
    expect(result).toMatchObject({ status: 2, stderr: '' });
    expect(json).toEqual({
      error: { kind: 'usage', code: expect.any(String) as string, message, hint: `See: ${help}` },
    });
  });

  it('is reported before anything is composed, let alone sent', async () => {
    const container = { resolve: () => expect.fail('composed') } as unknown as Host['container'];
    expect(await run(['map', 'x'], { container })).toMatchObject({ status: 2 });
  });

  it('is known by a stable code', async () => {
    const codes = ['foo', 'map', 'map 1 2 3', 'map 1 --x', 'map x', 'ip --ipv6 --gateway http://192.168.1.1/'].map(
      (argv) =>
        runJson(split(argv)).then(({ json }) => (json as { readonly error: { readonly code: string } }).error.code),
    );
    expect(await Promise.all(codes)).toEqual([
      'unknown-command',
      'missing-argument',
      'extra-argument',
      'unknown-option',
      'bad-value',
      'conflict',
    ]);
  });

  it('names the command as the person has typed it', async () => {
    const { stderr } = await run(['map'], { invocation: 'npm start --' });
    expect(stderr).toBe("portwright: missing required argument 'port'. See: npm start -- map --help\n");
  });
});

const search = { simulate: false, ipv6: false };

/** Arguments, and what they come to. */
const requests: readonly (readonly [argv: string, request: object])[] = [
  ['discover', { command: 'discover', ...search }],
  [
    'discover --interface eth0 --ipv6 --timeout 500',
    { command: 'discover', simulate: false, interface: 'eth0', ipv6: true, timeoutMs: 500 },
  ],
  ['ip --simulate', { command: 'ip', ...search, simulate: true }],
  ['status --json', { command: 'status', ...search }],
  [
    'list --gateway http://192.168.1.1:5000/desc.xml',
    { command: 'list', ...search, gateway: 'http://192.168.1.1:5000/desc.xml' },
  ],
  [
    'list --gateway http://fritz.box:49000/igddesc.xml',
    { command: 'list', ...search, gateway: 'http://fritz.box:49000/igddesc.xml' },
  ],
  ['map 7777', { command: 'map', ...search, port: 7777, internalPort: 7777, protocols: ['TCP'] }],
  ['map 1', { command: 'map', ...search, port: 1, internalPort: 1, protocols: ['TCP'] }],
  ['map 65535 1', { command: 'map', ...search, port: 65535, internalPort: 1, protocols: ['TCP'] }],
  ['map 07777', { command: 'map', ...search, port: 7777, internalPort: 7777, protocols: ['TCP'] }],
  [
    'map --protocol both 443 --lease 0 8443 --description\tMy game',
    {
      command: 'map',
      ...search,
      port: 443,
      internalPort: 8443,
      protocols: ['TCP', 'UDP'],
      leaseSeconds: 0,
      description: 'My game',
    },
  ],
  ['map 7777 --protocol UDP', { command: 'map', ...search, port: 7777, internalPort: 7777, protocols: ['UDP'] }],
  [
    'map 7777 --lease 60 --lease 120',
    { command: 'map', ...search, port: 7777, internalPort: 7777, protocols: ['TCP'], leaseSeconds: 120 },
  ],
  ['unmap 7777 --protocol udp', { command: 'unmap', ...search, port: 7777, protocols: ['UDP'] }],
  [
    'describe x.xml --location http://192.168.1.1/',
    { command: 'describe', simulate: false, source: 'x.xml', location: 'http://192.168.1.1/' },
  ],
  [
    'describe http://192.168.1.1/ --timeout 9',
    { command: 'describe', simulate: false, source: 'http://192.168.1.1/', timeoutMs: 9 },
  ],
  ['demo', { command: 'demo' }],
];

describe('right use', () => {
  it.each(requests)('%j', (argv, request) => {
    expect(parseArguments(split(argv), host)).toEqual({ kind: 'request', request });
    expect(plainRequest(split(argv))).toEqual(request);
  });

  it.each([
    ['--json map 7777', 'map 7777'],
    ['--simulate map 7777', 'map 7777 --simulate'],
    ['map --lease=60 7777', 'map 7777 --lease 60'],
    ['map 7777 --', 'map 7777'],
    ['describe -- x', 'describe x'],
  ])("%j, which is commander's to read, is %j", (argv, plain) => {
    expect(plainRequest(split(argv))).toBeUndefined();
    expect(parseArguments(split(argv), host)).toEqual({ kind: 'request', request: plainRequest(split(plain)) });
  });

  it('a wrong use is never plain', () => {
    for (const [argv] of misuses) expect(plainRequest(split(argv))).toBeUndefined();
  });
});

describe('help', () => {
  it.each(['--help', '-h', 'help', ...Object.keys(COMMANDS).flatMap((name) => [`${name} --help`, `help ${name}`])])(
    '%s fits into 80 columns',
    async (argv) => {
      for (const invocation of ['portwright', 'npm start --', 'pnpm -s portwright']) {
        const { status, stdout, stderr } = await run(split(argv), { invocation });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toMatch(/^Usage: /);
        expect(stdout).toMatch(/\n$/);
        expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      }
    },
  );

  it('names every command', async () => {
    const { stdout } = await run(['--help']);
    for (const name of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it('the examples in it are right', async () => {
    const texts = await Promise.all([['--help'], ['map', '--help']].map((argv) => run(argv)));
    const examples = texts.flatMap(({ stdout }) =>
      [...stdout.matchAll(/^ {2}portwright (.*?) {2}/gm)].map(([, argv]) => argv),
    );
    expect(examples).toHaveLength(8);
    for (const argv of examples) expect(plainRequest(split(argv ?? ''))).toBeDefined();
  });

  it('--version', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '' });
    expect(await run(['-V'])).toMatchObject({ stdout: '1.2.3\n' });
  });

  it('is a JSON document where one is asked for', async () => {
    expect((await runJson(['--version'])).json).toEqual({ text: '1.2.3\n' });
  });
});
