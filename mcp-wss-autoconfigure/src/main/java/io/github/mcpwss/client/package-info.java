/**
 * MCP client transport over WebSocket.
 */
@NullMarked
package io.github.mcpwss.client;

import org.jspecify.annotations.NullMarked;
