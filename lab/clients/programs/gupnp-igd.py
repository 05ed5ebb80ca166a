"""gupnp-igd, GNOME's library for port mappings."""
import sys

import gi

gi.require_version("GUPnPIgd", "1.0")
from gi.repository import GLib, GUPnPIgd

address, port = sys.argv[1], int(sys.argv[2])
loop = GLib.MainLoop()
igd = GUPnPIgd.SimpleIgd.new()


def mapped(*_):
    print("mapped", flush=True)


def refused(_igd, error, *_):
    sys.exit(error.message)


def unmapped():
    """Whether every mapping is gone: asked again until it is."""
    if igd.delete_all_mappings():
        loop.quit()
    return GLib.SOURCE_CONTINUE


def asked(*_):
    GLib.timeout_add(50, unmapped)
    return GLib.SOURCE_REMOVE


igd.connect("mapped-external-port", mapped)
igd.connect("error-mapping-port", refused)
igd.add_port("UDP", port, address, port, 3600, "gupnp-igd")
GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IO_IN, asked)
loop.run()
