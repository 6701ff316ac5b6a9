/**
 * WebSocket endpoint of the MCP server on servlet containers.
 */
@NullMarked
package io.github.mcpwss.server.servlet;

import org.jspecify.annotations.NullMarked;
