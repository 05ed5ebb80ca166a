# Transmission maps its peer port for TCP and UDP when it starts, and unmaps both when it ends.
log="$PWD/log"
: > "$log"
transmission-daemon --foreground --log-debug --logfile "$log" --config-dir "$PWD" --portmap --peerport "$2" \
  --no-dht --no-lpd --no-utp --rpc-bind-address 127.0.0.1 --port $(($2 + 1000)) &
daemon=$!
trap 'kill $daemon; wait $daemon; grep UPnP "$log"' EXIT
until grep -q 'Port forwarding successful' "$log"; do
  if grep -q 'please make sure UPnP is enabled' "$log"; then exit 1; fi
  sleep 0.1
done
echo mapped
read -r _
