# Lo que comparten backup.sh y restore.sh: de dónde leen y cómo fallan. Se incluye, no se ejecuta.
# shellcheck shell=bash

python=${PYTHON:-}
if [ -z "$python" ]; then
  python=$here/../.venv/bin/python
  [ -x "$python" ] || python=python3
fi
data=${OFICIALIA_DATA:-data}
database=${OFICIALIA_DATABASE:-}

fail() { echo "ERROR: $*" >&2; exit 1; }

# Con la contraseña en el ambiente y no en la línea de órdenes, que cualquiera puede ver.
postgres_environment() {
  eval "$(OFICIALIA_DATABASE=$database "$python" - <<'PY'
import os
import shlex
from urllib.parse import parse_qs, unquote, urlsplit

url = urlsplit(os.environ["OFICIALIA_DATABASE"])
said = {
    "PGHOST": url.hostname or "",
    "PGPORT": str(url.port or ""),
    "PGUSER": unquote(url.username or ""),
    "PGPASSWORD": unquote(url.password or ""),
    "PGDATABASE": unquote(url.path.lstrip("/")),
    "PGSSLMODE": parse_qs(url.query).get("sslmode", [""])[0],
}
for name, value in said.items():
    if value:
        print(f"export {name}={shlex.quote(value)}")
PY
)"
}
