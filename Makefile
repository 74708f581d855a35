# make run, make test, make check, make bench, make load: README.md tells about each. Everything is installed into .venv.

PYTHON ?= python3
PORT ?= 8000
SITE_URL ?= http://127.0.0.1:$(PORT)
BIN = .venv/bin
# Two at a time, each with a database of its own
PYTEST = $(BIN)/pytest --numprocesses=2 --dist=worksteal

export SITE_URL

# A step that fails leaves no half-made file behind
.DELETE_ON_ERROR:
.PHONY: run test check bench load screenshots python port
.SILENT: run test check bench load screenshots python port .venv/run .venv/dev var/secret_key var/static/staticfiles.json

run: port .venv/run var/secret_key var/static/staticfiles.json
	$(BIN)/python manage.py prepare
	echo "Reglab is at $(SITE_URL)/  The secretariat signs in at $(SITE_URL)/admin/  Stop with Ctrl-C."
	exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:$(PORT)

test: .venv/dev
	echo "== SQLite"
	DATABASE_URL= $(PYTEST)
	echo "== PostgreSQL"
	$(BIN)/python -m tests.postgres $(PYTEST) -m "not any_database"

# The settings of a real site, so that what is checked is what will run
check: export SITE_URL = https://forslag.reglab.test
check: export SECRET_KEY = only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz
check: export BEHIND_PROXY = true
check: export REQUIRE_MFA = true
check: export EMAIL_URL = smtp+tls://user:password@mail.reglab.test:587
check: export SECRETARIAT_EMAIL = kansliet@reglab.test
check: export DEFAULT_FROM_EMAIL = kansliet@reglab.test
check: export DATA_CONTROLLER = Reglab
check: export LEGAL_BASIS = avtal
check: export DATA_PROTECTION_OFFICER = dataskydd@reglab.test
check: export DATABASE_URL = sqlite:///:memory:
check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/dev
	$(BIN)/python -m tests.load.bench $(SIZES)
	$(BIN)/python -m tests.load.bench_texts
	$(BIN)/python -m tests.load.bench_booklet
	$(BIN)/python -m tests.load.bench_desk
	$(BIN)/python -m tests.load.bench_pages $(SIZES)

load: .venv/dev
	$(BIN)/python -m tests.load.submissions
	$(BIN)/python -m tests.load.attacks
	$(BIN)/python -m tests.load.faults

screenshots: .venv/dev var/static/staticfiles.json
	$(BIN)/python -m tests.screenshots

python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Reglab needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -n 1). Try make PYTHON=python3.11 …"; exit 1; }

port: python
	$(PYTHON) -c 'import sys; sys.exit(not 0 < int("$(PORT)") < 65536)' 2>/dev/null || { echo "PORT must be a number from 1 to 65535."; exit 1; }
	$(PYTHON) -c 'import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", $(PORT)))' 2>/dev/null \
		|| { echo "Port $(PORT) is taken. Stop what runs there, or choose another: make run PORT=8080"; exit 1; }

.venv/run: requirements.txt | python
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv || { echo "Could not make .venv; Debian needs the package python3-venv."; exit 1; }
	echo "Installing into .venv, which takes about a minute the first time."
	$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements.txt
	touch $@

.venv/dev: requirements-dev.txt requirements.txt | python
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv || { echo "Could not make .venv; Debian needs the package python3-venv."; exit 1; }
	echo "Installing the tools into .venv, which takes some minutes the first time."
	$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements-dev.txt
	touch $@

var/secret_key:
	umask 077 && mkdir -p var && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

var/static/staticfiles.json: .venv/run $(shell find static -type f) | var/secret_key
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
