/**
 * Auto-configuration of MCP over WebSocket.
 */
@NullMarked
package io.github.mcpwss.autoconfigure;

import org.jspecify.annotations.NullMarked;
