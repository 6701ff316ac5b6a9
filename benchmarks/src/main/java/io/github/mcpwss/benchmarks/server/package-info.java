/**
 * The servers that are compared, each in a process of its own.
 */
@NullMarked
package io.github.mcpwss.benchmarks.server;

import org.jspecify.annotations.NullMarked;
