"""libtorrent, the library of qBittorrent and Deluge. A session maps its port for TCP and UDP, and unmaps both when it ends."""
import sys

import libtorrent

address, port = sys.argv[1], int(sys.argv[2])
category = libtorrent.alert.category_t
session = libtorrent.session(
    {
        "listen_interfaces": f"{address}:{port}",
        "enable_upnp": True,
        "enable_natpmp": False,
        "enable_dht": False,
        "enable_lsd": False,
        "alert_mask": category.port_mapping_notification | category.port_mapping_log_notification,
    }
)
left = 2
while left > 0:
    session.wait_for_alert(1000)
    for alert in session.pop_alerts():
        print(alert.message(), flush=True)
        # A router without a service that it knows is only in the log: it goes on searching.
        if isinstance(alert, libtorrent.portmap_error_alert) or "could not find a port mapping" in alert.message():
            sys.exit(1)
        if isinstance(alert, libtorrent.portmap_alert):
            left -= 1
print("mapped", flush=True)
sys.stdin.readline()
