import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../commands/index.ts';
import { run, runJson } from '../host.test-support.ts';
import { parseArguments } from './parse-arguments.ts';
import type { Host } from '../host.ts';

const host = { invocation: 'portwright' };

const gatewayCommands = ['ip', 'status', 'watch', 'list', 'map 7777', 'unmap 7777'];
const pinholeCommands = ['pinhole add 8080', 'pinhole update 1', 'pinhole delete 1', 'pinhole check 1', 'pinhole list'];
const searching = ['discover', ...gatewayCommands, ...pinholeCommands];

/** Arguments, and what is wrong with them. */
const misuses: readonly (readonly [argv: string, message: string])[] = [
  ['', 'no command given'],
  ['--json', 'no command given'],
  ['--simulate', 'no command given'],
  ['foo', "unknown command 'foo'"],
  ['mpa 7777', "unknown command 'mpa' (Did you mean map?)"],
  ['--foo', "unknown option '--foo'"],
  ['-x map 7777', "unknown option '-x'"],
  ['help foo', "unknown command 'foo'"],
  ['help lst', "unknown command 'lst' (Did you mean list?)"],
  ['help pinhole ad', "unknown command 'ad' (Did you mean add?)"],
  ['map', "missing required argument 'port'"],
  ['unmap', "missing required argument 'port'"],
  ['describe', "missing required argument 'url or file'"],
  ['map 1 2 3', "too many arguments for 'map': expected 2, got 3"],
  ['unmap 1 2', "too many arguments for 'unmap': expected 1, got 2"],
  ['describe a b', "too many arguments for 'describe': expected 1, got 2"],
  ['demo now', "too many arguments for 'demo': expected 0, got 1"],
  ...['ip', 'status', 'list', 'discover'].map(
    (name) => [`${name} 7777`, `too many arguments for '${name}': expected 0, got 1`] as const,
  ),
  ...['map', 'unmap'].flatMap((name) =>
    ['0', '65536', '-1', '80.5', '0x50', '8O8O', '99999999999999999999', ' 80', 'http'].map(
      (port) => [`${name}\t${port}`, `the port must be a whole number from 1 to 65535, not "${port}"`] as const,
    ),
  ),
  ['unmap -12', 'the port must be a whole number from 1 to 65535, not "-12"'],
  ['map -xy', "unknown option '-xy'"],
  ['map 7777 --keep=x', "unknown option '--keep=x' (Did you mean --keep?)"],
  ['map 7777 0', 'the internal port must be a whole number from 1 to 65535, not "0"'],
  ['map 7777 192.168.1.5', 'the internal port must be a whole number from 1 to 65535, not "192.168.1.5"'],
  ...['map', 'unmap'].map(
    (name) => [`${name} 7777 --protocol icmp`, '--protocol must be tcp, udp or both, not "icmp"'] as const,
  ),
  ...['-1', '4294967296', '1y', 'h', '1h1h', '30m1h', '1.5h', '50000d', 'forever'].map(
    (time) =>
      [
        `map 7777 --lease ${time}`,
        `--lease must be a time such as 30m, 1h or 7d, from 0 to 4294967295 seconds, not "${time}"`,
      ] as const,
  ),
  ['map 7777 --lease\t', '--lease must be a time such as 30m, 1h or 7d, from 0 to 4294967295 seconds, not ""'],
  ['map 7777 --journal', '--journal needs --keep: only mappings that are kept open are recorded'],
  [
    'map 7777 --all --protocol both',
    '--all maps one protocol at a time: run it once with --protocol tcp and once with --protocol udp',
  ],
  ['map 7777 --all --keep', '--all cannot be used with --keep'],
  ['map 7777 --description\t ', '--description must not be empty'],
  ...[
    'protocol <tcp|udp|both>',
    'lease <time>',
    'description <text>',
    'gateway <url>',
    'interface <name>',
    'timeout <ms>',
  ].map(
    (option) =>
      [
        `map 7777 --${option.split(' ')[0] as string}`,
        `--${option.split(' ')[0] as string} needs a value: --${option}`,
      ] as const,
  ),
  ...searching.flatMap((name) => [
    [`${name} --timeout 0`, '--timeout must be a whole number of milliseconds from 1 to 3600000, not "0"'] as const,
    [
      `${name} --timeout soon`,
      '--timeout must be a whole number of milliseconds from 1 to 3600000, not "soon"',
    ] as const,
    [`${name} --interface\t`, '--interface must not be empty'] as const,
  ]),
  ...gatewayCommands.flatMap((name) => [
    ...['192.168.1.1', 'https://192.168.1.1/', 'http:///x', 'file:///etc/passwd', 'http://[::1/'].map(
      (url) =>
        [
          `${name} --gateway ${url}`,
          `--gateway must be an http:// URL, such as http://192.168.1.1:5000/rootDesc.xml, not "${url}"`,
        ] as const,
    ),
    [`${name} --gateway http://192.168.1.1/ --ipv6`, '--gateway cannot be used with --ipv6'] as const,
    [`${name} --interface eth0 --gateway http://192.168.1.1/`, '--gateway cannot be used with --interface'] as const,
  ]),
  ['discover --gateway http://192.168.1.1/', "unknown option '--gateway'"],
  ...['ip', 'status', 'list', 'unmap 7777', 'discover'].map(
    (name) => [`${name} --lease 60`, "unknown option '--lease'"] as const,
  ),
  ['ip --protocol tcp', "unknown option '--protocol'"],
  [
    'describe x --location y',
    '--location must be an http:// URL, such as http://192.168.1.1:5000/rootDesc.xml, not "y"',
  ],
  ['describe https://192.168.1.1/', '<url or file> must be a file or an http:// URL, not "https://192.168.1.1/"'],
  ['describe ftp://192.168.1.1/', '<url or file> must be a file or an http:// URL, not "ftp://192.168.1.1/"'],
  ['describe http://a:b@192.168.1.1/', '<url or file> must not contain a user name or a password'],
  ['map 7777 --gateway http://a@192.168.1.1/', '--gateway must not contain a user name or a password'],
  ['describe\t', '<url or file> must not be empty'],
  ['describe x --timeout x', '--timeout must be a whole number of milliseconds from 1 to 3600000, not "x"'],
  ['describe x --interface eth0', "unknown option '--interface'"],
  ['demo --timeout 5', "unknown option '--timeout'"],
  ['simulate now', "too many arguments for 'simulate': expected 0, got 1"],
  ['simulate --port 0', '--port must be a whole number from 1 to 65535, not "0"'],
  ['simulate --seed -1', '--seed must be a whole number from 0 to 4294967295, not "-1"'],
  ['simulate --persona\t', '--persona must not be empty'],
  ['simulate --persona igd1 --list', '--persona cannot be used with --list'],
  ['simulate --lease 60', "unknown option '--lease'"],
  ['map 7777 --gateway http://192.168.1.1/ --remember', '--gateway cannot be used with --remember'],
  ['map 7777 --force', "unknown option '--force'"],
  ['map 7777 --verify', "unknown option '--verify' (Did you mean one of --no-verify, --version?)"],
  ['unmap 7777 --keep', "unknown option '--keep' (Did you mean --help?)"],
  ['watch 7777', "too many arguments for 'watch': expected 0, got 1"],
  ['pinhole', 'no command given'],
  ['pinhole --json', 'no command given'],
  ['pinhole ad', "unknown command 'ad' (Did you mean add?)"],
  ['pinhole add', "missing required argument 'port'"],
  ['pinhole delete', "missing required argument 'id'"],
  ['pinhole add 0', 'the port must be a whole number from 1 to 65535, not "0"'],
  ['pinhole add 8080 80', "too many arguments for 'add': expected 1, got 2"],
  ['pinhole check 65536', 'the id must be a whole number from 0 to 65535, not "65536"'],
  ['pinhole add 8080 --protocol both', '--protocol must be tcp or udp, not "both"'],
  ['pinhole add 8080 --lease 0', '--lease must be a time such as 30m, 1h or 12h, from 1 to 86400 seconds, not "0"'],
  [
    'pinhole update 1 --lease 86401',
    '--lease must be a time such as 30m, 1h or 12h, from 1 to 86400 seconds, not "86401"',
  ],
  ['pinhole add 8080 --lease 25h', '--lease must be a time such as 30m, 1h or 12h, from 1 to 86400 seconds, not "25h"'],
  ['pinhole add 8080 --client 10.0.0.1', '--client must be an IPv6 address, not "10.0.0.1"'],
  ['pinhole add 8080 --client fd77::x', '--client must be an IPv6 address, not "fd77::x"'],
  ['pinhole add 8080 --remote home', '--remote must be an IPv6 address, or [address]:port, not "home"'],
  ['pinhole add 8080 --remote [::1', '--remote must be an IPv6 address, or [address]:port, not "[::1"'],
  ['pinhole add 8080 --remote [::1]:0', 'the remote port must be a whole number from 1 to 65535, not "0"'],
  ['pinhole delete 1 --lease 60', "unknown option '--lease'"],
  ['pinhole list --ipv6', "unknown option '--ipv6'"],
  ['conformance --disruptive', '--disruptive needs --write: its checks create mappings'],
  [
    'conformance --write --reboot\treboot-router',
    '--reboot needs --disruptive: a restart interrupts everyone on the network',
  ],
  ['conformance now', "too many arguments for 'conformance': expected 0, got 1"],
  ['conformance --simulate', '--simulate needs a value: --simulate <persona>'],
  ['conformance --simulate --write', '--simulate needs a value: --simulate <persona>'],
  ['conformance --only desc/*,', '--only must be ids separated by commas, such as wanip/*,soap/*, not "desc/*,"'],
  [
    'conformance --report router.pdf',
    '--report must be a file name that ends in .html, .json, .xml, .tap or .txt, not "router.pdf"',
  ],
  [
    'conformance --report html',
    '--report must be a file name that ends in .html, .json, .xml, .tap or .txt, not "html"',
  ],
  ...['router', '5.5.5.2', '5.5.5:4719', '[::1]:4719', 'localhost:4719'].map(
    (text) =>
      [
        `conformance --wan-host ${text}`,
        `--wan-host must be an IPv4 address and a port, such as 5.5.5.2:4719, not "${text}"`,
      ] as const,
  ),
  ['conformance --wan-host 5.5.5.2:0', 'the port of --wan-host must be a whole number from 1 to 65535, not "0"'],
  ['conformance --simulate igd2 --gateway http://192.168.1.1/', '--simulate cannot be used with --gateway'],
  ['conformance --simulate igd2 --wan-host 5.5.5.2:4719', '--simulate cannot be used with --wan-host'],
  ['conformance --ipv6', "unknown option '--ipv6'"],
  ['conformance --know x', "unknown option '--know'"],
  ['simulate --simulat', "unknown option '--simulat'"],
  ['simulate --simulate', 'simulate cannot be used with --simulate: it runs a simulated router already'],
  ['--simulate simulate', 'simulate cannot be used with --simulate: it runs a simulated router already'],
  ['wan-host --simulate', 'wan-host cannot be used with --simulate: a simulated router has a simulated WAN side'],
  [
    '--simulate wan-host --port 4000',
    'wan-host cannot be used with --simulate: a simulated router has a simulated WAN side',
  ],
  ['conformance --known-failures\t ', '--known-failures must not be empty'],
  ['wan-host --port 0', '--port must be a whole number from 1 to 65535, not "0"'],
  ['wan-host --address ::1', '--address must be an IPv4 address, not "::1"'],
  ['map 7777 --lese 60', "unknown option '--lese' (Did you mean --lease?)"],
  ['--protocol udp map 7777', '--protocol must come after the command: map ... --protocol'],
  ['--gateway=http://192.168.1.1/ pinhole list', '--gateway must come after the command: pinhole list ... --gateway'],
  ['--protocol udp list', "unknown option '--protocol'"],
];

/** Words; a tab stands before one that has spaces of its own, or none at all. */
function split(text: string): readonly string[] {
  const [words = '', ...rest] = text.split('\t');
  return [...words.split(' ').filter((word) => word !== ''), ...rest];
}

describe('wrong use', () => {
  it.each(misuses)('%j: %s', async (argv, message) => {
    const [first = '', second = ''] = split(argv).filter((word) => !word.startsWith('-') && word !== 'help');
    const command = [first, `${first} ${second}`].find((name) => name in COMMANDS);
    const group = first === 'pinhole' ? 'pinhole ' : '';
    const help = `portwright ${command === undefined ? group : `${command} `}--help`;
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

  it('words behind -- are arguments, never options', () => {
    const message = 'the port must be a whole number from 1 to 65535, not "--keep"';
    for (const argv of ['-- map --keep', 'map -- --keep']) {
      expect(parseArguments(split(argv), host)).toMatchObject({ kind: 'usage-error', error: { message } });
    }
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

const search = { simulate: false, families: ['ipv4'] };
const gateway = { ...search, remember: false };
const map = {
  command: 'map',
  ...gateway,
  protocols: ['TCP'],
  any: false,
  verify: true,
  trustConflicts: false,
  keep: false,
  journal: false,
  all: false,
};

const conformance = {
  command: 'conformance',
  list: false,
  write: false,
  disruptive: false,
  only: [],
  strict: false,
  knownFailures: [],
  reports: [],
  tap: false,
};

/** Arguments, and what they come to. */
const overIpv6 = { families: ['ipv4', 'ipv6'], preferFamily: 'ipv6' } as const;

const requests: readonly (readonly [argv: string, request: object])[] = [
  ['discover', { command: 'discover', ...search }],
  [
    'discover --interface eth0 --ipv6 --timeout 500',
    { command: 'discover', simulate: false, interface: 'eth0', families: ['ipv4', 'ipv6'], timeoutMs: 500 },
  ],
  ['ip --simulate', { command: 'ip', ...gateway, simulate: true }],
  ['status --json', { command: 'status', ...gateway, services: false }],
  ['status --services', { command: 'status', ...gateway, services: true }],
  [
    'list --gateway http://192.168.1.1:5000/desc.xml',
    { command: 'list', ...gateway, gateway: 'http://192.168.1.1:5000/desc.xml' },
  ],
  [
    'list --gateway http://fritz.box:49000/igddesc.xml',
    { command: 'list', ...gateway, gateway: 'http://fritz.box:49000/igddesc.xml' },
  ],
  ['map 7777', { ...map, port: 7777, internalPort: 7777 }],
  ['map 1', { ...map, port: 1, internalPort: 1 }],
  ['map 65535 1', { ...map, port: 65535, internalPort: 1 }],
  ['map 07777', { ...map, port: 7777, internalPort: 7777 }],
  [
    'map --protocol both 443 --lease 0 8443 --description\tMy game',
    {
      ...map,
      port: 443,
      internalPort: 8443,
      protocols: ['TCP', 'UDP'],
      leaseSeconds: 0,
      description: 'My game',
    },
  ],
  ['map 7777 --protocol UDP', { ...map, port: 7777, internalPort: 7777, protocols: ['UDP'] }],
  ...(
    [
      ['90', 90],
      ['90s', 90],
      ['30m', 1800],
      ['1h', 3600],
      ['1H30M', 5400],
      ['7d', 604_800],
      ['30d', 2_592_000],
      ['1d2h3m4s', 93_784],
      ['0m', 0],
    ] as const
  ).map(
    ([time, leaseSeconds]) =>
      [`map 7777 --lease ${time}`, { ...map, port: 7777, internalPort: 7777, leaseSeconds }] as const,
  ),
  ['map 7777 --lease 60 --lease 120', { ...map, port: 7777, internalPort: 7777, leaseSeconds: 120 }],
  [
    'map 7777 --any --keep --no-verify --remember',
    { ...map, port: 7777, internalPort: 7777, any: true, keep: true, verify: false, remember: true },
  ],
  ['map 7777 --trust-conflicts', { ...map, port: 7777, internalPort: 7777, trustConflicts: true }],
  ['map 7777 --keep --journal', { ...map, port: 7777, internalPort: 7777, keep: true, journal: true }],
  // A simulated router is gone with the process.
  [
    'map 7777 --keep --journal --simulate',
    { ...map, simulate: true, port: 7777, internalPort: 7777, keep: true, journal: false },
  ],
  ['map 7777 --all --ipv6', { ...map, port: 7777, internalPort: 7777, all: true, families: ['ipv4', 'ipv6'] }],
  ['pinhole timeout --protocol udp', { command: 'pinhole timeout', ...gateway, ...overIpv6, protocol: 'UDP' }],
  [
    'pinhole timeout 7777 --client fd77::2 --remote 2001:db8::7',
    {
      command: 'pinhole timeout',
      ...gateway,
      ...overIpv6,
      protocol: 'TCP',
      port: 7777,
      client: 'fd77::2',
      remote: { host: '2001:db8::7' },
    },
  ],
  ['watch --interface eth0', { command: 'watch', ...gateway, interface: 'eth0' }],
  [
    'unmap 7777 --force --protocol both',
    { command: 'unmap', ...gateway, port: 7777, protocols: ['TCP', 'UDP'], force: true },
  ],
  [
    'pinhole add 8080 --protocol UDP --lease 60 --client fd77::2 --remote [2001:db8::7]:443',
    {
      command: 'pinhole add',
      ...gateway,
      ...overIpv6,
      port: 8080,
      protocol: 'UDP',
      leaseSeconds: 60,
      client: 'fd77::2',
      remote: { host: '2001:db8::7', port: 443 },
    },
  ],
  [
    'pinhole add 8080 --remote 2001:db8::7',
    {
      command: 'pinhole add',
      ...gateway,
      ...overIpv6,
      port: 8080,
      protocol: 'TCP',
      remote: { host: '2001:db8::7' },
    },
  ],
  [
    'pinhole update 7 --lease 86400',
    { command: 'pinhole update', ...gateway, ...overIpv6, id: 7, leaseSeconds: 86_400 },
  ],
  ['pinhole delete 0', { command: 'pinhole delete', ...gateway, ...overIpv6, id: 0 }],
  ['pinhole check 65535', { command: 'pinhole check', ...gateway, ...overIpv6, id: 65_535 }],
  ['pinhole list', { command: 'pinhole list', ...gateway, ...overIpv6 }],
  ['unmap 7777 --protocol udp', { command: 'unmap', ...gateway, port: 7777, protocols: ['UDP'], force: false }],
  [
    'describe x.xml --location http://192.168.1.1/',
    { command: 'describe', simulate: false, source: 'x.xml', location: 'http://192.168.1.1/' },
  ],
  [
    'describe http://192.168.1.1/ --timeout 9',
    { command: 'describe', simulate: false, source: 'http://192.168.1.1/', timeoutMs: 9 },
  ],
  ['describe x.xml --simulate', { command: 'describe', simulate: true, source: 'x.xml' }],
  ['demo', { command: 'demo' }],
  ['conformance', conformance],
  [
    'conformance --simulate mikrotik --write --disruptive --strict --seed 7 --tap',
    { ...conformance, simulate: 'mikrotik', write: true, disruptive: true, strict: true, seed: 7, tap: true },
  ],
  [
    'conformance --only ssdp/*,desc/* --only soap/parallel --report a.html --report b/c.XML',
    {
      ...conformance,
      only: ['ssdp/*', 'desc/*', 'soap/parallel'],
      reports: [
        { path: 'a.html', format: 'html' },
        { path: 'b/c.XML', format: 'junit' },
      ],
    },
  ],
  [
    'conformance --interface eth0 --timeout 500 --wan-host 5.5.5.2:4719 --known-failures list.txt --known-failures b.txt',
    {
      ...conformance,
      interface: 'eth0',
      timeoutMs: 500,
      wanHost: { address: '5.5.5.2', port: 4719 },
      knownFailures: ['list.txt', 'b.txt'],
    },
  ],
  [
    'conformance --write --disruptive --reboot\tssh router reboot',
    { ...conformance, write: true, disruptive: true, reboot: 'ssh router reboot' },
  ],
  ['wan-host', { command: 'wan-host' }],
  ['wan-host --address 5.5.5.2 --port 4000', { command: 'wan-host', address: '5.5.5.2', port: 4000 }],
];

describe('right use', () => {
  it.each(requests)('%j', (argv, request) => {
    expect(parseArguments(split(argv), host)).toEqual({ kind: 'request', request });
  });

  it.each([
    ['--json map 7777', 'map 7777'],
    ['--simulate map 7777', 'map 7777 --simulate'],
    ['--simulate conformance', 'conformance --simulate igd2'],
    ['--simulate conformance --simulate igd1', 'conformance --simulate igd1'],
    ['conformance --simulate=igd1', 'conformance --simulate igd1'],
    ['pinhole --simulate list', 'pinhole list --simulate'],
    ['map --lease=60 7777', 'map 7777 --lease 60'],
    ['map 7777 --', 'map 7777'],
    ['describe -- x', 'describe x'],
    ['-- map 7777', 'map 7777'],
    ['-- pinhole add 8080', 'pinhole add 8080'],
    ['map 7777 --description --what', 'map 7777 --description=--what'],
    ['map 7777 --description=--json', 'map --description=--json -- 7777'],
  ])('%j is %j', (argv, same) => {
    const parsed = parseArguments(split(argv), host);
    expect(parsed.kind).toBe('request');
    expect(parsed).toEqual(parseArguments(split(same), host));
  });
});

describe('the version', () => {
  it('is printed before or after a command', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '' });
    expect(await run(['-V'])).toMatchObject({ stdout: '1.2.3\n' });
    expect(await run(['-v'])).toEqual({ status: 0, stdout: '1.2.3\n', stderr: '' });
    expect(await run(['map', '7777', '-v'])).toMatchObject({ status: 0, stdout: '1.2.3\n' });
    expect(await run(['pinhole', 'list', '-v'])).toMatchObject({ status: 0, stdout: '1.2.3\n' });
    expect(await run(['map', '--version'])).toMatchObject({ stdout: '1.2.3\n' });
    expect(await run(['pinhole', 'list', '-V'])).toMatchObject({ stdout: '1.2.3\n' });
  });

  it('is a JSON document where one is asked for', async () => {
    expect((await runJson(['--version'])).json).toEqual({ text: '1.2.3\n' });
  });
});
