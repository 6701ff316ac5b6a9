/**
 * MCP server transport, its sessions and their limits, independent of any web stack.
 */
@NullMarked
package io.github.mcpwss.server;

import org.jspecify.annotations.NullMarked;
