// @ts-check
import { call, look } from './rows.mjs';

/** @import { Scene } from './rows.mjs' */

const NO_STEALING =
  'Godot 3.2 first deletes whatever holds the port, be it another client’s; Godot 4 does not, and neither is it done here.';

/** @type {readonly Scene[]} */
export const MAPPING_SCENES = [
  {
    scene: 'adding a mapping',
    rows: [
      call('add.defaults', 'a port alone is mapped', 'upnp', 'addPortMapping', [20001]),
      look('add.defaults.target', 'a port alone is UDP, to the same port of ours', 'target', ['UDP', 20001]),
      look('add.defaults.tcp', 'a port alone is not TCP', 'target', ['TCP', 20001]),
      look('add.defaults.description', 'an empty description is the library’s name', 'description', ['UDP', 20001], {
        here: 'Portwright',
        because: 'Each library sends its own name.',
      }),
      call('add.tcp', 'a TCP mapping', 'upnp', 'addPortMapping', [20002, 8080, 'game', 'TCP']),
      look('add.tcp.target', 'a TCP mapping: where it leads', 'target', ['TCP', 20002]),
      look('add.tcp.description', 'a TCP mapping: its description', 'description', ['TCP', 20002]),
      look('add.tcp.minutes', 'duration 0: what the gateway makes of it', 'minutes', ['TCP', 20002]),
      call('add.again', 'the same mapping again is no conflict', 'upnp', 'addPortMapping', [
        20002,
        8080,
        'game',
        'TCP',
      ]),
      call('add.other', 'our own port leads elsewhere when asked', 'upnp', 'addPortMapping', [
        20002,
        8081,
        'new',
        'TCP',
      ]),
      look('add.other.target', 'our own port leads elsewhere: where', 'target', ['TCP', 20002]),
      look('add.other.description', 'our own port leads elsewhere: its description', 'description', ['TCP', 20002]),
      call('add.device', 'a device maps as the gateway does', 'device', 'addPortMapping', [20003, 0, 'd', 'TCP', 3600]),
      look('add.device.target', 'portInternal 0 is the same port', 'target', ['TCP', 20003]),
      look('add.device.minutes', 'duration 3600', 'minutes', ['TCP', 20003]),
      call('add.short', 'a duration below 120 is sent as it is', 'upnp', 'addPortMapping', [20004, 0, 's', 'UDP', 110]),
      look('add.short.minutes', 'a duration below 120: what the gateway makes of it', 'minutes', ['UDP', 20004]),
      call('add.long', 'a duration above a day is sent as it is', 'upnp', 'addPortMapping', [
        20005,
        0,
        'l',
        'UDP',
        172800,
      ]),
      look('add.long.minutes', 'a duration above a day: what the gateway makes of it', 'minutes', ['UDP', 20005]),
      call('add.highest', 'the highest port', 'upnp', 'addPortMapping', [65535, 65535, 'h', 'TCP']),
      call('taken.device', 'a port that another client holds is a conflict', 'device', 'addPortMapping', [
        20099,
        0,
        '',
        'TCP',
      ]),
      look('taken.device.stays', 'a conflict changes nothing', 'target', ['TCP', 20099]),
      call('taken.udp', 'the same port of the other protocol is free', 'upnp', 'addPortMapping', [20099]),
      call(
        'taken.upnp',
        'a port that another client holds, on the gateway',
        'upnp',
        'addPortMapping',
        [20099, 0, '', 'TCP'],
        {
          differs: { here: 13, because: NO_STEALING },
        },
      ),
      look(
        'taken.upnp.stays',
        'a port that another client holds, on the gateway: whose it is',
        'target',
        ['TCP', 20099],
        {
          here: '10.77.0.99:8080',
          because: NO_STEALING,
        },
      ),
      call('add.denied', 'a port that the gateway’s rules deny', 'upnp', 'addPortMapping', [80, 0, '', 'TCP']),
      call('add.denied.device', 'a port that the gateway’s rules deny, on a device', 'device', 'addPortMapping', [80]),
    ],
  },
  {
    scene: 'what a description may hold',
    rows: [
      call('text.accents', 'letters beyond ASCII', 'upnp', 'addPortMapping', [20010, 0, 'Jürgens Spiel ✓', 'UDP']),
      look('text.accents.description', 'letters beyond ASCII arrive', 'description', ['UDP', 20010]),
      call('text.quotes', 'quotes', 'upnp', 'addPortMapping', [20011, 0, 'a "b" \'c\'', 'UDP']),
      call('text.ampersand', 'an ampersand', 'upnp', 'addPortMapping', [20012, 0, 'a & b', 'UDP']),
      call('text.markup', 'markup', 'upnp', 'addPortMapping', [20013, 0, '<b>bold</b>', 'UDP']),
      look('text.quotes.description', 'quotes arrive', 'description', ['UDP', 20011]),
      look('text.ampersand.description', 'an ampersand arrives', 'description', ['UDP', 20012]),
      look('text.markup.description', 'markup arrives', 'description', ['UDP', 20013], {
        here: '<b>bold</b>',
        because: 'Godot sends it unescaped, and the gateway takes it for elements.',
      }),
    ],
  },
  {
    scene: 'what adding refuses, and in which order',
    rows: [
      call('refused.port.0', 'port 0', 'upnp', 'addPortMapping', [0]),
      call('refused.port.-1', 'a negative port', 'upnp', 'addPortMapping', [-1]),
      call('refused.port.65536', 'a port above 65535', 'upnp', 'addPortMapping', [65536]),
      call('refused.internal.70000', 'an internal port above 65535', 'upnp', 'addPortMapping', [20020, 70000]),
      call('refused.internal.-1', 'a negative internal port', 'upnp', 'addPortMapping', [20020, -1]),
      call('refused.udp', 'a protocol in lower case', 'upnp', 'addPortMapping', [20020, 0, '', 'udp']),
      call('refused.tcp', 'a protocol in lower case', 'upnp', 'addPortMapping', [20020, 0, '', 'tcp']),
      call('refused.empty', 'no protocol', 'upnp', 'addPortMapping', [20020, 0, '', '']),
      call('refused.both', 'a protocol of another kind', 'upnp', 'addPortMapping', [20020, 0, '', 'SCTP']),
      call('refused.duration', 'a negative duration', 'upnp', 'addPortMapping', [20020, 0, '', 'UDP', -5]),
      call('order.port', 'the port comes first', 'upnp', 'addPortMapping', [0, 70000, '', 'udp', -5]),
      call('order.internal', 'the internal port comes before the protocol', 'upnp', 'addPortMapping', [
        20020,
        -1,
        '',
        'udp',
        -5,
      ]),
      call('order.protocol', 'the protocol comes before the duration', 'upnp', 'addPortMapping', [
        20020,
        0,
        '',
        'udp',
        -5,
      ]),
      call('order.device', 'a device checks in the same order', 'device', 'addPortMapping', [20020, 0, '', 'udp', -5]),
      look('refused.none', 'what is refused is not mapped', 'target', ['UDP', 20020]),
    ],
  },
  {
    scene: 'deleting a mapping',
    rows: [
      call('delete.port.0', 'port 0', 'upnp', 'deletePortMapping', [0]),
      call('delete.port.65536', 'a port above 65535', 'upnp', 'deletePortMapping', [65536]),
      call('delete.protocol', 'a protocol in lower case', 'upnp', 'deletePortMapping', [20001, 'udp']),
      call('delete.order', 'the port comes before the protocol', 'upnp', 'deletePortMapping', [0, 'udp']),
      call('delete.device.protocol', 'a device checks too', 'device', 'deletePortMapping', [20001, 'Udp']),
      look('delete.not', 'what is refused is not deleted', 'target', ['UDP', 20001]),
      call('delete.udp', 'UDP is the default', 'upnp', 'deletePortMapping', [20001]),
      look('delete.udp.gone', 'UDP is the default: the mapping is gone', 'target', ['UDP', 20001]),
      call('delete.tcp', 'a TCP mapping', 'upnp', 'deletePortMapping', [20002, 'TCP']),
      look('delete.tcp.gone', 'a TCP mapping: it is gone', 'target', ['TCP', 20002]),
      call('delete.device', 'through a device', 'device', 'deletePortMapping', [20003, 'TCP']),
      look('delete.device.gone', 'through a device: it is gone', 'target', ['TCP', 20003]),
      call('delete.unknown', 'a mapping that does not exist', 'upnp', 'deletePortMapping', [20050, 'TCP']),
      call('delete.other.protocol', 'a port that is mapped for the other protocol', 'upnp', 'deletePortMapping', [
        20004,
        'TCP',
      ]),
      look('delete.other.stays', 'a port that is mapped for the other protocol: it stays', 'target', ['UDP', 20004]),
    ],
  },
];
