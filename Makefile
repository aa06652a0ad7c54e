# make site    build the example site into site/public/ (PHOTOS=DIR builds another folder's)
# make test    everything that must hold: style, types, unit, end-to-end and browser tests
# make bench   speed and memory, as ratios (needs PHOTOS=DIR for figures on real photos)
# make train   train the built-in recogniser again (needs torch; PHOTOS=DIR adds real photos)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DELETE_ON_ERROR:
.PHONY: site test check bench train lock clean

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "bollards needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The program itself, from the locked list; .venv/bin/bollards runs afterwards.
$(VENV)/.site: requirements/site.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/site.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# Pictures of flags, from the npm registry (npm itself comes with the locked Python packages).
static/vendor/.flags: static/package-lock.json | $(VENV)/.site
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix static --omit=dev --no-progress --silent
	rm -rf static/vendor/flags && mkdir -p static/vendor/flags
	cp static/node_modules/country-flag-icons/3x2/*.svg static/node_modules/country-flag-icons/LICENSE static/vendor/flags/
	@touch $@

