#!/usr/bin/env bash
# A throw-away PostgreSQL on loopback for tests and benches: `export SEATRIAL_PG_URL=$(scripts/postgres.sh start)`, and later
# `scripts/postgres.sh stop`, which deletes it. FOLDER and PORT as further arguments, for more than one at a time.
set -euo pipefail

usage="usage: scripts/postgres.sh start|stop|restart [FOLDER [PORT]]"
action=${1:?$usage}
folder=${2:-${TMPDIR:-/tmp}/seatrial-postgres}
port=${3:-54329}

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] || bin=$(pg_config --bindir 2>/dev/null || true)
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL is not installed: apt-get install postgresql, or put pg_config on the PATH" >&2
  exit 1
fi

# PostgreSQL refuses to run as root; Debian's package makes the user postgres.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
# Wherever we are called from, its user may not be allowed to be.
cd /

case $action in
start)
  mkdir -p "$folder"
  [ "$(id -u)" != 0 ] || chown postgres "$folder"
  if [ ! -f "$folder/data/PG_VERSION" ]; then
    as_owner "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C >"$folder/initdb.log"
  fi
  as_owner "$bin/pg_ctl" start --wait --silent --pgdata "$folder/data" --log "$folder/server.log" \
    --options "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$folder'" >&2
  echo "postgres://postgres@127.0.0.1:$port/postgres"
  ;;
restart)
  as_owner "$bin/pg_ctl" restart --wait --silent --pgdata "$folder/data" --log "$folder/server.log" --mode immediate >&2
  ;;
stop)
  [ ! -f "$folder/data/postmaster.pid" ] ||
    as_owner "$bin/pg_ctl" stop --wait --silent --pgdata "$folder/data" --mode immediate >&2
  rm -rf "$folder"
  ;;
*)
  echo "$usage" >&2
  exit 2
  ;;
esac
