/**
 * The floor: one M-SEARCH, one GET, one POST, written by hand for this one gateway, with nothing checked that could go
 * wrong.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const IGD = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';

const search = createSocket('udp4');
const answer = await new Promise((resolve) => {
  search.once('message', resolve);
  search.send(
    `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${IGD}\r\n\r\n`,
    1900,
    '239.255.255.250',
  );
});
search.close();

const [, host, port, path] = /LOCATION: http:\/\/([\d.]+):(\d+)(\S*)/i.exec(String(answer));
const description = await exchange(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`);
const [, type, control] = /(urn:[^<]*:WANIPConnection:\d)<.*?<controlURL>([^<]*)</s.exec(description);

const [, body] = await post();
if (!body.includes('AddPortMappingResponse')) throw new Error(body);
console.log('mapped');

async function post() {
  const envelope = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:AddPortMapping xmlns:u="${type}"><NewRemoteHost></NewRemoteHost><NewExternalPort>7777</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalPort>7777</NewInternalPort><NewInternalClient>10.77.0.2</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>bare</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration></u:AddPortMapping></s:Body></s:Envelope>`;
  const response = await exchange(
    `POST ${control} HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: text/xml; charset="utf-8"\r\nSOAPAction: "${type}#AddPortMapping"\r\nContent-Length: ${envelope.length}\r\nConnection: close\r\n\r\n${envelope}`,
  );
  return response.split('\r\n\r\n');
}

/** @param {string} request */
function exchange(request) {
  return new Promise((resolve, reject) => {
    let response = '';
    const socket = connect(Number(port), host, () => socket.write(request));
    socket.on('data', (piece) => (response += piece));
    socket.on('end', () => resolve(response));
    socket.on('error', reject);
  });
}
