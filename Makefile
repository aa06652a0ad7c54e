# make site         build the example site into site/public/ (PHOTOS=DIR: a site of that folder)
# make check        style, types and unit tests, in about a minute
# make test         style, types, unit, end-to-end and browser tests
# make torture      kills, full disks, power cuts and damage, a thousand of each (TRIES=N: N of each)
# make docs         the documentation as pages in docs/_build/, with its links checked
# make links        check the documentation's links to other websites (needs the network)
# make test-models  make the tiny models of the tests again (needs torch)
# make test-stores  export to the heavy vector stores, too (installs Chroma, LanceDB, Milvus Lite)
# make bench        measure speed and memory (PHOTOS=DIR: also on real photos)
# make messages     update locale/*.po from the words in templates and code
# make gazetteer    make the table of place names again (after a new CLDR or ISO 3166)
# make lock         update the locked lists of packages (needs uv)
# make dist         wheel, source distribution, bill of materials and digests, in dist/
# make train        train the built-in recogniser again (needs torch; PHOTOS=DIR: labelled photos)
# make clean        delete everything that make has made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DELETE_ON_ERROR:
.PHONY: site test check style docs links torture test-models test-stores bench train gazetteer messages lock dist clean

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "bollards needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The program itself and its locked packages; afterwards .venv/bin/bollards runs.
$(VENV)/.site: requirements/site.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the program and the packages it needs. This takes about a minute."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/site.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

# The TypeScript compiler and other npm packages that only the tests need. npm itself is one of the
# locked Python packages. This run also installs what the site needs.
static/node_modules/.dev: static/package-lock.json | $(VENV)/.site
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix static --no-progress --silent
	@touch $@

# If the goals need the packages of the tests, npm installs them first, and runs only once.
ifneq ($(filter-out site train lock clean static/vendor/.npm,$(MAKECMDGOALS)),)
static/vendor/.npm: | static/node_modules/.dev
endif

# From the npm registry: flags, outlines of countries, the runtime that recognises photos in the
# visitor's browser, and the fonts of the pictures for links.
static/vendor/.npm: static/package-lock.json | $(VENV)/.site
	@test static/node_modules/.dev -nt static/package-lock.json || \
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

# The development tools.
$(VENV)/.dev: requirements/dev.txt static/vendor/.npm static/node_modules/.dev
	@echo "Installing the development tools. This takes about a minute."
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
# The site of another folder is built in a scratch project, which version control ignores.
SITE := scratch/$(notdir $(abspath $(PHOTOS)))
site: static/vendor/.npm
	@test -d "$(PHOTOS)" || { echo "PHOTOS=$(PHOTOS): there is no such folder."; exit 1; }
	@mkdir -p "$(SITE)"
	@rmdir "$(SITE)/photos" 2>/dev/null || true
	@ln -sfn "$(abspath $(PHOTOS))" "$(SITE)/photos"
	@test -f "$(SITE)/site.toml" || $(BIN)/bollards init --empty "$(SITE)" >/dev/null
	$(BIN)/bollards build "$(SITE)"
	@echo "Built from $(PHOTOS) in the scratch project $(SITE); settings: $(SITE)/site.toml"
	@echo "Look at it: $(BIN)/bollards serve $(SITE)"
else
site: static/vendor/.npm
	$(BIN)/bollards build site
	@echo "Look at it: $(BIN)/bollards serve site"
endif

# Each worker runs whole files, in the order of tests/conftest.py. Workers share the sites that several
# files need (tests/sites.py).
PYTEST := $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: style
	$(PYTEST) --hypothesis-profile quick -m "not browser and not whole and not slow"

# Sphinx warns of wrong links, anchors and files; each warning fails the target.
docs: $(VENV)/.dev
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -d docs/_build/.doctrees docs docs/_build
	@echo "The documentation is in docs/_build/index.html"

# Links to other websites.
links: $(VENV)/.dev
	$(BIN)/sphinx-build --quiet -b linkcheck -d docs/_build/.doctrees docs docs/_build/links

# tests/docs builds the documentation as `make docs` does.
test: style $(VENV)/.browser $(VENV)/.servers
	$(PYTEST)

torture: $(VENV)/.dev
	nice $(BIN)/python -m tests.torture $(if $(TRIES),--tries $(TRIES))

# The reference implementations make the tiny models of the tests, which are then compared. torch and
# torchvision must be built for each other: transformers loads no model beside another torchvision.
test-models: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]' \
	  open_clip_torch sentencepiece ultralytics
	$(BIN)/python -m tests.embed.tiny.make
	$(BIN)/python -m tests.embed.tiny.make_texts
	$(BIN)/python -m tests.embed.tiny.make_sams
	$(BIN)/python -m tests.isolate.tiny.make
	$(BIN)/python -m tests.isolate.tiny.make_owlvit
	$(BIN)/python -m tests.isolate.tiny.make_grounding
	$(BIN)/python -m pytest tests/embed/test_named.py tests/embed/test_texts.py tests/embed/test_sam.py tests/isolate

# The heavy stores have an environment of their own: they would change packages of the locked one.
test-stores: $(VENV)/.dev
	$(PYTHON) -m venv scratch/stores
	scratch/stores/bin/python -m pip install --quiet --disable-pip-version-check \
	  --editable '.[chroma,faiss,lancedb,milvus,parquet]' pytest hypothesis playwright filelock
	scratch/stores/bin/python -m pytest -p no:cacheprovider tests/stores/heavy.py

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench $(if $(PHOTOS),--photos "$(PHOTOS)")

train: $(VENV)/.site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(BIN)/python -m generator.training.train --photos "$(PHOTOS)" --out trained.onnx

dist: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/python .ci/supply_chain.py sbom dist/*.whl
	cd dist && sha256sum * > SHA256SUMS

gazetteer: $(VENV)/.dev
	$(BIN)/python -m generator.collect.compile

# New messages have no translation afterwards; the tests fail until they have one. sed keeps the
# glossaries at the top, which pybabel would indent differently.
messages: $(VENV)/.dev
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --no-wrap --sort-output --no-location \
	  --add-comments Translators: --strip-comment-tags --project bollards --output messages.pot .
	for file in locale/*.po; do sed '/^msgid/,$$d' "$$file" > messages.head; \
	  $(BIN)/pybabel -q update --input-file messages.pot --output-file "$$file" \
	  --locale "$$(basename "$$file" .po)" --no-wrap --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date; \
	  sed -e '/^msgid/,$$!d' -e '/^"POT-Creation-Date/d' -e '$${/^$$/d;}' "$$file" | cat messages.head - > messages.body; mv messages.body "$$file"; done
	rm messages.pot messages.head

lock:
	uv pip compile pyproject.toml --group assets --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --output-file requirements/site.txt
	uv pip compile pyproject.toml --group assets --group dev --group docs --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements/dev.txt
	$(BIN)/python .ci/supply_chain.py licences --write

clean:
	rm -rf $(VENV) scratch docs/_build site/public site/.bollards static/vendor static/node_modules
