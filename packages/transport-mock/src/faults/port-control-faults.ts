import type { ReplyDatagram } from '../network/network-host.ts';
import { ANNOUNCEMENT_PORT } from '../port-control/port-control-announcer.ts';
import { PORT_CONTROL_PORT } from '../port-control/port-control-server.ts';
import { neighbourOf } from './elsewhere.ts';
import type { FaultDefinition, FaultEnvironment, FaultHooks, FaultTestSetup } from './fault.ts';

/** A client that has no other way than PCP and NAT-PMP. */
const ONLY: FaultTestSetup = { router: { protocols: ['pcp', 'nat-pmp'] } };
const ONCE: FaultTestSetup = { ...ONLY, when: { times: 1 } };
const LATER: FaultTestSetup = { ...ONLY, when: { after: '20m' } };
const DROPS = 'drops them, and asks again on its schedule';

/** What goes wrong with the datagrams of PCP and NAT-PMP. */
export const PORT_CONTROL_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'port-control-loss': {
    row: 57,
    what: 'requests of PCP and NAT-PMP, or their answers, are lost',
    remedy: 'sends the same bytes again, first after 250 ms',
    testSetup: ONCE,
    hooks: () => ({ portControl: () => [] }),
  },
  'port-control-duplicates': {
    row: 58,
    what: 'every answer of PCP and NAT-PMP arrives twice',
    remedy: 'takes an answer once',
    testSetup: ONLY,
    hooks: () => ({ portControl: (answers) => answers.flatMap((answer) => [answer, answer]) }),
  },
  'port-control-out-of-order': {
    row: 59,
    what: 'every other answer of PCP and NAT-PMP is 400 ms late, so that the next one overtakes it',
    remedy: 'pairs answers by opcode, nonce and port, never by their order',
    testSetup: ONLY,
    hooks: () => {
      let count = 0;
      return {
        portControl: (answers) => {
          count += 1;
          return count % 2 === 1 ? delayed(answers, 400) : answers;
        },
      };
    },
  },
  'port-control-late': {
    row: 59,
    what: 'answers of PCP and NAT-PMP take 2.5 s, as those of miniupnpd while it refuses another request',
    remedy: 'accepts them, and concludes nothing from a second of silence',
    testSetup: ONLY,
    hooks: () => ({ portControl: (answers) => delayed(answers, 2_500) }),
  },
  'port-control-truncated': {
    row: 60,
    what: 'answers of PCP and NAT-PMP are cut off',
    remedy: DROPS,
    testSetup: ONCE,
    hooks: ({ random }) => ({
      portControl: changed((payload) => payload.slice(0, 1 + Math.floor(random.fraction() * (payload.length - 1)))),
    }),
  },
  'port-control-odd-length': {
    row: 60,
    what: 'answers of PCP and NAT-PMP have a byte too many',
    remedy: DROPS,
    testSetup: ONCE,
    hooks: () => ({ portControl: changed((payload) => Uint8Array.of(...payload, 0)) }),
  },
  'pcp-another-nonce': {
    row: 61,
    what: 'answers to MAP carry another nonce',
    remedy: DROPS,
    on: ['pcp'],
    // A client may ask by ANNOUNCE first, which has no nonce.
    testSetup: { ...ONLY, when: { times: 3 } },
    hooks: () => ({
      portControl: changed((payload) => payload.map((byte, at) => (at >= 24 && at < 36 ? byte ^ 0xff : byte))),
    }),
  },
  'port-control-from-another-port': {
    row: 62,
    what: 'answers of PCP and NAT-PMP come from a port other than 5351',
    remedy: DROPS,
    testSetup: ONCE,
    hooks: ({ random }) => {
      const port = 49_152 + Math.floor(random.fraction() * 16_384);
      return {
        portControl: (answers) => answers.map((answer) => ({ ...answer, from: { ...answer.from, port } })),
      };
    },
  },
  'port-control-wrong-epoch': {
    row: 63,
    what: 'the epoch in answers of PCP and NAT-PMP is always 0, as if the router had just started',
    remedy: 'asks for its mappings again, and not faster for it',
    testSetup: ONLY,
    hooks: () => ({
      portControl: changed((payload) => {
        const from = payload[0] === 0 ? 4 : 8;
        return payload.map((byte, at) => (at >= from && at < from + 4 ? 0 : byte));
      }),
    }),
  },
  'port-control-not-authorized': {
    row: 65,
    what: 'PCP and NAT-PMP refuse every request with 2: the owner does not allow it',
    remedy: 'reports an error with a hint, and does not repeat the request at once',
    on: ['pcp', 'nat-pmp'],
    testSetup: ONLY,
    hooks: () => ({ options: { pcp: { isRefused: true }, natPmp: { isRefused: true } } }),
  },
  'forged-restart': {
    row: 64,
    what: 'somebody announces in the name of the router that it has restarted, with another external address',
    remedy: 'asks the router, and believes its answer',
    on: ['announcement'],
    testSetup: LATER,
    hooks: (environment) => forgingRestart(environment, (address) => address),
  },
  'restart-of-another-host': {
    row: 64,
    what: 'another host announces as a PCP and NAT-PMP server that it has restarted',
    remedy: 'ignores it',
    on: ['announcement'],
    mounts: 'memory',
    testSetup: LATER,
    hooks: (environment) => forgingRestart(environment, (address) => neighbourOf(address)),
  },
};

function delayed(answers: readonly ReplyDatagram[], ms: number): readonly ReplyDatagram[] {
  return answers.map((answer) => ({ ...answer, delayMs: answer.delayMs + ms }));
}

function changed(change: (payload: Uint8Array) => Uint8Array): NonNullable<FaultHooks['portControl']> {
  return (answers) => answers.map((answer) => ({ ...answer, payload: change(answer.payload) }));
}

/** NAT-PMP's answer with the address 6.6.6.6, and PCP's to ANNOUNCE, both with epoch 0. */
function forgingRestart({ config, controls }: FaultEnvironment, by: (address: string) => string): FaultHooks {
  return {
    strike: () => {
      const from = { address: by(config().lanAddress), port: PORT_CONTROL_PORT };
      const to = { address: '224.0.0.1', port: ANNOUNCEMENT_PORT };
      controls.multicast(Uint8Array.of(0, 128, 0, 0, 0, 0, 0, 0, 6, 6, 6, 6), from, to);
      controls.multicast(Uint8Array.of(2, 128, ...new Uint8Array(22)), from, to);
    },
  };
}
