/**
 * The same tool call over wss and over Streamable HTTP, under load.
 */
@NullMarked
package io.github.mcpwss.benchmarks;

import org.jspecify.annotations.NullMarked;
