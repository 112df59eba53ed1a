.PHONY: run test browser lock reference

run:
	python3 run.py

test:
	python3 run.py test

# The pages in a real browser: needs Chromium (on Debian: apt-get install chromium).
browser:
	.venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r tests/browser/requirements.lock
	.venv/bin/python -m pytest tests/browser

# Needs uv. Takes the newest versions that fit and writes their hashes; read the difference before you commit it.
lock:
	uv pip compile pyproject.toml --extra test --extra cluster --extra parquet --python-version 3.11 --universal --upgrade --generate-hashes \
	  --no-header --no-emit-index-url --no-annotate --quiet --output-file requirements.lock
	uv pip compile --group browser --python-version 3.11 --universal --upgrade --generate-hashes \
	  --no-header --no-emit-index-url --no-annotate --quiet --output-file tests/browser/requirements.lock

# The generated pages of docs/reference, and the outputs shown in README, tutorial and notebook.
reference:
	.venv/bin/python docs/reference/generate.py
	.venv/bin/python docs/outputs.py
	.venv/bin/python docs/notebook.py

# The collection of real readouts that is shipped without their words, from the texts of ../shared/corpus, where they are.
facts:
	.venv/bin/communique facts build ../shared/corpus --jobs 0 -o ingest/collections/us-2021-2023.nq.gz
