#!/bin/sh
# The heap that idle sessions cost: idle-sessions.sh [HOSTING [SESSIONS [CYCLES]]]
# HOSTING is one of the tests' hostings (TOMCAT, JETTY, ...), CYCLES the number of connects
# and disconnects after which the heap is measured once more.
set -eu
cd "$(dirname "$0")/../.."
ulimit -n "$(ulimit -Hn)"
classpath=$(mktemp)
trap 'rm -f "$classpath"' EXIT
./mvnw -q -B -ntp -pl mcp-wss-autoconfigure test-compile dependency:build-classpath \
	-Dmdep.outputFile="$classpath" -Dmdep.includeScope=test ${MAVEN_ARGUMENTS:-}
java -cp "mcp-wss-autoconfigure/target/classes:mcp-wss-autoconfigure/target/test-classes:$(cat "$classpath")" \
	io.github.mcpwss.memory.IdleSessions "${1:-TOMCAT}" "${2:-2000}" "${3:-0}"
