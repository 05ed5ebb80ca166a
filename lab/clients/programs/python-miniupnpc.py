"""python3-miniupnpc."""
import sys

import miniupnpc

address, port = sys.argv[1], int(sys.argv[2])
upnp = miniupnpc.UPnP()
upnp.discoverdelay = 1000
upnp.discover()
upnp.selectigd()
upnp.addportmapping(port, "UDP", address, port, "python-miniupnpc", "", 3600)
print("mapped", flush=True)
sys.stdin.readline()
upnp.deleteportmapping(port, "UDP")
