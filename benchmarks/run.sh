#!/bin/sh
# The same tool call over wss and over Streamable HTTP: run.sh [--subjects=...] [--rounds=...]
# See README.md for the options.
set -eu
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)"
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
./mvnw -q -B -ntp -pl benchmarks -am compile dependency:build-classpath \
	-Dmdep.outputFile="$classpath" -Dmdep.includeScope=runtime ${MAVEN_ARGUMENTS:-}
java -cp "benchmarks/target/classes:$(cat "$classpath")" io.github.mcpwss.benchmarks.LoadBenchmark "$@"
