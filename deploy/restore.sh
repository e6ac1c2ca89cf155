#!/usr/bin/env bash
# Regresa un respaldo de Oficialía a su lugar. Primero detén el bot.
#
#   deploy/restore.sh RESPALDO             a una instalación vacía
#   deploy/restore.sh --replace RESPALDO   en lugar de lo que haya
#
# Lee lo mismo que el bot: OFICIALIA_DATA y OFICIALIA_DATABASE. Con SQLite, lo que había se aparta en
# una carpeta «antes-…» y no se borra. Con PostgreSQL se sustituye todo en una sola transacción; los
# archivos no se borran nunca, porque se guardan con el nombre de su contenido.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/common.sh"

replace=
if [ "${1:-}" = --replace ]; then
  replace=1
  shift
fi
[ $# -eq 1 ] && [ "${1#-}" = "$1" ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
[ -f "$1" ] || fail "no existe $1"
if [ -f "$1.sha256" ]; then
  (cd "$(dirname "$1")" && sha256sum --quiet --strict -c "$(basename "$1").sha256") ||
    fail "el respaldo no coincide con su suma"
fi

mkdir -p "$data"
work=$(mktemp -d "$data/.oficialia-XXXXXX")
trap 'rm -rf "$work"' EXIT
tar -xzf "$1" -C "$work"
PYTHON=$python "$here/backup.sh" --check "$work"

put_files() {
  mkdir -p "$data/files"
  cp -Rn "$work/files/." "$data/files/"
}

restore_sqlite() {
  local base=$data/oficialia.sqlite aside
  [ -z "$database" ] || base=${database#*:///}
  # El mismo candado que toma el bot: si lo tiene él, aquí no se toca nada.
  exec 9>>"$data/lock"
  "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null ||
    fail "el bot está corriendo con esa carpeta; detenlo primero"
  if [ -e "$base" ]; then
    [ -n "$replace" ] || fail "ya hay una base en $base; para sustituirla usa --replace"
    aside=$data/antes-$(date -u +%Y%m%dT%H%M%SZ)
    mkdir "$aside"
    for one in "$base" "$base-wal" "$base-shm"; do
      [ ! -e "$one" ] || mv "$one" "$aside/"
    done
    echo "Lo que había quedó en $aside"
  fi
  put_files
  mkdir -p "$(dirname "$base")"
  cp "$work/database.sqlite" "$base.part"
  sync "$base.part"
  mv "$base.part" "$base"
  cmp "$work/database.sqlite" "$base" || fail "la base no quedó igual al respaldo"
  check_restored_files
}

restore_postgres() {
  local tables others
  postgres_environment
  ask() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }
  others=$(ask "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
  [ "$others" = 0 ] || fail "hay $others conexiones abiertas a la base; detén el bot primero"
  tables=$(ask "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
  [ "$tables" = 0 ] || [ -n "$replace" ] || fail "la base ya tiene tablas; para sustituirlas usa --replace"
  put_files
  pg_restore --dbname="$PGDATABASE" --clean --if-exists --no-owner --no-privileges --single-transaction \
    "$work/database.pgdump"
  echo "PostgreSQL: $(ask 'SELECT count(*) FROM request') solicitudes," \
    "$(ask 'SELECT count(*) FROM request_event') renglones de historial"
  ask "SELECT DISTINCT sha256 FROM file" | grep -Fxvf "$work/FILES" &&
    fail "la base nombra archivos que el respaldo no trae"
  check_restored_files
}

check_restored_files() {
  while read -r name; do
    [ "$(sha256sum <"$data/files/${name:0:2}/$name")" = "$name  -" ] || fail "el archivo $name no quedó bien"
  done <"$work/FILES"
}

if [ -f "$work/database.sqlite" ]; then
  case $database in "" | sqlite*) restore_sqlite ;; *) fail "el respaldo es de SQLite y OFICIALIA_DATABASE no" ;; esac
else
  case $database in postgres*) restore_postgres ;; *) fail "el respaldo es de PostgreSQL y OFICIALIA_DATABASE no" ;; esac
fi
echo "Restaurado y comprobado. Ya puedes arrancar el bot; él actualiza la base si hace falta."
