/**
 * WebSocket endpoint of the MCP server on Reactor Netty, and a listener of its own.
 */
@NullMarked
package io.github.mcpwss.server.reactive;

import org.jspecify.annotations.NullMarked;
