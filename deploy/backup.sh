#!/usr/bin/env bash
# Respaldo de Oficialía: la base de datos y los archivos, en un solo .tar.gz, comprobado después de escribirlo.
#
#   deploy/backup.sh CARPETA            hace CARPETA/oficialia-AAAAMMDDThhmmssZ.tar.gz
#   deploy/backup.sh --check RESPALDO   comprueba un respaldo ya hecho
#
# Lee lo mismo que el bot: OFICIALIA_DATA y OFICIALIA_DATABASE. Puede correr mientras el bot trabaja.
# OFICIALIA_BACKUPS_KEEP: cuántos respaldos se dejan en la carpeta (30; 0 los deja todos).
# PYTHON: el Python que se usa, 3.11 o mayor. Con PostgreSQL hacen falta pg_dump, pg_restore y psql.
#
# La base se copia antes que los archivos. Un archivo llega al disco antes que la fila que lo nombra, se
# guarda con el nombre de su contenido y nunca cambia: todo lo que la copia de la base nombra está en la
# copia de los archivos.
set -euo pipefail
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/common.sh
. "$here/common.sh"

copy_sqlite() { # de, a, lista
  "$python" - "$1" "$2" "$3" <<'PY'
import pathlib
import sqlite3
import sys

source, target, names = sys.argv[1:]
before = sqlite3.connect(f"{pathlib.Path(source).absolute().as_uri()}?mode=rw", uri=True, timeout=60)
after = sqlite3.connect(target)
before.backup(after)
after.execute("PRAGMA journal_mode=DELETE")
with open(names, "w", encoding="ascii") as file:
    for (digest,) in after.execute("SELECT DISTINCT sha256 FROM file ORDER BY sha256"):
        file.write(f"{digest}\n")
after.close()
before.close()
PY
}

# Lo que debe cumplir un respaldo abierto en una carpeta; dice qué contiene.
check_folder() {
  local folder=$1
  (cd "$folder" && sha256sum --quiet --strict -c SUMS) || fail "la base del respaldo cambió después de escrita"
  if [ -f "$folder/database.sqlite" ]; then
    "$python" - "$folder/database.sqlite" <<'PY' || fail "la base del respaldo no está sana"
import sqlite3
import sys

base = sqlite3.connect(sys.argv[1])
state = base.execute("PRAGMA integrity_check").fetchone()[0]
orphans = base.execute("PRAGMA foreign_key_check").fetchall()
if state != "ok" or orphans:
    sys.exit(f"{state}; {len(orphans)} filas sin su pareja")
(requests,) = base.execute("SELECT count(*) FROM request").fetchone()
(lines,) = base.execute("SELECT count(*) FROM request_event").fetchone()
print(f"SQLite: {requests} solicitudes, {lines} renglones de historial")
PY
  elif [ -f "$folder/database.pgdump" ]; then
    pg_restore --file=/dev/null "$folder/database.pgdump" || fail "la base del respaldo no se puede leer"
    grep -q 'TABLE DATA public request_event ' <<<"$(pg_restore --list "$folder/database.pgdump")" ||
      fail "el respaldo no trae el historial de las solicitudes"
    echo "PostgreSQL: se lee completa"
  else
    fail "el respaldo no trae ninguna base"
  fi
  "$python" - "$folder" <<'PY' || fail "faltan archivos o están dañados"
import hashlib
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
names = (folder / "FILES").read_text(encoding="ascii").split()
bad = 0
for name in names:
    path = folder / "files" / name[:2] / name
    if not path.is_file():
        print(f"falta {name}", file=sys.stderr)
        bad += 1
        continue
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != name:
            print(f"dañado {name}", file=sys.stderr)
            bad += 1
print(f"Archivos: {len(names) - bad} de {len(names)}")
sys.exit(bool(bad))
PY
}

check() {
  if [ -d "$1" ]; then
    check_folder "$1"
    return
  fi
  [ -f "$1" ] || fail "no existe $1"
  if [ -f "$1.sha256" ]; then
    (cd "$(dirname "$1")" && sha256sum --quiet --strict -c "$(basename "$1").sha256") ||
      fail "el respaldo no coincide con su suma"
  fi
  work=$(mktemp -d "$(dirname "$1")/.oficialia-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  tar -xzf "$1" -C "$work"
  check_folder "$work"
}

backup() {
  local folder=$1 name archive keep=${OFICIALIA_BACKUPS_KEEP:-30}
  mkdir -p "$folder"
  name=oficialia-$(date -u +%Y%m%dT%H%M%SZ)
  archive=$folder/$name.tar.gz
  [ ! -e "$archive" ] || fail "ya existe $archive"
  work=$(mktemp -d "$folder/.oficialia-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  case $database in
    postgres*)
      postgres_environment
      pg_dump --format=custom --file="$work/database.pgdump"
      # Preguntados después: pueden ser más que los de la copia, y ya están todos en el disco.
      psql -XAtq -v ON_ERROR_STOP=1 -c 'SELECT DISTINCT sha256 FROM file ORDER BY sha256' >"$work/FILES"
      (cd "$work" && sha256sum database.pgdump FILES >SUMS)
      ;;
    "" | sqlite*)
      local base=$data/oficialia.sqlite
      [ -z "$database" ] || base=${database#*:///}
      [ -f "$base" ] || fail "no existe la base $base; ¿OFICIALIA_DATA es la carpeta del bot?"
      copy_sqlite "$base" "$work/database.sqlite" "$work/FILES"
      (cd "$work" && sha256sum database.sqlite FILES >SUMS)
      ;;
    *) fail "no sé respaldar esa base: OFICIALIA_DATABASE" ;;
  esac
  mkdir -p "$work/files"
  [ ! -d "$data/files" ] || cp -R "$data/files/." "$work/files/"
  tar -czf "$archive.part" -C "$work" .
  rm -rf "$work"
  mv "$archive.part" "$archive"
  (cd "$folder" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
  check "$archive"
  sync "$archive"
  if [ "$keep" -gt 0 ]; then
    find "$folder" -maxdepth 1 -name 'oficialia-*.tar.gz' | sort | head -n "-$keep" |
      while read -r old; do rm -f "$old" "$old.sha256"; done
  fi
  echo "Respaldo comprobado: $archive"
}

case ${1:-} in
  --check) [ $# -eq 2 ] || fail "uso: $0 --check RESPALDO"; check "$2" ;;
  "" | -*) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
  *) backup "$1" ;;
esac
