# upnpc of miniupnpc.
upnpc -e upnpc -a "$1" "$2" "$2" UDP 3600 | grep 'is redirected' || exit 1
echo mapped
read -r _
upnpc -d "$2" UDP
