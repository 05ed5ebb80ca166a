# natpmpc of libnatpmp: its lease of 0 seconds deletes.
natpmpc -a "$2" "$2" udp 3600 | grep '^Mapped' || exit 1
echo mapped
read -r _
natpmpc -a "$2" "$2" udp 0
