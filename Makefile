# make site    build the example site into site/public/ (PHOTOS=DIR builds another folder's)
# make test    everything that must hold: style, types, unit, end-to-end and browser tests
# make torture kills, full disks, power cuts and damage, a thousand of each (TRIES=N: as many)
# make docs    the documentation as pages in docs/_build/, every link checked
# make test-models   make the tiny encoders of the tests anew (needs torch)
# make bench   speed and memory, as ratios (needs PHOTOS=DIR for figures on real photos)
# make messages   bring locale/*.po up to date with the words in templates and code
# make gazetteer   renew the table of what places are called (after a new CLDR or ISO 3166)
# make dist    wheel, source distribution, bill of materials and digests, into dist/
# make train   train the built-in recogniser again (needs torch; PHOTOS=DIR are labelled photos)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DELETE_ON_ERROR:
.PHONY: site test check docs links torture test-models bench train gazetteer messages lock clean

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "bollards needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The program itself, from the locked list; .venv/bin/bollards runs afterwards.
$(VENV)/.site: requirements/site.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/site.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# From the npm registry (npm itself comes with the locked Python packages): pictures of flags, the
# outlines of countries, the runtime that recognises pictures in a visitor's browser, and the fonts
# of the pictures that links show.
static/vendor/.npm: static/package-lock.json | $(VENV)/.site
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix static --omit=dev --no-progress --silent
	rm -rf static/vendor && mkdir -p static/vendor/flags static/vendor/world static/vendor/ort static/vendor/fonts/scripts
	cp static/node_modules/country-flag-icons/3x2/*.svg static/node_modules/country-flag-icons/LICENSE static/vendor/flags/
	cd static/node_modules/world-atlas && cp countries-110m.json countries-50m.json LICENSE ../../vendor/world/
	cd static/node_modules/onnxruntime-web && cp dist/ort.wasm.min.mjs \
	  dist/ort-wasm-simd-threaded.mjs dist/ort-wasm-simd-threaded.wasm ../../vendor/ort/
	cd static/node_modules/@expo-google-fonts && for font in *; do \
	  cp $$font/LICENSE_FONT ../../vendor/fonts/LICENSE-$$font || exit 1; done
	cd static/node_modules/@expo-google-fonts && cp noto-*/600SemiBold/*.ttf ../../vendor/fonts/scripts/
	cd static/node_modules/@expo-google-fonts/roboto-condensed && \
	  cp 400Regular/*.ttf 700Bold/*.ttf ../../../vendor/fonts/
	@touch $@

# The TypeScript compiler, with which the tests check the published module. npm replaces the whole
# folder, flags included, so that it has to come after they were copied.
static/node_modules/.dev: static/package-lock.json | static/vendor/.npm
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix static --no-progress --silent
	@touch $@

# The tools of those who work on the program, a browser among them.
$(VENV)/.dev: requirements/dev.txt static/vendor/.npm static/node_modules/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.browser: | $(VENV)/.dev
	@$(BIN)/python tests/browser/find.py --install
	@touch $@

# rsync and nginx, for the tests of deploying.
$(VENV)/.servers: | $(VENV)/.dev
	@$(BIN)/python -m tests.deploy.find --install
	@touch $@

ifdef PHOTOS
# Other people's photos are built in a scratch project that version control ignores.
SITE := scratch/$(notdir $(abspath $(PHOTOS)))
site: static/vendor/.npm
	@test -d "$(PHOTOS)" || { echo "PHOTOS=$(PHOTOS): there is no such folder."; exit 1; }
	@mkdir -p scratch
	@test -f "$(SITE)/site.toml" || $(BIN)/bollards init --empty "$(SITE)"
	@rmdir "$(SITE)/photos" 2>/dev/null || true
	@ln -sfn "$(abspath $(PHOTOS))" "$(SITE)/photos"
	$(BIN)/bollards build "$(SITE)"
	@echo "Built from $(PHOTOS) in the scratch project $(SITE); settings: $(SITE)/site.toml"
	@echo "Look at it: $(BIN)/bollards serve $(SITE)"
else
site: static/vendor/.npm
	$(BIN)/bollards build site
	@echo "Look at it: $(BIN)/bollards serve site"
endif

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# A wrong link, anchor or file in a page is a warning of Sphinx's, and fails.
docs: $(VENV)/.dev
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -d docs/_build/.doctrees docs docs/_build
	@echo "The documentation is in docs/_build/index.html"

# Addresses of other websites, too; needs the network.
links: $(VENV)/.dev
	$(BIN)/sphinx-build --quiet -b linkcheck -d docs/_build/.doctrees docs docs/_build/links

test: check docs $(VENV)/.browser $(VENV)/.servers
	$(BIN)/pytest

torture: $(VENV)/.dev
	nice $(BIN)/python -m tests.torture $(if $(TRIES),--tries $(TRIES))

# The tiny encoders of the tests, made anew by the reference implementations, and compared.
test-models: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(BIN)/python -m tests.embed.tiny.make
	$(BIN)/python -m pytest tests/embed/test_named.py

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench $(if $(PHOTOS),--photos "$(PHOTOS)")

train: $(VENV)/.site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(BIN)/python -m generator.training.train --photos "$(PHOTOS)" --out trained.onnx

.PHONY: dist
dist: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/python .ci/supply_chain.py sbom dist/*.whl
	cd dist && sha256sum * > SHA256SUMS

gazetteer: $(VENV)/.dev
	$(BIN)/python -m generator.collect.compile

# Bring the message files up to date with the words in templates and code; what is new is then
# without a translation, which the tests complain of. The glossaries at the top keep their indents.
messages: $(VENV)/.dev
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --no-wrap --sort-output --no-location \
	  --add-comments Translators: --strip-comment-tags --project bollards --output messages.pot .
	for file in locale/*.po; do sed '/^msgid/,$$d' "$$file" > messages.head; \
	  $(BIN)/pybabel -q update --input-file messages.pot --output-file "$$file" \
	  --locale "$$(basename "$$file" .po)" --no-wrap --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date; \
	  sed -e '/^msgid/,$$!d' -e '/^"POT-Creation-Date/d' -e '$${/^$$/d;}' "$$file" | cat messages.head - > messages.body; mv messages.body "$$file"; done
	rm messages.pot messages.head

# Renew the locked lists of packages (needs uv).
lock:
	uv pip compile pyproject.toml --group assets --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements/site.txt
	uv pip compile pyproject.toml --group assets --group dev --group docs --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements/dev.txt
	$(BIN)/python .ci/supply_chain.py licences --write

clean:
	rm -rf $(VENV) scratch docs/_build site/public site/.bollards static/vendor static/node_modules
