/**
 * Sample application: an MCP server over wss, and a client that talks to it.
 */
@NullMarked
package io.github.mcpwss.sample;

import org.jspecify.annotations.NullMarked;
