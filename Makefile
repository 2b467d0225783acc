# Needs: the .NET SDK that global.json names, make, bash; what else is missing, scripts/install-prerequisites fetches with apt.
SHELL := /bin/bash
SOLUTION := Kollect.Core.sln
PROGRAM := artifacts/publish/kollect

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

# A service account may have no home, or one it cannot write: dotnet and NuGet then keep their files here.
ifneq ($(shell test -n "$$HOME" -a -w "$$HOME" && echo writable),writable)
export HOME := $(CURDIR)/artifacts/home
endif

.DEFAULT_GOAL := help
.PHONY: help build demo test check snapshots bench soak manifests release site pictures clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the program: bin/kollect
	@mkdir -p "$$HOME"
	dotnet publish Shell/Host/Kollect.Host.csproj --configuration Release --output $(PROGRAM)
	@mkdir -p bin && ln -sfn ../$(PROGRAM)/kollect bin/kollect
	@echo "built: bin/kollect"

demo: ## Install what is missing, build, and show exports into a private PostgreSQL, then the operator on a stand-in of a cluster
	@mkdir -p "$$HOME"
	@scripts/install-prerequisites demo
	@$(MAKE) --no-print-directory build
	@scripts/demo

test: ## Install what is missing, build, run all tests
	@mkdir -p "$$HOME"
	@scripts/install-prerequisites test
	@scripts/test

check: ## What CI demands: format, build, tests, goldens, and a tree that all this left as it was
	@mkdir -p "$$HOME"
	@scripts/check

snapshots: ## Rewrite the golden files under snapshots/ and the pages under docs/reference/ (read the diff!)
	@mkdir -p "$$HOME"
	@if [ -n "$$CI" ]; then echo "snapshots are not rewritten under CI: run make snapshots on your machine, read the diff, commit it" >&2; exit 1; fi
	@UPDATE_SNAPSHOTS=1 scripts/test
	@git --no-pager diff --stat -- snapshots docs/reference

bench: ## Benchmarks against the yardsticks, into bench.json (BENCH="--quick --only postgres|mongodb|bigquery|operator"; more in docs/benchmarks.md)
	@scripts/install-prerequisites test
	@$(MAKE) --no-print-directory build
	dotnet run --project tests/Benchmarks --configuration Release -- $(BENCH)

soak: ## The long forms of the tests: more kills, more rows, more seeds
	@mkdir -p "$$HOME"
	@scripts/install-prerequisites test
	@KOLLECT_SOAK=1 scripts/test

release: ## Archives of the program, the .NET tool, packages, bill of materials and checksums, into artifacts/release
	@mkdir -p "$$HOME"
	@scripts/release $(VERSION)

manifests: build ## Write artifacts/crds.yaml and artifacts/install.yaml, the installation with its default options
	bin/kollect crds > artifacts/crds.yaml
	bin/kollect install > artifacts/install.yaml

site: ## The documentation as a static site, into artifacts/site
	@scripts/site

pictures: build ## Take the pictures of the documentation anew: docs/images
	@scripts/pictures

clean: ## Remove everything that was built
	rm -rf artifacts bin bench.json
