.DEFAULT_GOAL := help

# Programs are run by the JDK that Maven runs on, also where another java is in PATH.
export PATH := $(if $(JAVA_HOME),$(JAVA_HOME)/bin:)$(PATH)

.PHONY: help build test it format demo judge-grid bench-judge bench-start clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

build: ## the launcher and everything behind it, without tests
	./canary --version

test: ## every test that needs nothing but a JDK
	./mvnw verify

it: ## the integration tests on real servers, as CI runs them
	.ci/run

format: ## formats all Java sources
	./mvnw -q spotless:apply

demo: ## a good and a bad release, without a cluster
	./canary demo

judge-grid: ## plays what the judge promises and all figures of docs/judgement.md; fails where a promise is broken
	./mvnw -q -pl core test-compile exec:exec@judge-grid

bench-judge: ## how long one look of the judge takes; fails above what is promised
	./mvnw -q -pl core -Pbench clean test-compile exec:exec@bench-judge

bench-start: ## how long the command takes to start, beside a bare JVM
	hack/bench-start

clean: ## removes everything that was built
	./mvnw -q clean
